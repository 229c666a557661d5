/** Takes our own credential out of texts of the NAS, before anything else sees them. */

/** Replaces the API key, and its secret part alone. */
export function createScrubber(apiKey: string): (text: string) => string {
  const secret = apiKey.slice(apiKey.indexOf('-') + 1);
  return (text) => {
    const cleaned = text.replaceAll(apiKey, '[redacted]');
    return secret.length < 16 ? cleaned : cleaned.replaceAll(secret, '[redacted]');
  };
}
