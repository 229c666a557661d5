/** The mechanisms of a sign-in (PROTOCOL section 4). */
import { API_KEYS_PLACE } from '../api-key.ts';
import type { SignInMechanism, WireValue } from '../client.ts';
import type { Account } from '../client.ts';
import type { JsonRpc } from '../connection/json-rpc.ts';
import { SignInError } from '../errors.ts';
import { readAccount, recordOf } from './account.ts';
import { tlsServerEndPoint } from './channel-binding.ts';
import { refusal } from './problems.ts';
import { createKeyDerivation, type KeyDerivation, splitApiKey, startScram, unproven } from './scram.ts';

/** One credential, and what its sign-ins have taught. */
export interface Credential {
  readonly apiKey: string;
  readonly username: string | undefined;
  /** True when the certificate of the NAS is not verified at all. */
  readonly isUnverified: boolean;
  /** Longest wait for each step. */
  readonly timeoutMs: number;
  /** Once true, the key is never sent in clear again. */
  hasSeenScram: boolean;
  /** Keeps the derived keys for later connections. */
  derive: KeyDerivation | undefined;
}

/** A sign-in that the NAS accepted. */
export interface Accepted {
  readonly mechanism: SignInMechanism;
  /** Absent where the NAS does not say (`auth.login_with_api_key`). */
  readonly account: Account | undefined;
}

/** Signs in with SCRAM: the key does not travel, and the NAS proves that it knows it. */
export async function withScram(rpc: JsonRpc, credential: Credential, user: string): Promise<Accepted> {
  const key = splitApiKey(credential.apiKey);
  credential.derive ??= createKeyDerivation(key.secret);
  const binding = rpc.certificateDer && tlsServerEndPoint(rpc.certificateDer);
  if (binding === undefined && rpc.certificateDer !== undefined && credential.isUnverified) {
    // Without binding, somebody in between could choose such a certificate and hand the proof on.
    throw unproven('its certificate is not verified, and of a kind that allows no channel binding');
  }
  const isBound = binding !== undefined;
  const step = (type: string, text: string) =>
    loginEx(rpc, credential, { mechanism: 'SCRAM', scram_type: type, rfc_str: text });
  const exchange = startScram(user, key.id, credential.derive, binding);
  const first = await step('CLIENT_FIRST_MESSAGE', exchange.clientFirst);
  const clientFinal = await exchange.answer(rfcText(first, 'SERVER_FIRST_RESPONSE', user, isBound));
  const final = await step('CLIENT_FINAL_MESSAGE', clientFinal);
  if (!exchange.isServerProven(rfcText(final, 'SERVER_FINAL_RESPONSE', user, isBound))) {
    await rpc.call('auth.logout', [], credential.timeoutMs).catch(() => undefined);
    throw unproven('its signature is wrong');
  }
  return { mechanism: isBound ? 'SCRAM-PLUS' : 'SCRAM', account: readAccount(final.user_info) };
}

/** Signs in with user name and key in clear; only TLS protects the key. */
export async function withPlainKey(rpc: JsonRpc, credential: Credential, user: string): Promise<Accepted> {
  const answer = await loginEx(rpc, credential, {
    mechanism: 'API_KEY_PLAIN',
    username: user,
    api_key: credential.apiKey,
    login_options: { user_info: true },
  });
  if (answer.response_type !== 'SUCCESS') throw refusal(answer, { user, mechanism: 'API_KEY_PLAIN' });
  return { mechanism: 'API_KEY_PLAIN', account: readAccount(answer.user_info) };
}

/** Signs in with the key alone, in clear: the short form, for releases and settings without a user name. */
export async function withKeyAlone(rpc: JsonRpc, { apiKey, timeoutMs }: Credential): Promise<Accepted> {
  const isAccepted = await rpc.call('auth.login_with_api_key', [apiKey], timeoutMs);
  if (isAccepted !== true) {
    throw new SignInError('wrong-key', {
      summary: 'The NAS does not accept the API key: it is wrong, expired or revoked.',
      nextStep: `Check the key on the NAS (${API_KEYS_PLACE}), make a new one if need be, and set TRUENAS_API_KEY.`,
    });
  }
  return { mechanism: 'LOGIN_WITH_API_KEY', account: undefined };
}

async function loginEx(
  rpc: JsonRpc,
  { timeoutMs }: Credential,
  data: Record<string, unknown>,
): Promise<Record<string, WireValue>> {
  return recordOf(await rpc.call('auth.login_ex', [data], timeoutMs)) ?? {};
}

function rfcText(
  answer: Record<string, WireValue>,
  expected: string,
  user: string,
  isBound: boolean,
): string {
  if (answer.response_type !== 'SCRAM_RESPONSE')
    throw refusal(answer, { user, mechanism: isBound ? 'SCRAM-PLUS' : 'SCRAM' });
  const text = answer.rfc_str;
  if (answer.scram_type !== expected || typeof text !== 'string') {
    throw unproven('its messages come in the wrong order');
  }
  return text;
}
