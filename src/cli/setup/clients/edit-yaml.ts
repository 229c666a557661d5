/** Edits YAML by whole lines: written by the library, the rest of the file would be laid out anew. */
import { isMap, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';

type Entry = Readonly<Record<string, unknown>>;

/** The text with the entry under a key of the top, or without it; the same text where that cannot be done by lines. */
export function editYaml(
  text: string,
  [under = '', name = '']: readonly string[],
  entry: Entry | undefined,
): string {
  const { contents } = parseDocument(text);
  const group = isMap(contents) ? pairOf(contents, under) : undefined;
  if (group === undefined)
    return entry === undefined ? text : atEnd(text, stringified({ [under]: { [name]: entry } }, text));
  const { value } = group;
  if (!isMap(value) || value.items.length === 0) {
    const isEmpty = value === null || (isScalar(value) && value.value === null) || isMap(value);
    return entry === undefined || !isEmpty
      ? text
      : emptyFilled(text, group, stringified({ [name]: entry }, text, '  '));
  }
  if (value.flow === true) return text;
  const indent = ' '.repeat(columnOf(text, startOf(value.items[0])));
  const block = entry === undefined ? '' : stringified({ [name]: entry }, text, indent);
  const there = pairOf(value, name);
  const from = there === undefined ? endOf(text, value) : lineStart(text, startOf(there));
  const to = there === undefined ? from : endOfItem(text, value, there);
  if (there !== undefined && entry === undefined && value.items.length === 1)
    // A key without a value is not the empty map that it was.
    return `${text.slice(0, lineStart(text, startOf(group)))}${under}: {}\n${text.slice(to)}`;
  const before = text.slice(0, from);
  return `${before}${block !== '' && before !== '' && !before.endsWith('\n') ? eolOf(text) : ''}${block}${text.slice(to)}`;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(({ key: each }) => isScalar(each) && each.value === key);
}

function startOf(pair: Pair | undefined): number {
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** After the last line of the values, before comments that belong to what follows. */
function endOf(text: string, { range }: YAMLMap): number {
  const end = range?.[1] ?? text.length;
  const next = text.indexOf('\n', Math.max(0, end - 1));
  return next < 0 ? text.length : next + 1;
}

/** The beginning of the next item, or the end of the map. */
function endOfItem(text: string, map: YAMLMap, item: Pair): number {
  const next = map.items[map.items.indexOf(item) + 1];
  return next === undefined ? endOf(text, map) : lineStart(text, startOf(next));
}

/** `extensions:` and `extensions: {}`. */
function emptyFilled(text: string, group: Pair, block: string): string {
  const start = startOf(group);
  const next = text.indexOf('\n', start);
  const line = text.slice(start, next < 0 ? text.length : next);
  const rest = next < 0 ? '' : text.slice(next + 1);
  const head = line.replace(/:\s*(?:\{\s*\}|~|null)?(?=\s*(?:#|$))/, ':').trimEnd();
  return `${text.slice(0, start)}${head}${eolOf(text)}${block}${rest}`;
}

function atEnd(text: string, block: string): string {
  return text === '' || text.endsWith('\n') ? text + block : text + eolOf(text) + block;
}

function stringified(value: object, text: string, indent = ''): string {
  return stringify(value, { lineWidth: 0 })
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join(eolOf(text));
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
