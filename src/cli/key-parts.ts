/** The secrets of the configuration as the redactor looks for them. */
import { secretHalf } from '../truenas/api-key.ts';

/** An API key is `<id>-<secret>`; the second part alone must not get out either. */
export function withKeyParts(secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) => {
    const half = secretHalf(secret);
    return half === undefined ? [secret] : [secret, half];
  });
}
