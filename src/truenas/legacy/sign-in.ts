/**
 * The sign-in of the older protocol (LEGACY section 4): with the API key alone, which belongs to no user there. A user name
 * of the configuration is not sent.
 */
import type { JsonRpc } from '../connection/json-rpc.ts';
import { isTrueNasError, SignInError, TrueNasError } from '../errors.ts';
import { isAtLeast, parseRelease } from '../releases.ts';
import type { Accepted } from '../sign-in/mechanisms.ts';
import { legacyName, type LegacyNas } from './dialect.ts';

/** Signs in, and notes the version of the NAS. @throws SignInError when the NAS does not accept the key */
export async function signInLegacy(
  rpc: JsonRpc,
  nas: LegacyNas,
  { apiKey, timeoutMs }: { readonly apiKey: string; readonly timeoutMs: number },
): Promise<Accepted> {
  const isAccepted = await rpc.call('auth.login_with_api_key', [apiKey], timeoutMs);
  if (isAccepted !== true) throw refused(nas);
  nas.version = await readVersion(rpc, timeoutMs);
  if (nas.version !== undefined && isAtLeast(parseRelease(nas.version), '25.04')) throw newer(nas.version);
  return { mechanism: 'LOGIN_WITH_API_KEY', account: undefined };
}

/** Undefined for a key of 24.10 whose allow list does not let it ask. */
async function readVersion(rpc: JsonRpc, timeoutMs: number): Promise<string | undefined> {
  try {
    const version = await rpc.call('system.version', [], timeoutMs);
    return typeof version === 'string' ? version : undefined;
  } catch (error) {
    if (isTrueNasError(error, 'not-authorized')) return undefined;
    throw error;
  }
}

function refused(nas: LegacyNas): SignInError {
  return new SignInError('wrong-key', {
    summary: `The NAS (${legacyName(nas)}) does not accept the API key: it is wrong, or was deleted there.`,
    nextStep:
      'Check in its web interface (API Keys, in the menu of the gear or of the user) that the key still exists, and that it was copied whole; make a new one if need be, and set TRUENAS_API_KEY. It answers the same in every case, and a key belongs to no user there.',
  });
}

/** `/websocket` is also there on later releases, whose other API then is what should be used. */
function newer(version: string): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: `The NAS is ${version}, but its API at /api/current cannot be reached.`,
    nextStep:
      'Let the proxy in front of it pass the paths /api/current and /api/versions, or set TRUENAS_URL to the address of the NAS itself.',
  });
}
