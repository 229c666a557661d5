/** What a change is before anybody agreed to it: plain data that says what would be sent, and what that would mean. */

/** One API call of a change, in the order in which they are sent. */
export interface PlannedCall {
  /** Method by canonical name. */
  readonly method: string;
  readonly params: readonly unknown[];
  /** What it is for, as a person would say it: `create the dataset tank/photos`. */
  readonly purpose: string;
}

/** A planned change. Making one sends nothing that writes. */
export interface Change {
  /** One line that names what is changed: `Create dataset tank/photos`. */
  readonly summary: string;
  readonly calls: readonly [PlannedCall, ...PlannedCall[]];
  /** State before and after of the fields concerned, as lines that a person reads. */
  readonly diff: readonly string[];
  /** What hangs on the thing: shares, snapshots, clients; bytes and counts lost. */
  readonly impact: readonly string[];
  /** The calls that restore the state before, or why there are none. */
  readonly undo: readonly PlannedCall[] | { readonly impossible: string };
}
