/**
 * What a simulated API method is: one plain object in a file of its namespace under `methods/`.
 * The dispatcher derives everything else from it: authorisation, validation, jobs, `core.get_methods`.
 */
import type { z } from 'zod';
import type { EventHub } from './events.ts';
import type { JobHandle, JobTable } from './jobs.ts';
import type { SimRelease } from './releases.ts';
import type { SimSession } from './session-state.ts';
import type { World } from './world/world.ts';

/** Positional parameters; trailing ones with a default may be left out by the caller. */
export type SimParams = readonly (readonly [name: string, schema: z.ZodType])[];

/** What a running method can reach. */
export interface MethodContext {
  readonly release: SimRelease;
  readonly world: World;
  readonly session: SimSession;
  readonly jobs: JobTable;
  readonly events: EventHub;
  /** Only for job methods: progress, logs and the abort signal of the running job. */
  readonly job?: JobHandle;
  /** Milliseconds since the epoch, from the simulator's clock. */
  now(): number;
}

/** How a job method behaves in the job table. */
export interface SimJobOptions {
  readonly abortable?: boolean;
  readonly transient?: boolean;
  readonly logs?: boolean;
  /** Jobs with the same lock run one at a time. */
  readonly lock?: string | ((args: readonly unknown[]) => string);
  readonly description?: (args: readonly unknown[]) => string;
}

/** One simulated method. */
export interface SimMethod {
  readonly name: string;
  /** One line for `core.get_methods`, in our own words. */
  readonly description: string;
  /** Releases that have it; all when absent. */
  readonly releases?: readonly SimRelease[];
  /** Roles that grant it directly (expanded upward by the role table). Ignored unless `auth` is `role`. */
  readonly roles?: readonly string[];
  /** `none`: before sign-in; `login`: any signed-in user; `role` (default): by role. */
  readonly auth?: 'none' | 'login' | 'role';
  readonly params?: SimParams | ((release: SimRelease) => SimParams);
  /** Result schema for `core.get_methods`; of the job's result for a job. */
  readonly returns?: z.ZodType;
  /** A query: `run` returns all rows (or an iterable), and the dispatcher applies filters and options. */
  readonly filterable?: boolean;
  readonly job?: SimJobOptions;
  /** Gets validated arguments with defaults filled. Throws CallError or ValidationErrors. */
  run(context: MethodContext, ...args: readonly never[]): unknown;
}
