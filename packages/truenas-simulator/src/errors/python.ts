/** How the NAS's language names and prints values: its texts are full of them. */

/** The name of a value's type. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Date) return 'datetime.datetime';
  return value instanceof Set ? 'set' : 'dict';
}

/** A value as `repr()` prints it. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' && Number.isNaN(value)) return 'nan';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return `<${typeof value}>`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${[...value].map(pythonRepr).join(', ')}}`;
  if (value instanceof Date) return dateRepr(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${quoted(key)}: ${pythonRepr(inner)}`)
    .join(', ')}}`;
}

/** A value as `str()` prints it, and as it stands in an f-string: text without quotes. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Single quotes, unless the text has some and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\n\r\t'\p{Cc}\p{Cs}]/gu, (char) => {
    if (char === "'") return quote === "'" ? "\\'" : char;
    return ESCAPES[char] ?? escapeOf(char.codePointAt(0) ?? 0);
  });
  return `${quote}${body}${quote}`;
}

function escapeOf(code: number): string {
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

function dateRepr(date: Date): string {
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const minutes = [date.getUTCMinutes(), ...(date.getUTCSeconds() === 0 ? [] : [date.getUTCSeconds()])];
  return `datetime.datetime(${[...parts, ...minutes].join(', ')}, tzinfo=datetime.timezone.utc)`;
}
