/** The mechanisms of a sign-in in words. */
import type { SignInMechanism } from '../../truenas/index.ts';

/** By mechanism, completing "signed in by". */
export const MECHANISMS: Readonly<Record<SignInMechanism, string>> = {
  'SCRAM-PLUS': 'SCRAM bound to the certificate (the key does not travel)',
  SCRAM: 'SCRAM (the key does not travel)',
  API_KEY_PLAIN: 'user and key',
  LOGIN_WITH_API_KEY: 'the key alone',
  PASSWORD_PLAIN: 'password',
  OTP_TOKEN: 'password and one-time code',
};
