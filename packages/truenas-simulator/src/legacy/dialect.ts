/** In what the speakers of the older protocol differ from each other on the wire. */
import { isCore, type LegacyRelease } from '../releases.ts';

/** `core`: FreeBSD's numbers and short errors. `scale`: 24.10, and newer releases at `/websocket`. */
export interface LegacyDialect {
  readonly family: 'core' | 'scale';
  /** Characters of a message after sign-in; null: as many as the socket takes. */
  readonly messageLimit: number | null;
  /** Calls that need no sign-in are counted, on every connection. */
  readonly limitsRate: boolean;
  /** Seconds alone travel in dates. */
  readonly cutsMilliseconds: boolean;
}

const CORE: LegacyDialect = {
  family: 'core',
  messageLimit: null,
  limitsRate: false,
  cutsMilliseconds: false,
};
const SCALE: LegacyDialect = {
  family: 'scale',
  messageLimit: 65_536,
  limitsRate: true,
  cutsMilliseconds: true,
};

/** The dialect of an older release; null: of a newer one at `/websocket`. */
export function dialectOf(legacy: LegacyRelease | null): LegacyDialect {
  return isCore(legacy) ? CORE : SCALE;
}
