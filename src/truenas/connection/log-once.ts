/** Logs what is new: a NAS that lets in and throws out again for days must not fill the log with the same few lines. */
import type { Log } from '../log.ts';

/** What is said once, until it is forgotten. */
export interface News {
  /** At `level` when it is new, else at `debug`. */
  tell(level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>): void;
  /** What is said from now on is new again. */
  forget(): void;
}

/** How many different things are told at most. */
const MOST_TOLD = 20;

/** Nothing has been told yet. */
export function createNews(log: Log): News {
  const told = new Set<string>();
  return {
    tell(level, message, details) {
      const line = `${message} ${JSON.stringify(details)}`;
      const isNew = !told.has(line) && told.size < MOST_TOLD;
      if (isNew) told.add(line);
      log[isNew ? level : 'debug'](message, details);
    },
    forget: () => told.clear(),
  };
}
