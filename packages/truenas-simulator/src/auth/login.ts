/** Signing in: the mechanisms of `auth.login_ex` and their two-step exchanges (PROTOCOL section 4). */
import { recordStep, recordUnknownKey } from '../audit/sign-ins.ts';
import { CallError, ERRNO, PlainError } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import type { Credential, CredentialType, SimSession } from '../session/session-state.ts';
import type { ApiKeyRow, UserRow } from './accounts.ts';
import { isRightCode } from './otp.ts';
import { finishExchange, readClientFirst, type ScramExchange, scramSecrets, startExchange } from './scram.ts';
import { userInfo } from './user-info.ts';

/** Options common to the mechanisms. */
export interface LoginOptions {
  readonly user_info: boolean;
  readonly reconnect_token?: boolean;
}

/** What `auth.login_ex` is given. */
export type LoginData =
  | {
      readonly mechanism: 'API_KEY_PLAIN';
      readonly username: string;
      readonly api_key: string;
      readonly login_options: LoginOptions;
    }
  | {
      readonly mechanism: 'PASSWORD_PLAIN';
      readonly username: string;
      readonly password: string;
      readonly login_options: LoginOptions;
    }
  | { readonly mechanism: 'TOKEN_PLAIN'; readonly token: string; readonly login_options: LoginOptions }
  | { readonly mechanism: 'OTP_TOKEN'; readonly otp_token: string; readonly login_options: LoginOptions }
  | {
      readonly mechanism: 'SCRAM';
      readonly scram_type: 'CLIENT_FIRST_MESSAGE' | 'CLIENT_FINAL_MESSAGE';
      readonly rfc_str: string;
    };

/** An answer of `auth.login_ex`. */
export type LoginResponse = { readonly response_type: string } & Readonly<Record<string, unknown>>;

const AUTH_ERR: LoginResponse = { response_type: 'AUTH_ERR' };
const EXPIRED: LoginResponse = { response_type: 'EXPIRED' };
/** Wrong codes after which 25.x asks once more. */
const MAX_CODE_ATTEMPTS = 3;

/** The unfinished two-step sign-in of a session. */
type Pending =
  | { readonly kind: 'otp'; readonly user: UserRow; attempts: number }
  | {
      readonly kind: 'scram';
      readonly user: UserRow;
      readonly key: ApiKeyRow;
      readonly exchange: ScramExchange;
    };

const pendingBySession = new WeakMap<SimSession, Pending>();

/** Runs one step of a sign-in. @throws CallError for a mechanism or step that is not allowed now */
export async function login(context: MethodContext, data: LoginData): Promise<LoginResponse> {
  const pending = pendingBySession.get(context.session);
  pendingBySession.delete(context.session);
  if (data.mechanism === 'OTP_TOKEN' && pending?.kind !== 'otp') {
    throw new CallError('OTP_TOKEN: no authentication in progress', ERRNO.EINVAL);
  }
  refuseAtLevel2(context, data.mechanism);
  const response = await runStep(context, data, pending);
  recordStep(context, data, pending?.user.username, response);
  return response;
}

async function runStep(
  context: MethodContext,
  data: LoginData,
  pending: Pending | undefined,
): Promise<LoginResponse> {
  switch (data.mechanism) {
    case 'API_KEY_PLAIN':
      return loginByKey(context, data.username, data.api_key, data.login_options);
    case 'PASSWORD_PLAIN':
      return loginByPassword(context, data.username, data.password, data.login_options);
    case 'TOKEN_PLAIN':
      return loginByToken(context, data.token, data.login_options);
    case 'OTP_TOKEN':
      return loginByCode(context, pending, data.otp_token, data.login_options);
    case 'SCRAM':
      return data.scram_type === 'CLIENT_FIRST_MESSAGE'
        ? startScram(context, data.rfc_str)
        : finishScram(context, pending, data.rfc_str);
  }
}

