/** Tries a key as the server will use it: a sign-in, and a look at what it grants. */
import type { Granted } from '../../mcp/tool-registry.ts';
import { type Account, openTrueNas, type ReadClient, silentLog } from '../../truenas/index.ts';
import { accountOf, missingRoles, offeredTools } from '../doctor/roles.ts';
import type { TrustedNas } from './administrator.ts';
import { SetupStopped } from './asker.ts';
import { knownRoles, rolesToRead, rolesToWrite, withIncluded } from './nas/roles.ts';

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
export function tryKey(nas: TrustedNas, key: KeyToTry, granted: Granted): Promise<TriedKey> {
  return withKey(nas, key, async (read, account) => {
    const lacking = await missingRoles(await offeredTools(granted), account.roles, read);
    return { username: account.name, roles: account.roles, lacking: [...lacking.keys()].sort() };
  });
}

/** Roles that a key for changes has beyond those that the granted tools change with. @throws TrueNasError when the NAS does not take it */
export function excessRoles(
  nas: TrustedNas,
  key: KeyToTry,
  granted: Granted,
  isNarrow: boolean,
): Promise<string[]> {
  return withKey(nas, key, async (read, account) => {
    const reading = await rolesToRead(read, granted, isNarrow);
    const wanted = await rolesToWrite(read, granted, reading.roles);
    const needed = withIncluded(wanted, await knownRoles(read));
    return account.roles.filter((role) => !needed.has(role)).sort();
  });
}

async function withKey<Result>(
  { url, tls, timings }: TrustedNas,
  { apiKey, username }: KeyToTry,
  look: (read: ReadClient, account: Account) => Promise<Result>,
): Promise<Result> {
  const options = { url, tls, apiKey, timeoutMs: 30_000, log: silentLog };
  const opened = openTrueNas({ ...options, ...(username === undefined ? {} : { username }) }, timings);
  try {
    await opened.read.call('core.ping');
    const account = await accountOf(opened.read, opened.status().account);
    if (account === undefined)
      throw new SetupStopped('The NAS takes the key, but does not tell whose it is.');
    return await look(opened.read, account);
  } finally {
    await opened.close();
  }
}
