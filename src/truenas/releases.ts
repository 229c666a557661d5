/** TrueNAS releases, and what differs between them by name (PROTOCOL section 12). */

/** The API families this program knows by number: year.month of the release. */
export interface Release {
  /** Family, e.g. `25.10`; newer and older ones are kept as they are. */
  readonly family: string;
  /** The NAS's own text, e.g. `TrueNAS-25.10.1`. */
  readonly version: string;
}
