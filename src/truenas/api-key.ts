/**
 * The shape of an API key: `<id>-<secret>` (PROTOCOL section 4). A NAS issues secrets of 64 letters and digits; older ones
 * issued other lengths.
 */

/** The page of a TrueNAS 25.04 and later that makes keys; up to 24.10 the menu has it as `API Keys`. */
export const API_KEYS_PLACE = 'user menu at the top right > My API Keys';

/** An API key in its two parts. */
export interface ApiKeyParts {
  /** Number of the key in the NAS's database; no secret. */
  readonly id: string;
  readonly secret: string;
}

/** Finds issued keys in running text, for `replace`. */
export const ISSUED_API_KEYS = /(?<![A-Za-z0-9])\d+-[A-Za-z0-9]{64}(?![A-Za-z0-9])/gu;
/** Matches every text in which {@link ISSUED_API_KEYS} finds a key, and is cheaper. */
export const MAY_HOLD_API_KEY = /\d-[A-Za-z0-9]{64}/u;

/** A shorter secret occurs in texts by chance. */
const MIN_SECRET_LENGTH = 8;

/** True for what has the shape of an API key of any length. */
export function isApiKey(text: string): boolean {
  return /^\d+-[A-Za-z0-9]+$/u.test(text);
}

/** Takes a key apart as the NAS does, at its first dash; undefined for what is no key. */
export function apiKeyParts(key: string): ApiKeyParts | undefined {
  const match = /^(\d+)-(.+)$/su.exec(key);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { id: match[1], secret: match[2] };
}

/** The part of an API key that must not get out alone either; undefined for other texts, and for a part too short to look for. */
export function secretHalf(text: string): string | undefined {
  if (!isApiKey(text)) return undefined;
  const { secret = '' } = apiKeyParts(text) ?? {};
  return secret.length < MIN_SECRET_LENGTH ? undefined : secret;
}
