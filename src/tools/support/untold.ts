/** Facts that a release of TrueNAS has no method for: said as such, with the release, and never as none. */
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError, TrueNasError } from '../../truenas/errors.ts';

/**
 * Reads a fact.
 * @param fact completes "TrueNAS 25.10 has no method that tells …"
 * @throws TrueNasError that says so, where the release lacks the method; any other as it is
 */
export async function whereTold<Value>(
  nas: ReadClient,
  fact: string,
  read: () => Promise<Value>,
): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!isTrueNasError(error, 'method-missing')) throw error;
    const { family } = await nas.release();
    throw new TrueNasError('call', {
      summary: `TrueNAS ${family} has no method that tells ${fact}`,
      nextStep: 'Ask the people who use it.',
    });
  }
}
