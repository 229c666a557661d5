/**
 * What a simulated API method is: one plain object in a file of its namespace under `methods/`.
 * The dispatcher derives everything else from it: authorisation, validation, jobs, `core.get_methods`.
 */
import type * as z from 'zod';
import type { Accounts } from '../auth/account-store.ts';
import type { EventHub } from '../session/events.ts';
import type { Internals } from './internals.ts';
import type { JobHandle, JobTable, SimJobOptions } from '../jobs/job-table.ts';
import type { SimRelease } from '../releases.ts';
import type { SimSession } from '../session/session-state.ts';
import type { World } from '../world/world.ts';

export type { SimJobOptions } from '../jobs/job-table.ts';

/** Positional parameters; trailing ones with a default may be left out by the caller. */
export type SimParams = readonly (readonly [name: string, schema: z.ZodType])[];

/** What a running method can reach. */
export interface MethodContext {
  readonly release: SimRelease;
  readonly world: World;
  readonly session: SimSession;
  readonly accounts: Accounts;
  readonly jobs: JobTable;
  readonly events: EventHub;
  /** Only for job methods: progress, logs and the abort signal of the running job. */
  readonly job?: JobHandle;
  /** The server's own parts, for `core.*` and `auth.*`; methods of a NAS namespace have no business with it. */
  readonly internals: Internals;
  /** Milliseconds since the epoch, from the simulator's clock. */
  readonly now: () => number;
  /** Says what an audited call is about, where its arguments do not: the name of the row behind an id. */
  readonly about: (subject: string) => void;
}

/** One simulated method. Two entries may share a name when their releases do not overlap. */
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
  /** Callable, but not in `core.get_methods`. */
  readonly isPrivate?: boolean;
  /** For a filterable method: only what comes before filters and options, which the dispatcher adds. */
  readonly params?: SimParams | ((release: SimRelease) => SimParams);
  /**
   * Result schema for `core.get_methods`; of the job's result for a job; of one row for a filterable method.
   * Parts marked by `secret()` (schema.ts) are replaced by `********` for callers without full administration or
   * one of `secretRoles`.
   */
  readonly returns?: z.ZodType | ((release: SimRelease) => z.ZodType);
  /** Roles that see secrets in the result, e.g. the namespace's `…_WRITE`. */
  readonly secretRoles?: readonly string[];
  /**
   * A query: `run` gets the validated filters and options after its own params, returns all rows (an array or any
   * iterable, rows in the NAS's default order), and the dispatcher applies filters and options.
   */
  readonly filterable?: boolean;
  /** For a query whose options are a model of their own on some release: its filters and options there. */
  readonly ownQueryParams?: (release: SimRelease) => SimParams | undefined;
  /** For a query with rules of its own: `run` has applied filters and options itself and answers the result. */
  readonly answersQuery?: boolean;
  readonly job?: SimJobOptions;
  /** What the audit log calls it, e.g. `Create user`; absent when it is not audited. */
  readonly audited?: string;
  /** The first release that audits it; all when absent. */
  readonly auditedSince?: SimRelease;
  /** Gets validated arguments with defaults filled. Throws CallError or ValidationErrors. */
  run(context: MethodContext, ...args: readonly never[]): unknown;
}
