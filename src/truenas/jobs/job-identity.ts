/**
 * Whether a job is the one that a call started. A number does not tell: a full queue answers with the number of a job that
 * waits there already, whatever that one is to do (PROTOCOL section 14).
 */
import type { CallOptions, ReadClient, WireValue } from '../client.ts';
import type { SentJob } from '../errors.ts';
import { type Filter, query } from '../query.ts';
import { isAtLeast } from '../releases.ts';
import { namesIn } from '../renames.ts';
import { JOB_FIELDS, type Job, readJob } from './job.ts';
import { compareArguments } from './same-arguments.ts';

/**
 * - `ours`: the call started it.
 * - `joined`: another call started it, with the very same arguments, and ours was put to it.
 * - `same`, `alike`: the NAS keeps no message ids (25.04); the arguments are the same, or are so as far as they are shown.
 * - `other`: none of these.
 */
export type JobIdentity = 'ours' | 'joined' | 'same' | 'alike' | 'other';

/** A job, and whose it is. */
export interface IdentifiedJob {
  readonly job: Job;
  readonly identity: JobIdentity;
}

/**
 * The newest jobs that pass, newest first, each compared with the call.
 * @throws TrueNasError as a read does
 */
export async function identifiedJobs(
  read: Pick<ReadClient, 'call' | 'release'>,
  sent: SentJob,
  filter: Filter | undefined,
  options?: CallOptions,
): Promise<IdentifiedJob[]> {
  const release = await read.release(options);
  const names = [...new Set(namesIn(release, sent.method))];
  const select = [...JOB_FIELDS, 'arguments', ...(isAtLeast(release, '25.10') ? ['message_ids'] : [])];
  const filters = [filter ?? (['method', 'in', names] as const)];
  const parts = { filters, select, orderBy: ['-id'], limit: MOST_JOBS };
  const rows = await read.call('core.get_jobs', query(parts), options);
  return (Array.isArray(rows) ? rows : []).flatMap((row) => identify(row, sent, names) ?? []);
}

/** Of one method; more would have to begin within the time that a lost connection takes. */
const MOST_JOBS = 100;

function identify(row: WireValue, sent: SentJob, names: readonly string[]): IdentifiedJob | undefined {
  const job = readJob(row);
  if (job === undefined) return undefined;
  if (!names.includes(job.method)) return { job, identity: 'other' };
  const { message_ids: ids, arguments: shown = null } = row as { [key: string]: WireValue };
  const comparison = compareArguments(sent.params, shown);
  if (Array.isArray(ids) && ids.length > 0) {
    if (ids[0] === sent.messageId) return { job, identity: 'ours' };
    // A hidden argument may differ, and the job that waits will use its own.
    const isJoined = ids.includes(sent.messageId) && comparison === 'same';
    return { job, identity: isJoined ? 'joined' : 'other' };
  }
  if (comparison === 'different') return { job, identity: 'other' };
  return { job, identity: comparison === 'same' ? 'same' : 'alike' };
}
