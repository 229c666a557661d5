/**
 * Signing in on a fresh connection (PROTOCOL section 4).
 *
 * What protects the key: with SCRAM (TrueNAS 26 and later) it never travels, the NAS has to prove that it knows it
 * too, and over TLS the proof is bound to the certificate, so that it holds even where certificates are not
 * verified. The other mechanisms send the key itself, and TLS alone protects it: only to a certificate that was
 * trusted beforehand. Whether a NAS has SCRAM is asked before sign-in, so somebody who can alter the traffic
 * (that is, has broken TLS) could hide it; but once SCRAM was seen, this client never sends the key in clear again.
 */
import { tlsServerEndPoint } from './channel-binding.ts';
import type { Account, SignInMechanism, WireValue } from './client.ts';
import { isTrueNasError, SignInError, TrueNasError, type TrueNasErrorKind } from './errors.ts';
import type { TrueNasOptions } from './options.ts';
import { createKeyDerivation, type KeyDerivation, splitApiKey, startScram, unproven } from './scram.ts';
import type { Wire } from './wire.ts';

/** A session that the NAS accepted. */
export interface SignedIn {
  readonly mechanism: SignInMechanism;
  /** Absent where the NAS does not say (`auth.login_with_api_key`). */
  readonly account: Account | undefined;
}

/** Signs in on a connection; throws SignInError for every refusal. */
export type SignIn = (wire: Wire) => Promise<SignedIn>;

