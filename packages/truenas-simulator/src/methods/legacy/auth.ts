/** `auth.*` of the older releases: a refused sign-in is just `false`. */
import * as z from 'zod';
import type { AllowlistItem, UserPrivilege } from '../../auth/account-store.ts';
import type { ApiKeyRow, UserRow } from '../../auth/accounts.ts';
import { isRightCode } from '../../auth/otp.ts';
import { expandRoles, FULL_ADMIN } from '../../auth/roles.ts';
import { userInfo } from '../../auth/user-info.ts';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO } from '../../errors/exceptions.ts';
import { isFullAccess } from '../../legacy/access.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';
import { anyObject, text } from '../../schema/schema.ts';
import type { CredentialType, SimSession } from '../../session/session-state.ts';

const EVERYTHING: readonly AllowlistItem[] = [{ method: '*', resource: '*' }];
const TOKEN_LENGTH = 64;

/** The methods of a release. */
export function legacyAuthMethods(legacy: LegacyRelease): readonly SimMethod[] {
  const isFreebsd = isCore(legacy);
  return [
    {
      name: 'auth.login',
      description: 'Signs in by name and password.',
      auth: 'none',
      params: [
        ['username', text()],
        ['password', text()],
        ['otp_token', text().nullable().default(null)],
      ],
      run: (context: MethodContext, username: string, password: string, code: string | null) =>
        loginByPassword(context, legacy, username, password, code),
    },
    {
      name: 'auth.login_with_api_key',
      description: 'Signs in by API key.',
      auth: 'none',
      params: [['api_key', text()]],
      run: loginByKey,
    },
    {
      name: isFreebsd ? 'auth.token' : 'auth.login_with_token',
      description: 'Signs in by a token.',
      auth: 'none',
      params: [['token', text()]],
      run: loginByToken,
    },
    {
      name: 'auth.generate_token',
      description: 'A token that signs another connection in.',
      // The newer one looks for itself who is asking.
      auth: isFreebsd ? 'login' : 'none',
      params: [
        ['ttl', z.int().nullable().default(600)],
        ['attrs', anyObject().default({})],
        ...(isFreebsd ? [] : [['match_origin', z.boolean().default(true)] as const]),
      ],
      run: generateToken,
    },
    {
      name: 'auth.two_factor_auth',
      description: 'True where a sign-in needs a one-time code.',
      auth: 'none',
      params: isFreebsd
        ? []
        : [
            ['username', text()],
            ['password', text()],
          ],
      run: ({ accounts }: MethodContext, username = 'root', password?: string) => {
        const user = accounts.userByName(username);
        if (!accounts.security.isTwoFactorEnabled) return false;
        if (password !== undefined && user?.password !== password) return false;
        return user?.otpSecret !== null && user !== undefined;
      },
    },
    {
      name: 'auth.logout',
      description: 'Ends the sign-in of this connection.',
      run({ session }: MethodContext) {
        session.signIn(null);
        return true;
      },
    },
    {
      name: 'auth.sessions',
      description: 'Connections that are signed in.',
      roles: ['AUTH_SESSIONS_READ'],
      filterable: true,
      run: ({ internals, session }: MethodContext) =>
        internals.sessions().flatMap((each) => sessionRow(each, session, isFreebsd)),
    },
    ...(isFreebsd ? [] : [ME]),
    {
      name: 'auth.check_user',
      description: 'True for the right password of a user.',
      params: [
        ['username', text()],
        ['password', text()],
      ],
      run: ({ accounts }: MethodContext, username: string, password: string) =>
        accounts.userByName(username)?.password === password,
    },
  ];
}

const ME: SimMethod = {
  name: 'auth.me',
  description: 'The signed-in user and what it may do.',
  auth: 'login',
  run(context: MethodContext) {
    const { credential } = context.session;
    if (credential === null || credential.type === 'API_KEY') {
      throw new CallError(`You are logged in using ${credential?.type ?? 'nothing'}`);
    }
    const { privilege, ...row } = userInfo(context, credential) as Record<string, unknown> & {
      privilege: { roles: Iterable<string>; allowlist: readonly AllowlistItem[] };
    };
    // Who may do everything has one role, and one entry that says so.
    const roles = context.session.isFullAdmin ? [FULL_ADMIN] : [...privilege.roles];
    return { ...row, privilege: { ...privilege, roles } };
  },
};

