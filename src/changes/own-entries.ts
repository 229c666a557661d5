/**
 * Changes that this process made. The journal's file may be altered by whoever can write to it: what the process remembers
 * itself is believed, what only the file says is not.
 */
import type { JournalEntry } from './journal.ts';

/** Entries of this process, by the id of the change. */
export interface OwnEntries {
  find(id: string): JournalEntry | undefined;
  remember(this: void, entry: JournalEntry): void;
}

/** Makes an empty memory; it forgets the oldest entry beyond its bound. */
export function createOwnEntries(): OwnEntries {
  const entries = new Map<string, JournalEntry>();
  return {
    find: (id) => entries.get(id),
    remember(entry) {
      entries.set(entry.id, entry);
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    },
  };
}

const MAX_ENTRIES = 500;
