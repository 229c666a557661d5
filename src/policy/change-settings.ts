/** The operator's settings of changes (TRUENAS_*): none of them can be set by a call. */

/**
 * Where a person's approval is given: on the page or in a terminal (`page`), through a form of the client (`client`), or on
 * the page for every change, however small (`always`).
 */
export const APPROVALS = ['page', 'client', 'always'] as const;
export type Approval = (typeof APPROVALS)[number];

/** An API key that changes may use without a person's sign-in. */
export interface WriteKey {
  readonly apiKey: string;
  readonly username?: string | undefined;
}

/** Who signs in for changes, and for how long. */
export interface WriteSettings {
  /** TRUENAS_WRITE_API_KEY and TRUENAS_WRITE_USERNAME. */
  readonly writeKey?: WriteKey | undefined;
  /** How long a person's sign-in serves; 0: for one change. */
  readonly writeSessionMinutes: number;
  readonly approval: Approval;
}

/** The settings of changes. */
export interface ChangeSettings extends WriteSettings {
  /** Datasets that changes are confined to, with all below them; undefined: everywhere. */
  readonly scope?: readonly [string, ...string[]] | undefined;
  /** Datasets that are never destroyed or exposed, with all below them. */
  readonly protectedDatasets: readonly string[];
  /** Changes that let code run as root may be planned, and approved by a person. */
  readonly allowsCode: boolean;
  /** call_api_write is offered: any other changing method of the API may be planned. */
  readonly allowsApiWrite: boolean;
  /** Where journal and audit of changes are kept; undefined: nowhere. */
  readonly stateFolder?: string | undefined;
  /** Where secrets for changes lie. */
  readonly secretsFolder?: string | undefined;
}

/** What holds where nothing is set. */
export const DEFAULT_CHANGE_SETTINGS: ChangeSettings = {
  writeSessionMinutes: 15,
  approval: 'page',
  protectedDatasets: [],
  allowsCode: false,
  allowsApiWrite: false,
};
