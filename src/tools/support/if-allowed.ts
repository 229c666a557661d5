/** Parts of an answer that a narrow key may not read: they are named as gaps, and the rest of the answer stands. */
import { isTrueNasError } from '../../truenas/errors.ts';

/** What stands where something was not read for want of a role. */
export const NOT_ALLOWED = 'could not be read (not allowed for this API key)';

/** What `read` gives; undefined when this key may not read it. @throws every other failure */
export async function ifAllowed<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isTrueNasError(error, 'not-authorized')) return undefined;
    throw error;
  }
}
