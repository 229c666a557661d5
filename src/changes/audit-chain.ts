/**
 * The audit of changes: intent before, outcome after, each written through to disk before anything is sent. Entries of a
 * process are chained with a key (HMAC-SHA-256): whoever cannot read the key cannot alter, drop or insert an entry of a
 * chain unseen. Whoever can read it can; the key lies beside the file, for its owner alone.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isLarge, rotate } from './rotation.ts';
import {
  createOnce,
  durableLines,
  isAbsent,
  openStateFolder,
  readOwn,
  StateProblem,
} from './state-folder.ts';
import { canonicalJson } from './state.ts';

/** What is noted of a change, beside the time. */
export interface ChangeAuditEntry extends Readonly<Record<string, unknown>> {
  /** `change.intent`, `change.call`, `change.outcome`, `change.refused`. */
  readonly event: string;
}

/** Takes entries, durably. */
export interface ChangeAudit {
  /** Resolves when the entry is on the disk. @throws StateProblem when it cannot be written: nothing may be sent then. */
  record(entry: ChangeAuditEntry): Promise<void>;
}

/** Parts of an audit. */
export interface ChangeAuditOptions {
  readonly file: string;
  readonly redact: <Value>(value: Value) => Value;
  readonly now: () => number;
  /** The folder of TRUENAS_STATE_DIR, where the file lies in it: made when it is absent. */
  readonly folder?: string | undefined;
  /** Size at which the file is moved aside, in bytes; 16 MB when absent. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** Files that were moved aside and are kept: with the one that is written, 176 MB at most. */
export const KEPT_FILES = 10;
const KEY_BYTES = 32;

interface Chain {
  readonly id: string;
  readonly key: Buffer;
  sequence: number;
  last: string;
}

/** Makes the audit of this process; key and chain are made with the first entry. */
export function createChangeAudit({
  file,
  folder,
  redact,
  now,
  maxBytes = MAX_BYTES,
}: ChangeAuditOptions): ChangeAudit {
  let chain: Chain | undefined;
  const lines = durableLines(file);
  // One after the other: the next entry is chained to the one before.
  let queue: Promise<unknown> = Promise.resolve();

  async function append(entry: ChangeAuditEntry): Promise<void> {
    if (chain === undefined && folder !== undefined) await openStateFolder(folder);
    chain ??= { id: randomBytes(9).toString('base64url'), key: await keyOf(file), sequence: 0, last: '' };
    if (isLarge(lines, maxBytes)) await rotate(file, maxBytes, KEPT_FILES);
    const { at, ...rest } = redact({ at: new Date(now()).toISOString(), ...entry });
    const link = { chain: chain.id, sequence: chain.sequence + 1, previous: chain.last };
    const body = { at, ...rest, ...link };
    const mac = macOf(chain.key, body);
    try {
      await lines.append(JSON.stringify({ ...body, mac }));
    } catch (error) {
      // It may be on the disk all the same: an entry after it in the same chain would look like an inserted one.
      chain = undefined;
      throw error;
    }
    chain.sequence += 1;
    chain.last = mac;
  }

  return {
    record(entry) {
      const done = queue.then(() => append(entry));
      queue = done.catch(() => {});
      return done;
    },
  };
}

/** The code of an entry under a key: it changes with any of its fields. */
export function macOf(key: Buffer, body: object): string {
  return createHmac('sha256', key).update(canonicalJson(body)).digest('base64url');
}

/** Path of the key of an audit file. */
export function auditKeyFile(file: string): string {
  return join(dirname(file), `${file.slice(dirname(file).length + 1)}.key`);
}

/** Reads the key, and makes it when there is none: of two processes that make it at once, one wins. */
async function keyOf(file: string): Promise<Buffer> {
  const path = auditKeyFile(file);
  const make = async (error: unknown): Promise<string> => {
    if (!isAbsent(error)) throw error;
    await createOnce(path, randomBytes(KEY_BYTES).toString('base64url'));
    return readOwn(path);
  };
  try {
    return keyIn(await readOwn(path).catch(make));
  } catch (error) {
    throw unusable(path, error);
  }
}

/** The key in the text of its file. @throws Error when it is none */
export function keyIn(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error('it does not hold a key');
  return key;
}

/** @returns what to say of a key that cannot be used */
export function unusable(path: string, cause: unknown): StateProblem {
  return new StateProblem({
    summary: `The key of the audit, ${path}, cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
    nextStep: 'Mend the file, or move it and the audit file away together. Nothing was changed on the NAS.',
    cause,
  });
}
