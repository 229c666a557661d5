/**
 * Signing in on a fresh connection (PROTOCOL section 4).
 *
 * With SCRAM the key never travels, the NAS proves that it knows the key too, and over TLS the proof is bound to the
 * certificate, so it holds even where certificates are not verified. The other mechanisms send the key itself, and only
 * TLS protects it: the certificate was trusted beforehand. A NAS is asked for SCRAM before the sign-in, so somebody who
 * has broken TLS could hide it; once SCRAM was seen, this client never sends the key in clear again.
 */
import type { JsonRpc } from '../connection/json-rpc.ts';
import { createLogOnce } from '../connection/log-once.ts';
import { isTrueNasError, type TrueNasError } from '../errors.ts';
import type { LegacyNas } from '../legacy/dialect.ts';
import type { TrueNasOptions } from '../options.ts';
import { type Accepted, type Credential, withKeyAlone, withPlainKey, withScram } from './mechanisms.ts';
import { explain } from './problems.ts';
import { becomeReadOnly } from './read-only.ts';

/** A session that the NAS accepted. */
export interface SignedIn extends Accepted {
  /** True when the session gave up its write rights. */
  readonly isReadOnly: boolean;
}

/** Signs in on a connection; throws SignInError for every refusal. */
export type SignIn = (rpc: JsonRpc) => Promise<SignedIn>;

/** Makes the sign-in of one credential; what it learns (SCRAM is there, derived keys) is kept for later connections. */
export function createSignIn(
  options: Pick<TrueNasOptions, 'apiKey' | 'username' | 'tls' | 'isReadOnly' | 'log'>,
  timeoutMs: number,
): SignIn {
  const { apiKey, username, tls } = options;
  const credential: Credential = {
    apiKey,
    username,
    isUnverified: tls.isInsecure === true && tls.fingerprintSha256 === undefined,
    timeoutMs,
    hasSeenScram: false,
    derive: undefined,
  };
  const logOnce = createLogOnce(options.log);
  return async (rpc) => {
    try {
      if (rpc.legacy !== undefined) return await signInBefore2504(rpc, rpc.legacy, credential);
      const accepted = await signInOn(rpc, credential);
      const isReadOnly = options.isReadOnly === true && (await becomeReadOnly(rpc, timeoutMs, logOnce));
      return { ...accepted, isReadOnly };
    } catch (error) {
      throw explain(error, {
        hasSeenScram: credential.hasSeenScram,
        hasUsername: username !== undefined,
        timeoutMs,
      });
    }
  };
}

/** Over the protocol before JSON-RPC. */
async function signInBefore2504(rpc: JsonRpc, nas: LegacyNas, credential: Credential): Promise<SignedIn> {
  const { signInLegacy } = await import('../legacy/sign-in.ts');
  return { ...(await signInLegacy(rpc, nas, credential)), isReadOnly: false };
}

async function signInOn(rpc: JsonRpc, credential: Credential): Promise<Accepted> {
  const { username } = credential;
  if (username === undefined) return withKeyAlone(rpc, credential);
  if (await hasScram(rpc, credential)) return withScram(rpc, credential, username);
  try {
    return await withPlainKey(rpc, credential, username);
  } catch (error) {
    if (isTrueNasError(error, 'method-missing')) return withKeyAlone(rpc, credential);
    throw error;
  }
}

/** True when the NAS offers SCRAM; noted in the credential. */
export async function hasScram(rpc: JsonRpc, credential: Credential): Promise<boolean> {
  if (credential.hasSeenScram) return true;
  try {
    const choices = await rpc.call('auth.mechanism_choices', [], credential.timeoutMs);
    credential.hasSeenScram = Array.isArray(choices) && choices.includes('SCRAM');
    return credential.hasSeenScram;
  } catch (error) {
    // 25.04.2 to 25.10.6 fail here before sign-in; none of them has SCRAM.
    if (isTrueNasError(error) && (error.kind === 'method-missing' || isChoicesFault(error))) return false;
    throw error;
  }
}

function isChoicesFault(error: TrueNasError): boolean {
  return error.kind === 'call' && (error.nasText ?? '').includes('may_create_auth_token');
}