/** Signs in by key alone (`auth.login_with_api_key`). */
export async function loginByKeyAlone(context: MethodContext, key: string): Promise<boolean> {
  refuseAtLevel2(context, 'API_KEY_PLAIN');
  const { apiKeys } = context.accounts;
  const username = apiKeys.get(Number(key.split('-')[0]))?.username;
  if (username === undefined) {
    await refuse(context);
    recordUnknownKey(context, key);
    return false;
  }
  const login_options = { user_info: false };
  const response = await login(context, {
    mechanism: 'API_KEY_PLAIN',
    username,
    api_key: key,
    login_options,
  });
  return response.response_type === 'SUCCESS';
}

function refuseAtLevel2(context: MethodContext, mechanism: LoginData['mechanism']): void {
  if (context.accounts.security.level === 1) return;
  if (mechanism === 'PASSWORD_PLAIN' || mechanism === 'OTP_TOKEN') return;
  throw new CallError(
    `${mechanism}: mechanism is not supported at current authenticator level.`,
    ERRNO.EOPNOTSUPP,
  );
}

async function refuse(context: MethodContext): Promise<LoginResponse> {
  const isLevel2 = context.accounts.security.level === 2;
  await context.internals.delay(isLevel2 ? 4000 : 1000, isLevel2 ? 5000 : 2000);
  return AUTH_ERR;
}

async function loginByKey(
  context: MethodContext,
  username: string,
  key: string,
  options: LoginOptions,
): Promise<LoginResponse> {
  const { accounts, session } = context;
  const row = accounts.matchApiKey(key);
  const user = accounts.userByName(username);
  if (row === undefined || user === undefined || row.username !== username || user.locked) {
    return refuse(context);
  }
  if (isRevoked(row)) return isAtLeast(context.release, '27.0') ? refuse(context) : EXPIRED;
  if (hasExpired(context, row) || user.isExpired) return EXPIRED;
  if (!session.isSecure) {
    row.revokedReason = 'Attempt to use over an insecure transport';
    return EXPIRED;
  }
  return complete(context, user, 'API_KEY', options, { key: row });
}

function isRevoked(row: ApiKeyRow): boolean {
  return row.revokedReason !== null;
}

function hasExpired({ now }: MethodContext, row: ApiKeyRow): boolean {
  return row.expiresAt !== null && row.expiresAt.getTime() <= now();
}

async function loginByPassword(
  context: MethodContext,
  username: string,
  password: string,
  options: LoginOptions,
): Promise<LoginResponse> {
  const { accounts, internals, session } = context;
  const user = accounts.userByName(username);
  if (user === undefined || user.locked) return refuse(context);
  if (internals.tokens.useOneTimePassword(user, password)) {
    return complete(context, user, 'LOGIN_ONETIME_PASSWORD', options);
  }
  if (user.password === null || user.password_disabled || user.password !== password) return refuse(context);
  if (user.isExpired) return EXPIRED;
  if (accounts.security.isTwoFactorEnabled && user.otpSecret !== null) {
    pendingBySession.set(session, { kind: 'otp', user, attempts: 0 });
    return { response_type: 'OTP_REQUIRED', username };
  }
  return complete(context, user, 'LOGIN_PASSWORD', options);
}

async function loginByCode(
  context: MethodContext,
  pending: Pending | undefined,
  code: string,
  options: LoginOptions,
): Promise<LoginResponse> {
  if (pending?.kind !== 'otp') return refuse(context);
  const { user } = pending;
  if (isRightCode(user.otpSecret ?? '', code, context.now())) {
    return complete(context, user, 'LOGIN_TWOFACTOR', options);
  }
  const attempts = pending.attempts + 1;
  if (isAtLeast(context.release, '27.0') || attempts > MAX_CODE_ATTEMPTS) return refuse(context);
  pendingBySession.set(context.session, { ...pending, attempts });
  return { response_type: 'OTP_REQUIRED', username: user.username };
}

async function loginByToken(
  context: MethodContext,
  text: string,
  options: LoginOptions,
): Promise<LoginResponse> {
  const token = context.internals.tokens.use(text, context.session.remoteAddress);
  if (token === null || Object.keys(token.attributes).length > 0) return refuse(context);
  if (token.user.isExpired) return EXPIRED;
  return complete(context, token.user, 'TOKEN', options, { maker: token.maker });
}

