/** Edits JSON, with or without comments, by as little text as possible. jsonc-parser's own formatting lays neighbours out anew. */
import { findNodeAtLocation, modify, applyEdits, type Node, parseTree } from 'jsonc-parser';

type Entry = Readonly<Record<string, unknown>>;

/** The text with the value at this path, or without it. */
export function editJson(text: string, path: readonly string[], entry: Entry | undefined): string {
  const source = text.trim() === '' ? '{\n}\n' : text;
  const root = parseTree(source, [], { allowTrailingComma: true });
  if (root === undefined) return source;
  if (entry === undefined) return withoutProperty(source, root, path);
  const layout = layoutOf(source);
  const there = findNodeAtLocation(root, [...path]);
  if (there !== undefined) return replaced(source, there, pretty(entry, path.length, layout));
  const depth = path.findIndex(
    (_key, index) => findNodeAtLocation(root, path.slice(0, index + 1)) === undefined,
  );
  const parent = findNodeAtLocation(root, path.slice(0, depth));
  if (parent?.type !== 'object') return source;
  const value = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), entry);
  return inserted(source, parent, `${JSON.stringify(path[depth])}: ${pretty(value, depth + 1, layout)}`, {
    outer: layout.line(depth),
    inner: layout.line(depth + 1),
  });
}

function inserted(
  text: string,
  { children = [], offset }: Node,
  property: string,
  line: { readonly outer: string; readonly inner: string },
): string {
  const last = children.at(-1);
  // A comma that trails the last one then trails the new one.
  if (last !== undefined) {
    const at = last.offset + last.length;
    return `${text.slice(0, at)},${line.inner}${property}${text.slice(at)}`;
  }
  const rest = text.slice(offset + 1);
  const closes = /^\s*\}/.exec(rest);
  return `${text.slice(0, offset + 1)}${line.inner}${property}${line.outer}${closes === null ? rest : rest.trimStart()}`;
}

function withoutProperty(text: string, root: Node, path: readonly string[]): string {
  const there = findNodeAtLocation(root, [...path]);
  if (there === undefined) return text;
  const edited = applyEdits(text, modify(text, [...path], undefined, {}));
  const left = parseTree(edited, [], { allowTrailingComma: true });
  const parent = left === undefined ? undefined : findNodeAtLocation(left, path.slice(0, -1));
  if (parent === undefined || (parent.children ?? []).length > 0) return edited;
  const inside = edited.slice(parent.offset + 1, parent.offset + parent.length - 1);
  return inside.trim() === '' ? replaced(edited, parent, '{}') : edited;
}

function replaced(text: string, { offset, length }: Node, by: string): string {
  return text.slice(0, offset) + by + text.slice(offset + length);
}

/** How a file is laid out: all in one line, or indented. */
interface Layout {
  readonly indent: string;
  /** The beginning of a line at a depth; empty for a file of one line. */
  readonly line: (depth: number) => string;
}

function layoutOf(text: string): Layout {
  if (!text.trim().includes('\n')) return { indent: '', line: () => '' };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)["/]/.exec(text)?.[1] ?? '  ';
  return { indent, line: (depth) => eol + indent.repeat(depth) };
}

function pretty(value: unknown, depth: number, { indent, line }: Layout): string {
  return JSON.stringify(value, undefined, indent).replaceAll('\n', line(depth));
}
