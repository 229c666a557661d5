/** Takes our own credential out of texts of the NAS, before anything else sees them. */
import { secretHalf } from '../api-key.ts';

/** Replaces the API key, and its secret part alone. */
export function createScrubber(apiKey: string): (text: string) => string {
  const secret = secretHalf(apiKey);
  return (text) => {
    const cleaned = text.replaceAll(apiKey, '[redacted]');
    return secret === undefined ? cleaned : cleaned.replaceAll(secret, '[redacted]');
  };
}

/** A scrubber whose secrets can be dropped. */
export interface TemporaryScrubber {
  readonly scrub: (text: string) => string;
  /** Drops the secrets; from then on texts stay as they are. */
  forget(): void;
}

/** Replaces the credential of a sign-in while that lasts. */
export function createTemporaryScrubber(secrets: readonly string[]): TemporaryScrubber {
  let scrubbers = secrets.filter((secret) => secret !== '').map(createScrubber);
  return {
    scrub: (text) => scrubbers.reduce((cleaned, scrub) => scrub(cleaned), text),
    forget() {
      scrubbers = [];
    },
  };
}
