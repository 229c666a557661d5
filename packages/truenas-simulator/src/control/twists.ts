/** Faults that change what a call does, while the NAS answers as if nothing were wrong. */
import { CallError, ERRNO } from '../errors/exceptions.ts';
import type { JobHandle, JobTable } from '../jobs/job-table.ts';
import type { Fault } from './faults.ts';

/** A fault of this kind takes effect inside the call. */
export type Twist = Extract<
  Fault,
  { kind: 'pretend' | 'half' | 'job-fails' | 'job-aborts' | 'job-stays' | 'job-lost' }
>;

const KINDS: ReadonlySet<string> = new Set([
  ...['pretend', 'half', 'job-fails', 'job-aborts', 'job-stays', 'job-lost'],
]);

/** The fault, if it is one that takes effect inside the call. */
export function twistOf(fault: Fault): Twist | undefined {
  return KINDS.has(fault.kind) ? (fault as Twist) : undefined;
}

/** Arguments as the call is executed with: of a call that is done half, without the fields that are left undone. */
export function twistedArguments(args: readonly unknown[], twist: Twist | undefined): readonly unknown[] {
  if (twist?.kind !== 'half') return args;
  const undone = new Set(twist.without);
  return args.map((arg) => {
    if (arg === null || typeof arg !== 'object' || Array.isArray(arg)) return arg;
    return Object.fromEntries(Object.entries(arg).filter(([name]) => !undone.has(name)));
  });
}

/**
 * Runs the work of a call under a twist; `job` is absent for a method that is none.
 * @throws CallError as the NAS fails
 */
export async function runTwisted(
  twist: Twist,
  jobs: JobTable,
  job: JobHandle | undefined,
  work: () => unknown,
): Promise<unknown> {
  switch (twist.kind) {
    case 'pretend':
      return twist.result ?? true;
    case 'half':
      return work();
    case 'job-fails':
      if (twist.isDone === true) await work();
      throw new CallError(twist.error ?? 'The job failed', twist.errno ?? ERRNO.EFAULT);
    case 'job-aborts':
      if (twist.isDone === true) await work();
      if (job !== undefined) jobs.abort(job.id);
      throw new CallError('Job was aborted', ERRNO.ECANCELED);
    case 'job-stays':
      if (twist.isDone === true) await work();
      return new Promise((_resolve, reject) => {
        job?.signal.addEventListener('abort', () =>
          reject(new CallError('Job was aborted', ERRNO.ECANCELED)),
        );
      });
    case 'job-lost':
      if (twist.isDone !== false) await work();
      if (job !== undefined) jobs.forget(job.id);
      return null;
  }
}
