/** TrueNAS releases, and what differs between them by name (PROTOCOL section 12). */

/** The API families this program knows by number: year.month of the release. */
export interface Release {
  /** Family, e.g. `25.10`; newer and older ones are kept as they are. */
  readonly family: string;
  /** The NAS's own text, e.g. `TrueNAS-25.10.1`. */
  readonly version: string;
}

/** Stands for a NAS that does not tell its release: treated as the newest. */
export const UNKNOWN_RELEASE: Release = { family: 'unknown', version: '' };

/** Reads what `system.version` answers, e.g. `TrueNAS-25.10.1` or `26.0.0-BETA.3`. */
export function parseRelease(version: string): Release {
  const match = /(\d{2})\.(\d{1,2})(?:\D|$)/.exec(version);
  return match === null ? { family: 'unknown', version } : { family: `${match[1]}.${match[2]}`, version };
}

/** True when the release is of that family or a later one; an unknown release counts as the newest. */
export function isAtLeast(release: Release, family: string): boolean {
  const [year, month] = familyNumbers(release.family);
  const [neededYear, neededMonth] = familyNumbers(family);
  return year === neededYear ? month >= neededMonth : year > neededYear;
}

function familyNumbers(family: string): readonly [year: number, month: number] {
  const match = /^(\d+)\.(\d+)$/.exec(family);
  return match === null ? [Number.POSITIVE_INFINITY, 0] : [Number(match[1]), Number(match[2])];
}
