/** Reads YAML into texts with their lines. Everything is a text here: what a text means is for its setting to say. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';

/** A value of the file. */
export type Entry =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  /** `key:` with nothing behind it, or `null`. */
  | { readonly kind: 'nothing'; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly Entry[]; readonly line: number }
  | { readonly kind: 'map'; readonly entries: readonly MapEntry[]; readonly line: number };

/** A key, and what stands under it. */
export interface MapEntry {
  readonly key: string;
  readonly line: number;
  readonly value: Entry;
}

/** A complaint about a line, which never repeats what stands there: it may be a key. */
export interface LineProblem {
  readonly line: number;
  readonly complaint: string;
}

/** The file's top level; an empty file is an empty mapping. */
export function readDocument(text: string): {
  readonly top: Entry;
  readonly problems: readonly LineProblem[];
} {
  const lines = new LineCounter();
  // `failsafe`: a fingerprint of digits only is no number, and `no` is no boolean.
  const parsed = parseAllDocuments(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  const problems: LineProblem[] = [];
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  for (const document of documents)
    for (const { code, pos } of [...document.errors, ...document.warnings])
      problems.push({ line: lineAt(pos[0]), complaint: COMPLAINTS[code] ?? 'is not YAML here' });
  const [first, second] = documents;
  if (second !== undefined)
    problems.push({ line: lineAt(second.range[0]), complaint: 'begins a second document (---)' });
  const top: Entry =
    first === undefined || first.contents === null || problems.length > 0
      ? { kind: 'map', entries: [], line: 1 }
      : entryOf(first.contents, lineAt, problems);
  return { top: top.kind === 'nothing' ? { kind: 'map', entries: [], line: 1 } : top, problems };
}

/** In our words: those of the parser quote the file. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'is not indented as the lines around it',
  BLOCK_AS_IMPLICIT_KEY:
    'has two colons; put the value into quotes, or the second key onto a line of its own',
  DUPLICATE_KEY: 'has a key that stands in the file already',
  MISSING_CHAR: 'lacks a character, such as a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY: 'has no colon after its key',
  TAB_AS_INDENT: 'is indented with a tab; use spaces',
  BAD_SCALAR_START: 'begins with a character that needs quotes around the value',
  TAG_RESOLVE_FAILED: 'has a tag (!), which is not used here',
};

function entryOf(node: Node, lineAt: (offset: number) => number, problems: LineProblem[]): Entry {
  const line = lineAt(node.range?.[0] ?? 0);
  const none: Entry = { kind: 'nothing', line };
  if (isAlias(node)) {
    problems.push({ line, complaint: 'refers to another value (*), which is not used here' });
    return none;
  }
  if (isScalar(node)) {
    const text = typeof node.value === 'string' ? node.value.trim() : '';
    const isNothing = text === '' || (node.type === 'PLAIN' && /^(?:~|null)$/i.test(text));
    return isNothing ? none : { kind: 'text', text, line };
  }
  if (isSeq<Node>(node))
    return { kind: 'list', items: node.items.map((item) => entryOf(item, lineAt, problems)), line };
  if (!isMap<Node, Node | null>(node)) return none;
  const entries = node.items.flatMap(({ key, value }): MapEntry[] => {
    const keyLine = lineAt(key.range?.[0] ?? 0);
    if (!isScalar(key) || typeof key.value !== 'string') {
      problems.push({ line: keyLine, complaint: 'has a key that is no word' });
      return [];
    }
    const entry: Entry =
      value === null ? { kind: 'nothing', line: keyLine } : entryOf(value, lineAt, problems);
    return [{ key: key.value, line: keyLine, value: entry }];
  });
  return { kind: 'map', entries, line };
}
