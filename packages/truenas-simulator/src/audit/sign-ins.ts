/** Entries of the audit log about the steps of a sign-in. */
import type { LoginData, LoginResponse } from '../auth/login.ts';
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { type AuditCredentials, recordRefusal, recordSignIn } from './entries.ts';

/** Writes the outcome of a step; one that asks for another step writes nothing. `username` of a pending sign-in. */
export function recordStep(
  context: MethodContext,
  data: LoginData,
  username: string | undefined,
  response: LoginResponse,
): void {
  const { session } = context;
  const { response_type: type } = response;
  if (type === 'SUCCESS' || response['scram_type'] === 'SERVER_FINAL_RESPONSE') {
    recordSignIn(context, session);
    return;
  }
  const reason = reasonOf(context, data, type);
  if (reason !== null) recordRefusal(context, session, attempted(context, data, username), reason);
}

/** A key that belongs to nobody is written down as it came: whoever may read the log sees it. */
export function recordUnknownKey(context: MethodContext, key: string): void {
  const data = { username: null, api_key: key };
  const credentials = { credentials: 'API_KEY', credentials_data: data };
  recordRefusal(context, context.session, credentials, 'Invalid API key');
}

function reasonOf({ release }: MethodContext, data: LoginData, type: string): string | null {
  switch (type) {
    case 'AUTH_ERR': {
      if (data.mechanism === 'TOKEN_PLAIN') return 'Invalid token';
      if (isAtLeast(release, '27.0')) return 'Authentication failure';
      return data.mechanism === 'API_KEY_PLAIN' ? 'Invalid API key' : 'Bad username or password';
    }
    case 'EXPIRED':
      return data.mechanism === 'API_KEY_PLAIN' ? 'API key is expired or revoked' : 'Account is expired';
    case 'DENIED':
      return 'User lacks API access.';
    default:
      return null;
  }
}

/** Who tried, as the log has it; the secret that did not fit is not in it. */
function attempted(context: MethodContext, data: LoginData, username: string | undefined): AuditCredentials {
  switch (data.mechanism) {
    case 'API_KEY_PLAIN': {
      const key = context.accounts.matchApiKey(data.api_key);
      const shown = key === undefined ? '<INVALID>' : { id: key.id, name: key.name };
      return { credentials: 'API_KEY', credentials_data: { username: data.username, api_key: shown } };
    }
    case 'PASSWORD_PLAIN':
      return { credentials: 'LOGIN_PASSWORD', credentials_data: { username: data.username } };
    case 'TOKEN_PLAIN':
      return { credentials: 'TOKEN', credentials_data: { token: data.token } };
    case 'OTP_TOKEN':
      return { credentials: 'LOGIN_TWOFACTOR', credentials_data: { username } };
    case 'SCRAM':
      return { credentials: 'API_KEY', credentials_data: { username, api_key: '<INVALID>' } };
  }
}
