/**
 * The audit of changes: intent before, outcome after, each written through to disk before anything is sent. Entries of a
 * process are chained with a key (HMAC-SHA-256): whoever cannot read the key cannot alter, drop or insert an entry of a
 * chain unseen. Whoever can read it can; the key lies beside the file, for its owner alone.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type RotatedFile, rotate, rotatedFiles } from './rotation.ts';
import { appendDurably, openStateFolder, readLines, StateProblem } from './state-folder.ts';
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
const KEPT_FILES = 10;
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
  // One after the other: the next entry is chained to the one before.
  let queue: Promise<unknown> = Promise.resolve();

  async function append(entry: ChangeAuditEntry): Promise<void> {
    if (chain === undefined && folder !== undefined) await openStateFolder(folder);
    chain ??= { id: randomBytes(9).toString('base64url'), key: await keyOf(file), sequence: 0, last: '' };
    await rotate(file, maxBytes, KEPT_FILES);
    const { at, ...rest } = redact({ at: new Date(now()).toISOString(), ...entry });
    const link = { chain: chain.id, sequence: chain.sequence + 1, previous: chain.last };
    const body = { at, ...rest, ...link };
    const mac = macOf(chain.key, body);
    try {
      await appendDurably(file, JSON.stringify({ ...body, mac }));
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

function macOf(key: Buffer, body: object): string {
  return createHmac('sha256', key).update(canonicalJson(body)).digest('base64url');
}

/** Path of the key of an audit file. */
export function auditKeyFile(file: string): string {
  return join(dirname(file), `${file.slice(dirname(file).length + 1)}.key`);
}

/** Reads the key, and makes it when there is none: of two processes that make it at once, one wins. */
async function keyOf(file: string): Promise<Buffer> {
  const path = auditKeyFile(file);
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(randomBytes(KEY_BYTES).toString('base64url'));
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw unusable(path, error);
  }
  return readKey(path);
}

async function readKey(path: string): Promise<Buffer> {
  let key: Buffer;
  try {
    key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url');
  } catch (error) {
    throw unusable(path, error);
  }
  if (key.length !== KEY_BYTES) throw unusable(path, new Error('it does not hold a key'));
  return key;
}

function unusable(path: string, cause: unknown): StateProblem {
  return new StateProblem({
    summary: `The key of the audit, ${path}, cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
    nextStep: 'Mend the file, or move it and the audit file away together. Nothing was changed on the NAS.',
    cause,
  });
}

/** The result of checking an audit file. */
export interface AuditVerdict {
  readonly entries: number;
  readonly chains: number;
  /** Lines that do not fit, each with the reason. */
  readonly problems: readonly AuditProblem[];
  /** Lines of calls that read: they are in no chain. */
  readonly unchained: number;
}

/** Something that does not fit. */
export interface AuditProblem {
  /** Counted from 1; 0 for the file as a whole. */
  readonly line: number;
  readonly reason: string;
  /** A file that was moved aside; absent for the one that is written. */
  readonly file?: string;
}

/** Checks every chain of a file and of those that were moved aside. @throws StateProblem when the file or its key cannot be read. */
export async function verifyAudit(file: string): Promise<AuditVerdict> {
  const key = await readKey(auditKeyFile(file));
  const chains = new Map<string, { sequence: number; last: string }>();
  const rotated = await rotatedFiles(file);
  const problems = missingFiles(file, rotated);
  // Numbers begin with 1: while that file is there, nothing was ever removed.
  const isWhole = rotated.length === 0 || rotated[0]?.number === 1;
  let entries = 0;
  let unchained = 0;
  for (const path of [...rotated.map((each) => each.path), file]) {
    const place = path === file ? {} : { file: basename(path) };
    for (const [index, text] of (await readLines(path)).entries()) {
      const entry = parsed(text);
      if (entry?.mac === undefined && entry !== undefined) {
        unchained += 1;
        continue;
      }
      entries += entry === undefined ? 0 : 1;
      const reason = entry === undefined ? 'it is not an entry' : judge(entry, chains, { key, isWhole });
      if (reason !== undefined) problems.push({ line: index + 1, reason, ...place });
    }
  }
  return { entries, chains: chains.size, problems, unchained };
}

/** The oldest are removed only when as many are kept; the numbers of those have no gap. */
function missingFiles(file: string, rotated: readonly RotatedFile[]): AuditProblem[] {
  const last = rotated.at(-1)?.number ?? 0;
  const there = new Set(rotated.map(({ number }) => number));
  const expected = Array.from({ length: Math.min(last, KEPT_FILES) }, (_none, index) => last - index);
  return expected
    .filter((number) => !there.has(number))
    .map((number) => ({ line: 0, reason: 'it is missing', file: `${basename(file)}.${number}` }))
    .toReversed();
}

interface ChainedEntry extends Readonly<Record<string, unknown>> {
  readonly chain?: unknown;
  readonly sequence?: unknown;
  readonly mac?: unknown;
}

function judge(
  { mac, ...body }: ChainedEntry,
  chains: Map<string, { sequence: number; last: string }>,
  { key, isWhole }: { readonly key: Buffer; readonly isWhole: boolean },
): string | undefined {
  const { chain, sequence, previous } = body;
  if (typeof chain !== 'string' || typeof sequence !== 'number' || typeof mac !== 'string')
    return 'it has no place in a chain';
  const before = chains.get(chain);
  chains.set(chain, { sequence, last: mac });
  if (macOf(key, body) !== mac) return 'it was altered';
  // Rotation takes the beginning of a long chain away; in a file that was never rotated it must be there.
  if (before === undefined && !isWhole) return undefined;
  const { sequence: lastSequence, last } = before ?? { sequence: 0, last: '' };
  if (sequence !== lastSequence + 1 || previous !== last)
    return `entry ${sequence} of its chain follows entry ${lastSequence}: entries are missing or out of order`;
  return undefined;
}

function parsed(line: string): ChainedEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
