/**
 * The audit trail: one line of JSON for every call that a client made, appended to a file the operator owns. It holds
 * the question and the outcome, never an answer and never a secret. A full or blocked disk must not hold up calls:
 * unwritten entries wait within bounds, and the file counts those that had to be dropped.
 */
import type { Redactor } from '../output/redact/redactor.ts';
import type { Log } from '../truenas/log.ts';
import { openAuditFile } from './audit-file.ts';

/** One call, or the start of the server. */
export interface AuditEntry extends Readonly<Record<string, unknown>> {
  /** `start`, or `call`. */
  readonly event: string;
}

/** Takes entries. */
export interface AuditTrail {
  /** Notes an entry with the time; returns at once and never throws. */
  record(entry: AuditEntry): void;
  /** Resolves when every entry has been written or tried once more. */
  close(): Promise<void>;
}

/** Parts of a trail. */
export interface AuditOptions {
  readonly file: string;
  readonly redactor: Pick<Redactor, 'value'>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Longest line, in characters; the arguments of a longer one are left out. */
const MAX_LINE = 8192;
/** Longest reason, name of a tool and URI, in characters: clients choose the names, and a NAS may word the reason. */
const MAX_WORDS = 300;
/** Most that waits for a full or blocked disk. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Makes a trail; the file is opened for each batch, so that it may be moved away at any time. */
export function createAuditTrail({ file, redactor, log, now = Date.now }: AuditOptions): AuditTrail {
  let waiting: Buffer = Buffer.alloc(0);
  let lost = 0;
  let isFailing = false;
  let writing: Promise<void> | undefined;

  function enqueue(entry: AuditEntry): void {
    const line = Buffer.from(`${lineOf({ at: new Date(now()).toISOString(), ...entry }, redactor)}\n`);
    if (waiting.length + line.length > MAX_WAITING_BYTES) lost += 1;
    else waiting = Buffer.concat([waiting, line]);
  }

  async function writeAll(): Promise<void> {
    try {
      const handle = await openAuditFile(file);
      try {
        while (waiting.length > 0) {
          const { bytesWritten } = await handle.write(waiting);
          // If the rest fails, the part on the disk must not be written again.
          waiting = waiting.subarray(bytesWritten);
          if (waiting.length === 0 && lost > 0) {
            const count = lost;
            lost = 0;
            enqueue({ event: 'lost', count });
          }
        }
      } finally {
        await handle.close();
      }
      if (isFailing) log.info('the audit file can be written again', { file });
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error('the audit file cannot be written; calls go on without it', { file, error });
      isFailing = true;
    }
  }

  function start(): void {
    writing ??= writeAll().finally(() => {
      writing = undefined;
      if (waiting.length > 0 && !isFailing) start();
    });
  }

  return {
    record(entry) {
      enqueue(entry);
      start();
    },
    async close() {
      await writing;
      if (waiting.length > 0) {
        start();
        await writing;
      }
      if (waiting.length > 0 || lost > 0) log.error('entries of the audit trail were lost', { file });
    },
  };
}

function lineOf(entry: AuditEntry, redactor: Pick<Redactor, 'value'>): string {
  const whole = redactor.value(entry);
  // Cut after redaction: half a secret would not be recognised.
  const clean: Record<string, unknown> = { ...whole };
  for (const key of ['tool', 'resource', 'completion', 'reason']) {
    const words = clean[key];
    if (typeof words === 'string') clean[key] = words.slice(0, MAX_WORDS);
  }
  const line = JSON.stringify(clean);
  if (line.length <= MAX_LINE) return line;
  const { arguments: left, ...rest } = clean;
  return JSON.stringify({ ...rest, argumentsCharacters: JSON.stringify(left)?.length });
}
