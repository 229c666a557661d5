/** The NAS's refusals of a sign-in, worded for the person who has to act. */
import type { WireValue } from '../client.ts';
import { SignInError, TrueNasError, type TrueNasErrorKind } from '../errors.ts';
import { isTooManyCalls } from '../connection/reply-error.ts';

/** Each answer of `auth.login_ex` that is not a success, as an error of its own. */
export function refusal(answer: Record<string, WireValue>, user: string, isBound: boolean): SignInError {
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

/** True for a name of an answer, which is too short for a key; other texts are not repeated. */
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
export function explain(error: unknown, known: { hasSeenScram: boolean; hasUsername: boolean }): unknown {
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
  // A fault of the connection says nothing about the credential.
  if (CONNECTION_FAULTS.has(error.kind)) return error;
  return new SignInError('unexpected-answer', {
    ...parts,
    summary: `The sign-in failed: ${error.summary}`,
    nextStep: error.nextStep,
  });
}

/** The addresses among `urls`; other texts are untrusted and not shown. */
function urlList(urls: WireValue | undefined): string {
  const texts = (Array.isArray(urls) ? urls : []).filter((url) => typeof url === 'string').filter(isAddress);
  return texts.length === 0 ? '' : `: ${texts.slice(0, 4).join(', ')}`;
}

function isAddress(text: string): boolean {
  return /^[\w.:/[\]-]{1,100}$/.test(text);
}