async function startScram(context: MethodContext, message: string): Promise<LoginResponse> {
  const { accounts, internals, session } = context;
  const first = readClientFirst(message);
  if (first === null || (first.isBound && internals.certificateHash === null)) return refuse(context);
  const key = accounts.apiKeys.get(first.keyId);
  const user = accounts.userByName(first.username);
  if (key === undefined || user === undefined || key.username !== user.username || user.locked) {
    return refuse(context);
  }
  // Keys that have ended are in no keyring: the exchange does not begin.
  if (isRevoked(key) || hasExpired(context, key)) return refuse(context);
  const exchange = startExchange(first, key.salt, internals.scramIterations);
  pendingBySession.set(session, { kind: 'scram', user, key, exchange });
  return scramResponse('SERVER_FIRST_RESPONSE', exchange.serverFirst, null);
}

async function finishScram(
  context: MethodContext,
  pending: Pending | undefined,
  message: string,
): Promise<LoginResponse> {
  if (pending?.kind !== 'scram') {
    throw new CallError('SCRAM authentication is not in progress', ERRNO.EINVAL);
  }
  const { user, key, exchange } = pending;
  const { internals } = context;
  const secrets = await scramSecrets(key, internals.scramIterations);
  const signature = finishExchange(exchange, secrets, message, internals.certificateHash);
  if (signature === null) return refuse(context);
  if (user.isExpired) return refuse(context);
  if (hasNoPrivilege(context, user)) {
    throw new PlainError("'NoneType' object is not subscriptable", 'TypeError');
  }
  const credential = signIn(context, user, 'API_KEY', { key, isScram: true });
  return scramResponse('SERVER_FINAL_RESPONSE', signature, userInfo(context, credential));
}

function scramResponse(type: string, text: string, info: unknown): LoginResponse {
  return { response_type: 'SCRAM_RESPONSE', scram_type: type, rfc_str: text, user_info: info };
}

function hasNoPrivilege({ accounts }: MethodContext, user: UserRow): boolean {
  return accounts.rolesOf(user).size === 0;
}

interface LoginExtras {
  readonly key?: ApiKeyRow;
  readonly isScram?: boolean;
  /** Of the token that signs in. */
  readonly maker?: Credential;
}

const RECONNECT_TTL_MS = 600_000;

async function complete(
  context: MethodContext,
  user: UserRow,
  type: CredentialType,
  options: LoginOptions,
  extras: LoginExtras = {},
): Promise<LoginResponse> {
  if (hasNoPrivilege(context, user)) {
    return isAtLeast(context.release, '27.0') ? { response_type: 'DENIED' } : refuse(context);
  }
  const credential = signIn(context, user, type, extras);
  const response = {
    response_type: 'SUCCESS',
    user_info: options.user_info ? userInfo(context, credential) : null,
    authenticator: context.accounts.security.level === 1 ? 'LEVEL_1' : 'LEVEL_2',
  };
  if (!isAtLeast(context.release, '27.0')) return response;
  const { internals, session } = context;
  const token = {
    ...{ user, maker: credential, ttlMs: RECONNECT_TTL_MS, attributes: {} },
    ...{ address: session.remoteAddress, isSingleUse: true },
  };
  const isWanted = options.reconnect_token === true;
  return { ...response, reconnect_token: isWanted ? internals.tokens.create(token) : null };
}

/** The credential as `auth.sessions` shows it and tokens inherit it. */
export function sessionCredential(credential: Credential): Record<string, unknown> {
  return { credentials: credential.type, credentials_data: credential.data };
}

function signIn(
  context: MethodContext,
  user: UserRow,
  type: CredentialType,
  { key, isScram, maker }: LoginExtras,
): Credential {
  const { session, release, now } = context;
  const loggedInAtMs = now();
  const data: Record<string, unknown> = { username: user.username };
  if (isAtLeast(release, '25.10')) data.login_id = session.id;
  if (maker === undefined) data.login_at = new Date(loggedInAtMs);
  else data.parent = sessionCredential(maker);
  if (key !== undefined) data.api_key = { id: key.id, name: key.name };
  const credential: Credential = {
    ...{ type, user, data, loggedInAtMs, isScram: isScram === true },
    apiKeyId: key?.id ?? null,
    narrowedTo: maker?.narrowedTo ?? null,
  };
  session.signIn(credential);
  return credential;
}