async function loginByPassword(
  context: MethodContext,
  legacy: LegacyRelease,
  username: string,
  password: string,
  code: string | null,
): Promise<boolean> {
  const { accounts, internals, now } = context;
  const user = accounts.userByName(username);
  const isRefused =
    user === undefined ||
    user.password === null ||
    user.password !== password ||
    user.password_disabled ||
    user.locked ||
    (isCore(legacy) ? username !== 'root' : accounts.rolesOf(user).size === 0) ||
    (accounts.security.isTwoFactorEnabled &&
      user.otpSecret !== null &&
      (code === null || !isRightCode(user.otpSecret, code, now())));
  if (user === undefined || isRefused) {
    if (!isCore(legacy)) await internals.delay(1000, 5000);
    return false;
  }
  signIn(context, user, 'LOGIN_PASSWORD', { username });
  return true;
}

/** A key belongs to nobody: it stands for root, and on 24.10 for no more than its list has. */
function loginByKey(context: MethodContext, key: string): boolean {
  const { accounts } = context;
  const row = accounts.matchApiKey(key);
  const root = accounts.userByName('root');
  if (row === undefined || root === undefined || hasEnded(context, row)) return false;
  const data = { api_key: { id: row.id, name: row.name } };
  signIn(context, root, 'API_KEY', data, { apiKeyId: row.id, privilege: privilegeOf(row) });
  return true;
}

/** Keys do not end there by themselves: only as a test orders it, which is as good as deleted. */
function hasEnded({ now }: MethodContext, row: ApiKeyRow): boolean {
  return row.revokedReason !== null || (row.expiresAt !== null && row.expiresAt.getTime() <= now());
}

function privilegeOf({ allowlist = EVERYTHING }: ApiKeyRow): UserPrivilege {
  const isFull = isFullAccess(allowlist);
  const roles = isFull ? expandRoles('25.04', [FULL_ADMIN]) : new Set<string>();
  return { roles, allowlist, web_shell: isFull, webui_access: isFull };
}

function loginByToken(context: MethodContext, text: string): boolean | null {
  const token = context.internals.tokens.use(text, context.session.remoteAddress);
  if (token === null) return false;
  if (Object.keys(token.attributes).length > 0 && !isCore(context.world.legacy?.release ?? null)) return null;
  const { type: credentials, data: credentials_data } = token.maker;
  signIn(
    context,
    token.user,
    'TOKEN',
    { username: token.user.username, parent: { credentials, credentials_data } },
    { apiKeyId: null, privilege: token.maker.narrowedTo },
  );
  return true;
}

function signIn(
  { session, now }: MethodContext,
  user: UserRow,
  type: CredentialType,
  data: Readonly<Record<string, unknown>>,
  key: { readonly apiKeyId: number | null; readonly privilege: UserPrivilege | null } = {
    apiKeyId: null,
    privilege: null,
  },
): void {
  const { apiKeyId, privilege: narrowedTo } = key;
  session.signIn({ type, user, apiKeyId, data, loggedInAtMs: now(), narrowedTo });
}

function generateToken(
  { session, internals }: MethodContext,
  ttl: number | null,
  attributes: Record<string, unknown>,
  matchesOrigin = false,
): string {
  const { credential } = session;
  if (credential === null) throw new CallError('Not authenticated', ERRNO.EACCES);
  const token = {
    ...{ user: credential.user, maker: credential, ttlMs: (ttl ?? 600) * 1000, attributes },
    ...{ address: matchesOrigin ? session.remoteAddress : null, isSingleUse: false },
  };
  return internals.tokens.create(token, TOKEN_LENGTH);
}

function sessionRow(session: SimSession, current: SimSession, isFreebsd: boolean): Record<string, unknown>[] {
  const { credential } = session;
  if (credential === null) return [];
  const origin = `${session.remoteAddress}:${session.remotePort}`;
  const created = { created_at: new Date(session.createdAtMs) };
  const { type: credentials } = credential;
  // Whoever comes from the machine itself counts as a part of it.
  if (isFreebsd) return [{ id: session.id, internal: true, origin, credentials, ...created }];
  return [
    {
      ...{ id: session.id, current: session.id === current.id, internal: false, origin },
      ...{ credentials, credentials_data: credential.data, ...created },
    },
  ];
}
