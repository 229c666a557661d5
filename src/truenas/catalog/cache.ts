import type { ApiMethod } from './types.ts';

/** Full schemas of the methods used last, bounded by their size. */
export interface SchemaCache {
  get(name: string): ApiMethod | undefined;
  add(method: ApiMethod): void;
}

const MAX_CHARACTERS = 1_000_000;

/** An empty cache; the least recently used methods leave first. */
export function createSchemaCache(maxCharacters = MAX_CHARACTERS): SchemaCache {
  const entries = new Map<string, { method: ApiMethod; characters: number }>();
  let total = 0;

  function drop(name: string): void {
    const entry = entries.get(name);
    if (entry === undefined) return;
    total -= entry.characters;
    entries.delete(name);
  }

  return {
    get(name) {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      entries.delete(name);
      entries.set(name, entry);
      return entry.method;
    },
    add(method) {
      const characters = JSON.stringify(method).length;
      drop(method.name);
      if (characters > maxCharacters) return;
      entries.set(method.name, { method, characters });
      total += characters;
      for (const name of entries.keys()) {
        if (total <= maxCharacters) break;
        drop(name);
      }
    },
  };
}
