/** What became of a change: call by call, and as a re-read of the NAS shows it. */
import type { Difference } from './state.ts';
import type { PlannedCall, State } from './change.ts';

/** What became of one call. */
export interface CallOutcome {
  readonly call: PlannedCall;
  /** `unknown`: it was sent, and no answer came. */
  readonly state: 'done' | 'failed' | 'unknown' | 'not sent';
  /** The NAS's answer to a call that is done, a job's result for a job. Never shown as success by itself. */
  readonly result?: unknown;
  /** For a person: why it failed, or why nothing is known. */
  readonly problem?: string;
  readonly jobId?: number;
}

/** A thing as it was found afterwards. */
export interface TargetOutcome {
  readonly name: string;
  /** `unread`: the NAS could not be asked. */
  readonly found: State | 'absent' | 'unread';
  /** What is not as planned; empty when it is. */
  readonly differences: readonly Difference[];
  /** It was found just as before the change. */
  readonly isAsBefore: boolean;
  readonly problem?: string;
  /** The NAS went away, as planned: nothing more can be known. */
  readonly isAway?: true;
  /** Values that the change does not name, and that are others than before. */
  readonly alsoChanged?: readonly Difference[];
  /** Nothing was promised of it: what there is now is all that can be told. */
  readonly isUnforetold?: true;
}

/**
 * The end of a change.
 * - `applied`: every call is done, and a re-read shows what was planned.
 * - `differs`: the NAS said yes to every call, and a re-read shows something else.
 * - `partly`: some calls are done, a later one failed.
 * - `failed`: nothing was done; the NAS refused the first call.
 * - `unknown`: a call was sent and no answer came, or the result could not be read.
 * - `moved`: nothing was sent, because what it was planned for is not there any more.
 * - `refused`: nothing was sent, because of a gate.
 */
export type OutcomeKind = 'applied' | 'differs' | 'partly' | 'failed' | 'unknown' | 'moved' | 'refused';

/** The end of a change. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly calls: readonly CallOutcome[];
  readonly targets: readonly TargetOutcome[];
  /** For a person: why nothing was sent. */
  readonly reason?: string;
  /** For a person: why audit or journal lack the end of it. */
  readonly unnoted?: string;
  /** Who did it, as the NAS knows them. */
  readonly account?: string;
  readonly endedAtMs: number;
}

/** True when something was, or may have been, changed. */
export function mayHaveChanged({ calls, kind }: Pick<Outcome, 'calls' | 'kind'>): boolean {
  // The first call has failed, and left something behind.
  if (kind === 'partly') return true;
  return calls.some(({ state }) => state === 'done' || state === 'unknown');
}
