/** Logs a repeated line once: a NAS that lets in and throws out again for days must not fill the log. */
import type { Log } from '../log.ts';

/** A log that knows which lines it has written. */
export interface LogOnce {
  /** Writes a new line at `level`, a known one at `debug`. */
  write(level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>): void;
  /** Forgets all lines. */
  reset(): void;
}

/** The most lines that are written until {@link LogOnce.reset}. */
const MAX_LINES = 20;

/** Makes a log that has written nothing yet. */
export function createLogOnce(log: Log): LogOnce {
  const written = new Set<string>();
  return {
    write(level, message, details) {
      const line = `${message} ${JSON.stringify(details)}`;
      const isNew = !written.has(line) && written.size < MAX_LINES;
      if (isNew) written.add(line);
      log[isNew ? level : 'debug'](message, details);
    },
    reset: () => written.clear(),
  };
}
