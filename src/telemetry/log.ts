/** The diagnostic log: stderr only, one line per entry, redacted, nothing that could move a terminal's cursor. */
import type { Redactor } from '../output/redact/redactor.ts';
import type { Log } from '../truenas/log.ts';

/** Levels in descending urgency. */
const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** How much to write. */
export type LogLevel = (typeof LEVELS)[number];

/** What a log is made of. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly redactor: Pick<Redactor, 'text' | 'value'>;
  /** Takes one line with its line end; stderr when absent. */
  readonly write?: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Longest entry; a middle part beyond it is left out. */
const ENTRY_LIMIT_CHARACTERS = 8192;

/** Makes a log. It never throws: what cannot be written is dropped. */
export function createLog({ level, redactor, write = writeToStderr, now = Date.now }: LogOptions): Log {
  const emit = (of: LogLevel, message: string, details: Readonly<Record<string, unknown>> | undefined) => {
    if (LEVELS.indexOf(of) > LEVELS.indexOf(level)) return;
    const suffix = details === undefined ? '' : ` ${detailsText(redactor.value(readable(details)))}`;
    const entry = shortened(oneLine(redactor.text(`${message}${suffix}`)));
    write(`${new Date(now()).toISOString()} ${of} ${entry}\n`);
  };
  return {
    debug: (message, details) => emit('debug', message, details),
    info: (message, details) => emit('info', message, details),
    warn: (message, details) => emit('warn', message, details),
    error: (message, details) => emit('error', message, details),
  };
}

/** What may wait for a reader of stderr; lines beyond it are dropped. */
const UNREAD_LIMIT_BYTES = 256 * 1024;

let isGuarded = false;

/** Writes to stderr; a reader that went away is no reason to fail. */
export function writeToStderr(line: string): void {
  if (!isGuarded) {
    isGuarded = true;
    process.stderr.on('error', () => {});
  }
  // A client may never read it: what is kept for it must not grow for months.
  if (process.stderr.writableLength < UNREAD_LIMIT_BYTES) process.stderr.write(line);
}

/** An Error has no enumerable properties and would be logged as `{}`. */
function readable(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      value instanceof Error ? `${value.name}: ${value.message}` : value,
    ]),
  );
}

function detailsText(details: unknown): string {
  try {
    return (
      JSON.stringify(details, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ) ?? ''
    );
  } catch {
    return '[details that cannot be shown]';
  }
}

/** Line breaks, other control characters and bidirectional overrides become visible escapes. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function shortened(text: string): string {
  if (text.length <= ENTRY_LIMIT_CHARACTERS) return text;
  const half = ENTRY_LIMIT_CHARACTERS / 2;
  return `${text.slice(0, half)}… (${text.length - ENTRY_LIMIT_CHARACTERS} characters left out) …${text.slice(-half)}`;
}
