/** Tries a key as the server will use it: a sign-in, and a look at what it grants. */
import type { Granted } from '../../mcp/tool-registry.ts';
import { openTrueNas, silentLog } from '../../truenas/index.ts';
import { accountOf, missingRoles, offeredTools } from '../doctor/roles.ts';
import type { TrustedNas } from './administrator.ts';
import { SetupStopped } from './asker.ts';

/** A key and whose it is. */
export interface KeyToTry {
  readonly apiKey: string;
  readonly username: string | undefined;
}

/** What a key that works is like. */
export interface TriedKey {
  readonly username: string;
  readonly roles: readonly string[];
  /** Roles that the offered tools read with and the account lacks. */
  readonly lacking: readonly string[];
}

/** Signs in with the key. @throws TrueNasError when the NAS does not take it */
export async function tryKey(
  nas: TrustedNas,
  { apiKey, username }: KeyToTry,
  granted: Granted,
): Promise<TriedKey> {
  const { url, tls, timings } = nas;
  const options = { url, tls, apiKey, timeoutMs: 30_000, log: silentLog };
  const opened = openTrueNas({ ...options, ...(username === undefined ? {} : { username }) }, timings);
  try {
    await opened.read.call('core.ping');
    const account = await accountOf(opened.read, opened.status().account);
    if (account === undefined)
      throw new SetupStopped('The NAS takes the key, but does not tell whose it is.');
    const lacking = await missingRoles(await offeredTools(granted), account.roles, opened.read);
    return { username: account.name, roles: account.roles, lacking: [...lacking.keys()].sort() };
  } finally {
    await opened.close();
  }
}