/** Makes the sign-in of one credential; what it learns (SCRAM is there, derived keys) is kept for later connections. */
export function createSignIn(
  options: Pick<TrueNasOptions, 'apiKey' | 'username' | 'tls'>,
  timeoutMs: number,
): SignIn {
  const { apiKey, username, tls } = options;
  const isUnverified = tls.isInsecure === true && tls.fingerprintSha256 === undefined;
  let hasSeenScram = false;
  let derive: KeyDerivation | undefined;

  async function withScram(wire: Wire, user: string): Promise<SignedIn> {
    const key = splitApiKey(apiKey);
    derive ??= createKeyDerivation(key.password);
    const binding = wire.certificateDer && tlsServerEndPoint(wire.certificateDer);
    if (binding === undefined && wire.certificateDer !== undefined && isUnverified) {
      // Somebody in between may choose such a certificate, and hand on a proof that is not bound to it.
      throw unproven('its certificate is not verified, and of a kind that allows no channel binding');
    }
    const exchange = startScram(user, key.id, derive, binding);
    const first = await step(wire, 'CLIENT_FIRST_MESSAGE', exchange.clientFirst);
    const clientFinal = await exchange.answer(rfcText(first, 'SERVER_FIRST_RESPONSE', user, binding));
    const final = await step(wire, 'CLIENT_FINAL_MESSAGE', clientFinal);
    if (!exchange.isServerProven(rfcText(final, 'SERVER_FINAL_RESPONSE', user, binding))) {
      await wire.call('auth.logout', [], timeoutMs).catch(() => undefined);
      throw unproven('its signature is wrong');
    }
    return {
      mechanism: binding === undefined ? 'SCRAM' : 'SCRAM-PLUS',
      account: readAccount(final.user_info),
    };
  }

  function step(wire: Wire, type: string, text: string): Promise<Record<string, WireValue>> {
    return loginEx(wire, { mechanism: 'SCRAM', scram_type: type, rfc_str: text });
  }

  async function withPlainKey(wire: Wire, user: string): Promise<SignedIn> {
    const answer = await loginEx(wire, {
      mechanism: 'API_KEY_PLAIN',
      username: user,
      api_key: apiKey,
      login_options: { user_info: true },
    });
    if (answer.response_type !== 'SUCCESS') throw refusal(answer, user, false);
    return { mechanism: 'API_KEY_PLAIN', account: readAccount(answer.user_info) };
  }

  async function loginEx(wire: Wire, data: Record<string, unknown>): Promise<Record<string, WireValue>> {
    const answer = await wire.call('auth.login_ex', [data], timeoutMs);
    return answer !== null &&
      typeof answer === 'object' &&
      !Array.isArray(answer) &&
      !(answer instanceof Date)
      ? answer
      : {};
  }

  async function withKeyAlone(wire: Wire): Promise<SignedIn> {
    const isAccepted = await wire.call('auth.login_with_api_key', [apiKey], timeoutMs);
    if (isAccepted !== true) {
      throw new SignInError('wrong-key', {
        summary: 'The NAS does not accept the API key: it is wrong, expired or revoked.',
        nextStep:
          'Check the key on the NAS (Credentials, API Keys), make a new one if need be, and set TRUENAS_API_KEY.',
      });
    }
    return { mechanism: 'LOGIN_WITH_API_KEY', account: undefined };
  }

  async function hasScram(wire: Wire): Promise<boolean> {
    if (hasSeenScram) return true;
    try {
      const choices = await wire.call('auth.mechanism_choices', [], timeoutMs);
      hasSeenScram = Array.isArray(choices) && choices.includes('SCRAM');
      return hasSeenScram;
    } catch (error) {
      // 25.04.2 to 25.10.6 fail here for everybody who has not signed in; none of them has SCRAM.
      if (isTrueNasError(error) && (error.kind === 'method-missing' || isChoicesFault(error))) return false;
      throw error;
    }
  }

  return async (wire) => {
    try {
      if (username === undefined) return await withKeyAlone(wire);
      if (await hasScram(wire)) return await withScram(wire, username);
      try {
        return await withPlainKey(wire, username);
      } catch (error) {
        if (isTrueNasError(error, 'method-missing')) return await withKeyAlone(wire);
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

/** Each answer of `auth.login_ex` that is not a success, as an error of its own. */
function refusal(answer: Record<string, WireValue>, user: string, isBound: boolean): SignInError {
  const type = answer.response_type;
  switch (type) {
    case 'AUTH_ERR':
      return new SignInError('wrong-key', {
        summary: `The NAS does not accept this API key for the user "${user}".`,
        nextStep: `Check that TRUENAS_USERNAME is the user to whom the key belongs and that the key was copied whole.${
          isBound
            ? ' It also happens when a proxy in between ends the TLS connection: connect to the NAS directly.'
            : ''
        }`,
      });
    case 'EXPIRED':
      return new SignInError('expired-or-revoked', {
        summary: 'The API key or its account has expired, or the key was revoked.',
        nextStep:
          'Make a new key on the NAS (Credentials, API Keys). A NAS revokes a key that was ever sent to it without TLS.',
      });
    case 'OTP_REQUIRED':
      return new SignInError('otp-required', {
        summary: 'The NAS asks for a one-time password, which an API key cannot give.',
        nextStep:
          'Check that TRUENAS_API_KEY holds an API key (number, dash, 64 characters) and not a password.',
      });
    case 'REDIRECT':
      return new SignInError('redirect', {
        summary: `This is the standby controller; sign in on the active one${urlList(answer.urls)}.`,
        nextStep:
          'Set TRUENAS_URL to the address of the active controller, or better to the shared (virtual) address.',
      });
    case 'DENIED':
      return new SignInError('denied', {
        summary: `The API key is right, but the user "${user}" has no privilege to use the API.`,
        nextStep: 'Give the user a role on the NAS (Credentials, Groups, Privileges), e.g. READONLY_ADMIN.',
      });
    default:
      return new SignInError('unexpected-answer', {
        summary: `The NAS answered the sign-in with ${isResponseType(type) ? `"${type}"` : 'something unknown'}.`,
        nextStep: 'Update this program: the NAS may be newer than it.',
      });
  }
}

/** A name as the NAS gives its answers, and too short for a key: other texts are not repeated. */
function isResponseType(type: WireValue | undefined): type is string {
  return typeof type === 'string' && /^[A-Z][A-Z0-9_]{0,39}$/.test(type);
}

const CONNECTION_FAULTS: ReadonlySet<string> = new Set<TrueNasErrorKind>([
  'unreachable',
  'timeout',
  'closed',
  'protocol',
  'too-large',
]);

/** Turns what a sign-in call may throw into a sign-in error; lost connections and timeouts stay what they are. */
function explain(error: unknown, known: { hasSeenScram: boolean; hasUsername: boolean }): unknown {
  if (!(error instanceof TrueNasError) || error instanceof SignInError) return error;
  const { nasText, errname, errno, method } = error;
  const parts = { nasText, errname, errno, method, cause: error };
  if (error.kind === 'busy') {
    return new SignInError('rate-limited', {
      ...parts,
      summary: 'The NAS takes no more sign-ins from this address at the moment (20 a minute).',
      nextStep: 'Wait a minute; check whether another program keeps signing in from this computer.',
    });
  }
  if (error.kind === 'method-missing' && !known.hasUsername) {
    return new SignInError('username-needed', {
      ...parts,
      summary: 'This TrueNAS needs the user name that belongs to the API key.',
      nextStep: 'Set TRUENAS_USERNAME to the user for whom the key was made.',
    });
  }
  if (known.hasSeenScram && (error.kind === 'validation' || error.kind === 'method-missing')) {
    return new SignInError('downgrade', {
      ...parts,
      summary: 'The NAS offered sign-in without sending the key (SCRAM) before, and no longer does.',
      nextStep:
        'If the NAS was set back to an older release, restart this program. Otherwise somebody may be in between; the key was not sent.',
    });
  }
  if (errname === 'EOPNOTSUPP' || errno === 95) {
    return new SignInError('mechanism-refused', {
      ...parts,
      summary: 'The NAS does not accept API keys at its present security level.',
      nextStep: 'API keys need authenticator level 1 (no STIG mode, no enforced two-factor sign-in).',
    });
  }
  // Faults of the connection: nothing is known about the credential.
  if (CONNECTION_FAULTS.has(error.kind)) return error;
  return new SignInError('unexpected-answer', {
    ...parts,
    summary: `The sign-in failed: ${error.summary}`,
    nextStep: error.nextStep,
  });
}

/** Shown to a person and a model: addresses, and nothing else that somebody may have put there. */
function urlList(urls: WireValue | undefined): string {
  const texts = (Array.isArray(urls) ? urls : []).filter((url) => typeof url === 'string').filter(isAddress);
  return texts.length === 0 ? '' : `: ${texts.slice(0, 4).join(', ')}`;
}

function isAddress(text: string): boolean {
  return /^[\w.:/[\]-]{1,100}$/.test(text);
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
