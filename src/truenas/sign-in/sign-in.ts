/**
 * Signing in on a fresh connection (PROTOCOL section 4).
 *
 * With SCRAM the key never travels, the NAS proves that it knows the key too, and over TLS the proof is bound to the
 * certificate, so it holds even where certificates are not verified. The other mechanisms send the key itself, and only
 * TLS protects it: the certificate was trusted beforehand. A NAS is asked for SCRAM before the sign-in, so somebody who
 * has broken TLS could hide it; once SCRAM was seen, this client never sends the key in clear again.
 */
import { tlsServerEndPoint } from './channel-binding.ts';
import type { Account, SignInMechanism, WireValue } from '../client.ts';
import { isTrueNasError, SignInError, type TrueNasError } from '../errors.ts';
import type { TrueNasOptions } from '../options.ts';
import { createKeyDerivation, type KeyDerivation, splitApiKey, startScram, unproven } from './scram.ts';
import { explain, refusal } from './problems.ts';
import type { JsonRpc } from '../connection/json-rpc.ts';

/** A session that the NAS accepted. */
export interface SignedIn {
  readonly mechanism: SignInMechanism;
  /** Absent where the NAS does not say (`auth.login_with_api_key`). */
  readonly account: Account | undefined;
}

/** Signs in on a connection; throws SignInError for every refusal. */
export type SignIn = (rpc: JsonRpc) => Promise<SignedIn>;

/** Makes the sign-in of one credential; what it learns (SCRAM is there, derived keys) is kept for later connections. */
export function createSignIn(
  options: Pick<TrueNasOptions, 'apiKey' | 'username' | 'tls'>,
  timeoutMs: number,
): SignIn {
  const { apiKey, username, tls } = options;
  const isUnverified = tls.isInsecure === true && tls.fingerprintSha256 === undefined;
  let hasSeenScram = false;
  let derive: KeyDerivation | undefined;

  async function withScram(rpc: JsonRpc, user: string): Promise<SignedIn> {
    const key = splitApiKey(apiKey);
    derive ??= createKeyDerivation(key.secret);
    const binding = rpc.certificateDer && tlsServerEndPoint(rpc.certificateDer);
    if (binding === undefined && rpc.certificateDer !== undefined && isUnverified) {
      // Without binding, somebody in between could choose such a certificate and hand the proof on.
      throw unproven('its certificate is not verified, and of a kind that allows no channel binding');
    }
    const exchange = startScram(user, key.id, derive, binding);
    const first = await step(rpc, 'CLIENT_FIRST_MESSAGE', exchange.clientFirst);
    const clientFinal = await exchange.answer(rfcText(first, 'SERVER_FIRST_RESPONSE', user, binding));
    const final = await step(rpc, 'CLIENT_FINAL_MESSAGE', clientFinal);
    if (!exchange.isServerProven(rfcText(final, 'SERVER_FINAL_RESPONSE', user, binding))) {
      await rpc.call('auth.logout', [], timeoutMs).catch(() => undefined);
      throw unproven('its signature is wrong');
    }
    return {
      mechanism: binding === undefined ? 'SCRAM' : 'SCRAM-PLUS',
      account: readAccount(final.user_info),
    };
  }

  function step(rpc: JsonRpc, type: string, text: string): Promise<Record<string, WireValue>> {
    return loginEx(rpc, { mechanism: 'SCRAM', scram_type: type, rfc_str: text });
  }

  async function withPlainKey(rpc: JsonRpc, user: string): Promise<SignedIn> {
    const answer = await loginEx(rpc, {
      mechanism: 'API_KEY_PLAIN',
      username: user,
      api_key: apiKey,
      login_options: { user_info: true },
    });
    if (answer.response_type !== 'SUCCESS') throw refusal(answer, user, false);
    return { mechanism: 'API_KEY_PLAIN', account: readAccount(answer.user_info) };
  }

  async function loginEx(rpc: JsonRpc, data: Record<string, unknown>): Promise<Record<string, WireValue>> {
    const answer = await rpc.call('auth.login_ex', [data], timeoutMs);
    return answer !== null &&
      typeof answer === 'object' &&
      !Array.isArray(answer) &&
      !(answer instanceof Date)
      ? answer
      : {};
  }

  async function withKeyAlone(rpc: JsonRpc): Promise<SignedIn> {
    const isAccepted = await rpc.call('auth.login_with_api_key', [apiKey], timeoutMs);
    if (isAccepted !== true) {
      throw new SignInError('wrong-key', {
        summary: 'The NAS does not accept the API key: it is wrong, expired or revoked.',
        nextStep:
          'Check the key on the NAS (Credentials, API Keys), make a new one if need be, and set TRUENAS_API_KEY.',
      });
    }
    return { mechanism: 'LOGIN_WITH_API_KEY', account: undefined };
  }

  async function hasScram(rpc: JsonRpc): Promise<boolean> {
    if (hasSeenScram) return true;
    try {
      const choices = await rpc.call('auth.mechanism_choices', [], timeoutMs);
      hasSeenScram = Array.isArray(choices) && choices.includes('SCRAM');
      return hasSeenScram;
    } catch (error) {
      // 25.04.2 to 25.10.6 fail here before sign-in; none of them has SCRAM.
      if (isTrueNasError(error) && (error.kind === 'method-missing' || isChoicesFault(error))) return false;
      throw error;
    }
  }

  return async (rpc) => {
    try {
      if (username === undefined) return await withKeyAlone(rpc);
      if (await hasScram(rpc)) return await withScram(rpc, username);
      try {
        return await withPlainKey(rpc, username);
      } catch (error) {
        if (isTrueNasError(error, 'method-missing')) return await withKeyAlone(rpc);
        throw error;
      }
    } catch (error) {
      throw explain(error, { hasSeenScram, hasUsername: username !== undefined });
    }
  };
}

function isChoicesFault(error: TrueNasError): boolean {
  return error.kind === 'call' && (error.nasText ?? '').includes('may_create_auth_token');
}

function rfcText(
  answer: Record<string, WireValue>,
  expected: string,
  user: string,
  binding: Buffer | undefined,
): string {
  if (answer.response_type !== 'SCRAM_RESPONSE') throw refusal(answer, user, binding !== undefined);
  const text = answer.rfc_str;
  if (answer.scram_type !== expected || typeof text !== 'string') {
    throw unproven('its messages come in the wrong order');
  }
  return text;
}

function readAccount(info: WireValue | undefined): Account | undefined {
  if (info === null || typeof info !== 'object' || Array.isArray(info) || info instanceof Date)
    return undefined;
  const { pw_name: name, privilege } = info;
  if (typeof name !== 'string') return undefined;
  const roles =
    privilege !== null &&
    typeof privilege === 'object' &&
    !Array.isArray(privilege) &&
    !(privilege instanceof Date)
      ? privilege.roles
      : undefined;
  return {
    name,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
  };
}
