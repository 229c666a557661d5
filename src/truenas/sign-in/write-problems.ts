/** Refusals of the sign-in of a write session: the reading key and its settings have no part in it. */
import { API_KEYS_PLACE } from '../api-key.ts';
import { SignInError, type SignInReason } from '../errors.ts';

/** The sign-in's part that its refusals are worded by. */
interface Signer {
  readonly kind: 'person' | 'api-key';
}

interface Words {
  /** The error's own when absent. */
  readonly summary?: string;
  readonly nextStep: string;
}

/** The same error in words for whoever gave the credential; other errors stay as they are. */
export function forWriting(error: unknown, { kind }: Signer): unknown {
  if (!(error instanceof SignInError)) return error;
  const words = (kind === 'person' ? OF_PERSON : OF_KEY)[error.reason];
  if (words === undefined) return error;
  const { summary, method, nasText, errname, errno } = error;
  return new SignInError(error.reason, { summary, ...words, method, nasText, errname, errno, cause: error });
}

const NO_PRIVILEGE =
  'Let an administrator give its group a privilege on the NAS (Credentials > Groups > Privileges), or sign in as somebody else.';

const OF_PERSON: Readonly<Partial<Record<SignInReason, Words>>> = {
  'expired-or-revoked': {
    summary: 'The NAS does not let this account sign in any more: it has expired.',
    nextStep: 'Sign in as another administrator, or let one extend the account (Credentials, Users).',
  },
  denied: {
    summary: 'User name and password are right, but the account has no privilege to use the API.',
    nextStep: NO_PRIVILEGE,
  },
  'mechanism-refused': {
    summary: 'The NAS does not accept a password alone at its present security level.',
    nextStep: 'Set up the second factor of the account on the NAS, and sign in with the code too.',
  },
};

const OF_KEY: Readonly<Partial<Record<SignInReason, Words>>> = {
  'wrong-key': {
    summary: 'The NAS does not accept this API key.',
    nextStep:
      'Check that the key was copied whole and that the user name is that of its owner. The NAS may answer the same for a key that has expired or was revoked, and for an owner without any privilege.',
  },
  'expired-or-revoked': {
    summary: 'The API key or its account has expired, or the key was revoked.',
    nextStep: `Make a new key on the NAS (${API_KEYS_PLACE}). A NAS revokes a key that was ever sent to it without TLS.`,
  },
  'otp-required': {
    summary: 'The NAS asks for a one-time code, which an API key cannot give.',
    nextStep: 'Check that this is an API key (number, dash, 64 characters) and not a password.',
  },
  denied: {
    summary: 'The API key is right, but its owner has no privilege to use the API.',
    nextStep: NO_PRIVILEGE,
  },
  'unusable-key': {
    nextStep:
      'It takes a whole API key (a number, a dash, letters and digits) of a user whose name has neither "," nor "=".',
  },
  'username-needed': {
    summary: 'This TrueNAS needs the user name that belongs to the API key.',
    nextStep: 'Give the name of the user for whom the key was made.',
  },
};
