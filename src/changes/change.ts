/**
 * What a change is before anybody agreed to it: plain data that says what would be sent, to what, and what that means.
 * Tools make it with a client that cannot write; only the executor of this folder sends it.
 */

/** State of a thing on the NAS: values by dotted path into its row. */
export type State = Readonly<Record<string, unknown>>;

/** A read that shows one thing: an object, or a list of at most one row. */
export interface StateRead {
  /** Method by canonical name, among the `uses` of the tool. */
  readonly method: string;
  /** May hold {@link ResultReference}s: until those calls are done, there is no such thing. */
  readonly params: readonly unknown[];
  /** For a method that answers all rows and takes no filters: the row whose field has this value. */
  readonly where?: readonly [field: string, value: unknown];
  /** Text of the NAS's error that says there is none, where the method gives no error number for it. */
  readonly absentText?: string;
  /** The whole list is the thing: its state is `{ rows: […] }`, compared row by row. */
  readonly isList?: true;
}

/** A value that an earlier call of the same change answers with; it stands for itself until that call is done. */
export interface ResultReference {
  readonly $result: { readonly call: number; readonly path: string };
}

/**
 * A secret that a person types at the approval, or that an entry of TRUENAS_SECRETS_DIR gives. It stands in the field that
 * the secret fills; see secrets.ts.
 */
export interface SecretPlaceholder {
  readonly $secret: {
    /** Name of the target that it belongs to: `dataset tank/photos`. */
    readonly of: string;
    /** It is chosen now, not known already: a person types it twice. */
    readonly isNew?: true;
  };
}

/**
 * Stands in the undo of a delete for a value of what another call of the same undo makes anew: ids do not come back. Where
 * that call is left out, because its thing was not deleted, `otherwise` holds.
 */
export interface RemadeReference {
  readonly $remade: { readonly thing: string; readonly path: string; readonly otherwise: unknown };
}

/** One API call of a change, in the order in which they are sent. */
export interface PlannedCall {
  /** Method by canonical name. */
  readonly method: string;
  /** May hold {@link ResultReference}s of calls before it, and {@link SecretPlaceholder}s. */
  readonly params: readonly unknown[];
  /** What it is for, as a person would say it: `create the dataset tank/photos`. */
  readonly purpose: string;
  /** State of what it touches, as the NAS gave it: the judgement of its risk compares. */
  readonly before?: unknown;
  /** Facts of its surroundings that the plan read, for the judgement: `{ clients: 3 }`. An absent fact is unknown. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /**
   * Its parameters come from whoever asked, and not from code that knows the method: before anything is sent they are held
   * against the schema that the NAS shows to the account that makes the change.
   */
  readonly isGeneric?: true;
  /** Roles of which any one grants it, as the NAS says; for methods that this program has no roles of. */
  readonly grantedBy?: readonly string[];
  /** Fields of what it makes whose value is that of the NAS when they are left out: they make no other change of it. */
  readonly idle?: readonly string[];
}

/** A state to come: `present` promises that the thing is there and no more, `unforetold` not even that. */
export type Afterwards = State | 'absent' | 'present' | 'unforetold';

/** One thing on the NAS that a change touches. */
export interface Target {
  /** What it is called: `dataset tank/photos`. */
  readonly name: string;
  /** The dataset that it hangs on, for the scope; absent when it hangs on none. */
  readonly dataset?: string;
  /** Index of the first call that changes it: until then it must stay as it was planned for. */
  readonly changedBy: number;
  /** Index of the first call before which it is looked at; absent: from the start. For what earlier calls bring about. */
  readonly checkedFrom?: number;
  readonly read: StateRead;
  /**
   * How it is looked for while no answer names it: before the call, when nothing may be found so, and after an answer that
   * was lost.
   */
  readonly readLost?: StateRead | undefined;
  /** Paths whose values tell it from another thing of the same name: guid, createtxg, serial, id. */
  readonly identity: readonly string[];
  /** Identity and the fields concerned, or that it does not exist. */
  readonly before: State | 'absent';
  /** The fields concerned as they will be. */
  readonly after: Afterwards;
  /**
   * Values before that the change does not name. Those that are others afterwards are told: they are neither compared nor
   * part of the undo.
   */
  readonly watched?: State | undefined;
  /** Paths that stay as they are as long as nothing is written to it; an undo of its creation compares them. */
  readonly written?: readonly string[];
  /**
   * Paths whose values change once it holds what nothing else holds any more: from then on, the undo of its creation loses
   * data, and has a risk of its own.
   */
  readonly heldAlone?: readonly string[];
  /** True for what no call changes, and that only has to stay as it is: it ties the change to a dataset. */
  readonly isOnlyRead?: true;
  /** How it is read once an undo has made it anew, where its own read goes by an id; holds {@link RemadeReference}s. */
  readonly readAgain?: StateRead;
  /** Paths that have another value afterwards, which nobody can foretell: ids of processes, the last run of a task. */
  readonly renewed?: readonly string[] | undefined;
  /**
   * Nobody can tell all datasets that the call reaches: under TRUENAS_PROTECT nothing of it is destroyed or exposed, and
   * under TRUENAS_SCOPE it is not sent.
   */
  readonly isUnplaced?: true;
  /** The NAS goes away with the change: that it cannot be reached afterwards is as planned, and all that can be known. */
  readonly goesAway?: true;
}

/** A call that takes something back. */
export interface UndoCall extends PlannedCall {
  /** Index of the call that it takes back, for a change that is done in part; absent: of the whole. */
  readonly undoes?: number;
  /** The thing that it makes anew, for {@link RemadeReference}s of the calls after it. */
  readonly remakes?: string;
}

/** How a change is taken back. */
export type Undo =
  | {
      /** In the order in which they are sent; may hold references to answers of the change. */
      readonly calls: readonly UndoCall[];
      /** What does not come back all the same: `the ids of the shares`. */
      readonly lost?: readonly string[];
    }
  | { readonly impossible: string };

/** A planned change. Making one sends nothing that writes. */
export interface Change {
  /** One line that names what is changed: `Create dataset tank/photos`. */
  readonly summary: string;
  readonly calls: readonly [PlannedCall, ...PlannedCall[]];
  readonly targets: readonly Target[];
  /** What hangs on the things: shares, snapshots, clients; bytes and counts lost; a gentler way. */
  readonly impact: readonly string[];
  readonly undo: Undo;
}

/** Stands for a value in the answer to call number `call`, counted from 0; the whole answer without a path. */
export function resultOf(call: number, path = ''): ResultReference {
  return { $result: { call, path } };
}

/** Stands for the secret of a target, in the field that it fills: `{ passphrase: secretOf('dataset tank/photos') }`. */
export function secretOf(
  target: string,
  { isNew = false }: { readonly isNew?: boolean } = {},
): SecretPlaceholder {
  return { $secret: { of: target, ...(isNew ? { isNew: true as const } : {}) } };
}

/** Stands for a value of what an earlier call of the same undo makes anew; see {@link RemadeReference}. */
export function remade(thing: string, path: string, otherwise: unknown): RemadeReference {
  return { $remade: { thing, path, otherwise } };
}
