/** A call as it is judged. */

/** One call of a change, with the state that was read for it. */
export interface JudgedCall {
  /** Method by the newest name or the one of an older release. */
  readonly method: string;
  readonly params: readonly unknown[];
  /** State before of what the call touches, as the NAS gave it (row or config); `undefined` = not read. */
  readonly before?: unknown;
  /**
   * Facts of its surroundings that were read from the NAS. Known names: `clients` (connected now), `isRunning`, `isNew` (the
   * data it is about is a dataset made in this change, and empty), `shares` (shares, exports and targets with data that reach
   * the place, or that the service would serve), `attachments` (shares, tasks, apps and VMs that hang on it), `takenOver` (snapshots there are that a task begins to delete). A fact that is missing, or of another form, is unknown and lowers nothing.
   */
  readonly facts?: Readonly<Record<string, unknown>>;
}
