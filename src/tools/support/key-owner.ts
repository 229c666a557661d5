/** The owner of the API key. */
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { isAtLeast } from '../../truenas/releases.ts';

/** What `auth.me` answers, or that the key belongs to nobody, as on releases before 25.04. */
export type KeyOwner = { readonly me: WireValue } | 'nobody';

/** Asks `auth.me`. @throws TrueNasError */
export async function askForOwner(nas: ReadClient): Promise<KeyOwner> {
  try {
    return { me: await nas.call('auth.me', []) };
  } catch (error) {
    if (isTrueNasError(error, 'method-missing') && !isAtLeast(await nas.release(), '25.04')) return 'nobody';
    throw error;
  }
}
