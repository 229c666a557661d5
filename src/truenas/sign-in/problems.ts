/** The NAS's refusals of a sign-in, worded for the person who has to act. */
import { API_KEYS_PLACE } from '../api-key.ts';
import type { SignInMechanism, WireValue } from '../client.ts';
import { isSessionGone, isTooManyCalls } from '../connection/reply-error.ts';
import { SignInError, type SignInReason, TrueNasError, type TrueNasErrorKind } from '../errors.ts';

const GIVE_A_ROLE =
  'Give the user a role on the NAS (Credentials > Groups > Privileges), e.g. READONLY_ADMIN.';
const EXPIRED_TOO =
  'The NAS answers the same when the key has expired or was revoked, or when its user has no privilege: make a new key if need be.';

/** Each answer of `auth.login_ex` that is not a success, as an error of its own. */
export function refusal(
  answer: Record<string, WireValue>,
  { user, mechanism }: { readonly user: string; readonly mechanism: SignInMechanism },
): SignInError {
  const type = answer.response_type;
  switch (type) {
    case 'AUTH_ERR':
      return new SignInError('wrong-key', {
        summary: `The NAS does not accept this API key for the user "${user}".`,
        nextStep: [
          'Check that TRUENAS_USERNAME is the user to whom the key belongs and that the key was copied whole.',
          ...(ALSO_AUTH_ERR[mechanism] ?? []),
        ].join(' '),
      });
    case 'EXPIRED':
      return new SignInError('expired-or-revoked', {
        summary: 'The API key or its account has expired, or the key was revoked.',
        nextStep: `Make a new key on the NAS (${API_KEYS_PLACE}). A NAS revokes a key that was ever sent to it without TLS.`,
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
        nextStep: GIVE_A_ROLE,
      });
    default:
      return new SignInError('unexpected-answer', {
        summary: `The NAS answered the sign-in with ${isResponseType(type) ? `"${type}"` : 'something unknown'}.`,
        nextStep: 'Update this program: the NAS may be newer than it.',
      });
  }
}

/** Other facts that the NAS answers with AUTH_ERR. */
const ALSO_AUTH_ERR: Readonly<Partial<Record<SignInMechanism, readonly string[]>>> = {
  SCRAM: [EXPIRED_TOO],
  'SCRAM-PLUS': [
    EXPIRED_TOO,
    'It also happens when a proxy in between ends the TLS connection: connect to the NAS directly.',
  ],
  API_KEY_PLAIN: [
    'Some releases answer the same when the key was revoked, or when its user has no privilege.',
  ],
};

/** True for a name of an answer, which is too short for a key; other texts are not repeated. */
function isResponseType(type: WireValue | undefined): type is string {
  return typeof type === 'string' && /^[A-Z][A-Z0-9_]{0,39}$/.test(type);
}

/** True for a fault of the connection, which says nothing about the credential. */
export function isConnectionFault({ kind }: TrueNasError): boolean {
  return CONNECTION_FAULTS.has(kind);
}

const CONNECTION_FAULTS: ReadonlySet<string> = new Set<TrueNasErrorKind>([
  'unreachable',
  'timeout',
  'closed',
  'protocol',
  'too-large',
]);

/** The circumstances of a sign-in that failed. */
export interface SignInFacts {
  readonly hasSeenScram: boolean;
  readonly hasUsername: boolean;
  readonly timeoutMs: number;
}

/** Turns what a sign-in call may throw into a sign-in error; faults of the connection keep their kind. */
export function explain(error: unknown, known: SignInFacts): unknown {
  if (!(error instanceof TrueNasError) || error instanceof SignInError) return error;
  const { nasText, errname, errno, method } = error;
  const parts = { nasText, errname, errno, method, cause: error };
  if (isTooManyCalls(error)) {
    // The places of this connection are full; a new connection has all of them free.
    return new TrueNasError('unreachable', {
      ...parts,
      summary: 'The NAS had no room for the sign-in among the calls of this connection.',
      nextStep: 'Call again; the connection is opened anew.',
    });
  }
  if (error.kind === 'busy') {
    return new SignInError('rate-limited', {
      ...parts,
      summary: 'The NAS takes no more sign-ins from this address at the moment (20 a minute).',
      nextStep: 'Wait a minute; check whether another program keeps signing in from this computer.',
    });
  }
  if (!known.hasUsername && (error.kind === 'method-missing' || error.kind === 'validation')) {
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
  if (error.kind === 'timeout') {
    return new TrueNasError('timeout', {
      ...parts,
      summary: `The connection to the NAS stands, but it did not answer ${method ?? 'the sign-in'} within ${Math.round(known.timeoutMs / 1000)} s.`,
      nextStep:
        'The NAS may still be starting, or a proxy in between swallows the messages: wait a minute and try again, or set TRUENAS_URL to the address of the NAS itself.',
    });
  }
  if (isConnectionFault(error)) return error;
  const meaning = meaningOf(error, known);
  if (meaning !== undefined) return new SignInError(meaning.reason, { ...parts, ...meaning.words });
  return new SignInError('unexpected-answer', {
    ...parts,
    summary: `The sign-in failed: ${error.summary}`,
    nextStep: error.nextStep,
  });
}

interface Meaning {
  readonly reason: SignInReason;
  readonly words: { readonly summary: string; readonly nextStep: string };
}

/** The meaning of failures that the NAS words as faults of its own program. */
function meaningOf(error: TrueNasError, { hasSeenScram }: SignInFacts): Meaning | undefined {
  const text = error.nasText ?? '';
  if (text.includes('unexpected authenticator run state')) {
    return {
      reason: 'wrong-key',
      words: {
        summary:
          'The NAS does not accept the API key: most likely it was revoked, or belongs to another user.',
        nextStep: `Make a new key on the NAS (${API_KEYS_PLACE}), and set TRUENAS_USERNAME to the user for whom it was made.`,
      },
    };
  }
  // 26 fails so over a user without any privilege.
  if (hasSeenScram && text.includes("'NoneType' object is not subscriptable")) {
    return {
      reason: 'denied',
      words: {
        summary: 'The API key is right, but its user has no privilege to use the API.',
        nextStep: GIVE_A_ROLE,
      },
    };
  }
  if (isSessionGone(error)) {
    return {
      reason: 'unexpected-answer',
      words: {
        summary: `The sign-in failed: the NAS demands a session for ${error.method ?? 'it'}, which is a step towards one.`,
        nextStep:
          'Update the NAS, or set TRUENAS_URL to the address of the NAS itself: something in between may alter the traffic.',
      },
    };
  }
  return undefined;
}

/** The addresses among `urls`; other texts are untrusted and not shown. */
function urlList(urls: WireValue | undefined): string {
  const texts = (Array.isArray(urls) ? urls : []).filter((url) => typeof url === 'string').filter(isAddress);
  return texts.length === 0 ? '' : `: ${texts.slice(0, 4).join(', ')}`;
}

function isAddress(text: string): boolean {
  return /^[\w.:/[\]-]{1,100}$/.test(text);
}
