/** How a job method behaves. */

/** How a job method behaves in the job table. */
export interface SimJobOptions {
  readonly abortable?: boolean;
  /** Emits no events and vanishes when done. */
  readonly transient?: boolean;
  readonly logs?: boolean;
  /** Its work cannot be stopped: an aborted job is told to be over, and works on. */
  readonly isThread?: boolean;
  /** Jobs with the same lock run one at a time. */
  readonly lock?: string | ((args: readonly unknown[]) => string);
  /** Most jobs that may wait for the lock; 5 when absent, 0 refuses with EBUSY while one runs. */
  readonly lockQueueSize?: number;
  /** Roles whose holders see jobs of this method that others started. */
  readonly readRoles?: readonly string[];
  readonly description?: (args: readonly unknown[]) => string;
}
