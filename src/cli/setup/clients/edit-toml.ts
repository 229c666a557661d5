/** Edits TOML by whole tables: a library that keeps comments is not to be had. */
import { stringify } from 'smol-toml';

type Entry = Readonly<Record<string, unknown>>;

/** The text with the table at this path at its end, or without it. */
export function editToml(text: string, path: readonly string[], entry: Entry | undefined): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const kept = withoutTable(text, path);
  if (entry === undefined) return kept;
  const value = path.reduceRight<Entry>((inner, key) => ({ [key]: inner }), entry);
  const table = stringify(value).trimEnd().replaceAll('\n', eol);
  const gap = kept.trim() === '' ? '' : `${kept.trimEnd()}${eol}${eol}`;
  return `${gap}${table}${eol}`;
}

/** Leaves out the lines of a table and of those below it, up to the next header. */
function withoutTable(text: string, path: readonly string[]): string {
  const header = new RegExp(`^\\s*\\[\\s*${path.map(keyPattern).join('\\s*\\.\\s*')}\\s*(?:\\.[^\\]]*)?\\]`);
  const kept: string[] = [];
  let isInside = false;
  // Comments above the next header belong to that.
  let pending: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    if (/^\s*\[/.test(line)) {
      isInside = header.test(line);
      if (!isInside) kept.push(...pending);
      pending = [];
    }
    if (!isInside) kept.push(line);
    else if (/^\s*(?:#|$)/.test(line)) pending.push(line);
    else pending = [];
  }
  return kept.join('');
}

function keyPattern(key: string): string {
  const escaped = key.replaceAll(/[^\w]/g, '\\$&');
  return `(?:${escaped}|"${escaped}"|'${escaped}')`;
}
