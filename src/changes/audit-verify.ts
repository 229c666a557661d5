/** Checks the audit of changes: every chain, over the file that is written and those that were moved aside. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { auditKeyFile, KEPT_FILES, keyIn, macOf, unusable } from './audit-chain.ts';
import { type RotatedFile, rotatedFiles } from './rotation.ts';
import { readLines } from './state-folder.ts';

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
  const key = await checkingKey(auditKeyFile(file));
  for (let tries = 1; ; tries += 1) {
    const verdict = await verifyOnce(file, key);
    // A file that was moved aside meanwhile was read twice, or not at all.
    const newest = (await rotatedFiles(file)).at(-1)?.number ?? 0;
    if (newest === verdict.newest || tries === VERIFY_TRIES) return verdict.verdict;
  }
}

const VERIFY_TRIES = 5;

async function verifyOnce(
  file: string,
  key: Buffer,
): Promise<{ readonly verdict: AuditVerdict; readonly newest: number }> {
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
      // Two processes that both found a torn line before theirs have ended it twice.
      if (text === '') continue;
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
  const verdict = { entries, chains: chains.size, problems, unchained };
  return { verdict, newest: rotated.at(-1)?.number ?? 0 };
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

/** The key for checking: whoever looks may be another user than the one who wrote. */
async function checkingKey(path: string): Promise<Buffer> {
  try {
    return keyIn(await readFile(path, 'utf8'));
  } catch (error) {
    throw unusable(path, error);
  }
}
