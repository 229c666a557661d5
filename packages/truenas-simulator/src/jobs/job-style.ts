/** In what the job tables of the releases differ. */
import { describeFailure } from '../errors/failure.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { JobExceptionInfo, JobProgress } from './job-row.ts';

/** How a job failed, as its row tells it. */
export interface JobFailure {
  readonly text: string;
  readonly traceback: string;
  readonly info: JobExceptionInfo;
}

/** What a job table does its own way. */
export interface JobStyle {
  /** Rows know the ids of the messages that started them. */
  readonly keepsMessageIds: boolean;
  /** Before anything was said about it. */
  readonly firstProgress: JobProgress;
  /** An event tells that a job begins to run. */
  readonly tellsStart: boolean;
  /** Percents have fractions, and every word about progress is told, new or not. */
  readonly tellsEveryProgress: boolean;
  describe(error: unknown): JobFailure;
}

/** The style of a release with the newer protocol. */
export function jobStyle(release: SimRelease): JobStyle {
  return {
    keepsMessageIds: isAtLeast(release, '25.10'),
    firstProgress: { percent: 0, description: '', extra: null },
    tellsStart: true,
    tellsEveryProgress: false,
    describe: describeFailure,
  };
}
