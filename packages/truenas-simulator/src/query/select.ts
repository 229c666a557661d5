/** `select`: rows cut down to the wanted keys, nested as they were; `[path, name]` puts a value under a new name. */
import { failed } from './error.ts';
import { isObject, splitPath } from './path.ts';

/** Cuts a row down. @throws QueryError (ValueError) when a path leads into a list */
export type Projection = (row: unknown) => Record<string, unknown>;

interface Column {
  readonly parts: readonly string[];
  readonly name: string | null;
}

/** Compiles a `select` that `checkSelect` let through. */
export function compileSelect(select: readonly (string | readonly unknown[])[]): Projection {
  const columns = select.map((item): Column => {
    if (typeof item === 'string') return { parts: splitPath(item), name: null };
    return { parts: splitPath(String(item[0])), name: String(item[1]) };
  });
  return (row) => {
    const out: Record<string, unknown> = {};
    for (const column of columns) put(out, row, column);
    return out;
  };
}

function put(out: Record<string, unknown>, row: unknown, column: Column): void {
  const { parts, name } = column;
  const keys: string[] = [];
  let value = row;
  for (const part of parts) {
    if (Array.isArray(value)) throw failed('Selecting by list index is not supported', 'ValueError');
    if (!isObject(value)) continue;
    if (!Object.hasOwn(value, part)) return;
    value = value[part];
    keys.push(part);
  }
  if (name !== null) {
    out[name] = value;
    return;
  }
  let target = out;
  for (const key of keys.slice(0, -1)) {
    const inner = target[key];
    const next = isObject(inner) ? { ...inner } : {};
    target[key] = next;
    target = next;
  }
  const last = keys.at(-1);
  if (last !== undefined) target[last] = value;
}

/** True when sorting by `path` gives the same on whole rows as on selected ones. */
export function isCovered(path: string, select: readonly (string | readonly unknown[])[]): boolean {
  const top = splitPath(path)[0];
  const isRenamedOver = select.some((item) => typeof item !== 'string' && item[1] === top);
  return (
    !isRenamedOver &&
    select.some((item) => typeof item === 'string' && (item === path || path.startsWith(`${item}.`)))
  );
}
