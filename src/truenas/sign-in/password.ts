/** A person's sign-in: password, then the one-time code where the NAS asks for it (PROTOCOL sections 4 and 14). */
import type { WireValue } from '../client.ts';
import type { JsonRpc } from '../connection/json-rpc.ts';
import { SignInError } from '../errors.ts';
import { readAccount, recordOf } from './account.ts';
import type { Accepted } from './mechanisms.ts';
import { refusal } from './problems.ts';

/** What a person types. */
export interface PersonalSignIn {
  readonly username: string;
  readonly password: string;
  readonly oneTimeCode?: string | undefined;
}

/**
 * Signs in; no reconnect token is asked for.
 * @throws SignInError `otp-required` when the NAS asks for a code and none was given
 */
export async function withPassword(
  rpc: JsonRpc,
  { username, password, oneTimeCode }: PersonalSignIn,
  timeoutMs: number,
): Promise<Accepted> {
  const login = async (data: Record<string, unknown>): Promise<Record<string, WireValue>> => {
    const step = { ...data, login_options: { user_info: true } };
    return recordOf(await rpc.call('auth.login_ex', [step], timeoutMs)) ?? {};
  };
  const first = await login({ mechanism: 'PASSWORD_PLAIN', username, password });
  if (first.response_type === 'SUCCESS')
    return { mechanism: 'PASSWORD_PLAIN', account: readAccount(first.user_info) };
  if (first.response_type === 'AUTH_ERR') throw wrongPassword();
  if (first.response_type !== 'OTP_REQUIRED')
    throw refusal(first, { user: username, mechanism: 'PASSWORD_PLAIN' });
  if (oneTimeCode === undefined) throw codeNeeded(username);
  const second = await login({ mechanism: 'OTP_TOKEN', otp_token: oneTimeCode });
  if (second.response_type === 'SUCCESS')
    return { mechanism: 'OTP_TOKEN', account: readAccount(second.user_info) };
  // Releases up to 25.10 ask once more after a wrong code, later ones refuse at once.
  if (second.response_type === 'OTP_REQUIRED' || second.response_type === 'AUTH_ERR') throw wrongCode();
  throw refusal(second, { user: username, mechanism: 'OTP_TOKEN' });
}

/** The name is not repeated: it may be the password, typed into the wrong field. */
function wrongPassword(): SignInError {
  return new SignInError('wrong-password', {
    summary: 'The NAS does not accept this user name and password.',
    nextStep:
      'Type both again. The NAS answers the same for an account that is locked or has its password disabled, and up to TrueNAS 25.10 for one without any privilege.',
  });
}

function codeNeeded(username: string): SignInError {
  return new SignInError('otp-required', {
    summary: `The NAS asks for the one-time code of "${username}".`,
    nextStep: 'Type the six digits of the authenticator app together with user name and password.',
  });
}

function wrongCode(): SignInError {
  return new SignInError('wrong-code', {
    summary: 'The NAS does not accept this one-time code.',
    nextStep:
      'Wait for the next code of the authenticator app and sign in with that; the clocks of its device and of the NAS must agree.',
  });
}
