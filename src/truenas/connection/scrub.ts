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
