/** A method as the NAS publishes it in `core.get_methods`, in standard form. */

/** A JSON Schema (2020-12) as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** One positional parameter. */
export interface ApiParameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** A method without its schemas; kept in memory for every method. */
export interface ApiMethodSummary {
  readonly name: string;
  /** First sentence of the NAS's own description; empty where it has none. */
  readonly summary: string;
  /** Every role that grants it, FULL_ADMIN left out; `undefined` when this NAS publishes no roles. */
  readonly roles: readonly string[] | undefined;
  /** The NAS says that signing in is enough; 25.10 and older say so of no method. */
  readonly needsNoRole: boolean;
  readonly isJob: boolean;
  /** It takes query-filters and query-options. */
  readonly isFilterable: boolean;
  /** The call only works together with an upload or a download. */
  readonly needsTransfer: boolean;
  /** Names of the positional parameters, then of the first level inside them; for searching. */
  readonly parameters: readonly string[];
}

/** A method with its schemas; kept for the ones used last. */
export interface ApiMethod extends ApiMethodSummary {
  /** The NAS's own prose, cut to a page. */
  readonly description: string;
  readonly accepts: readonly ApiParameter[];
  readonly returns: JsonSchema;
}
