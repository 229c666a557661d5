/** `auth.*`: signing in and out, tokens, sessions. */
import * as z from 'zod';
import { recordLogout } from '../audit/entries.ts';
import type { LoginData } from '../auth/login.ts';
import { login, loginByKeyAlone, sessionCredential } from '../auth/login.ts';
import { userInfo } from '../auth/user-info.ts';
import { CallError, ERRNO, PlainError } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, member, model, secret, text } from '../schema/schema.ts';
import type { Credential, SimSession } from '../session/session-state.ts';

const PLAIN_OPTIONS = model('AuthCommonOptions', { user_info: z.boolean().default(true) });
const OPTIONS_27 = model('AuthCommonOptions', {
  user_info: z.boolean().default(true),
  reconnect_token: z.boolean().default(false),
});

/** A mechanism's name; before 27.0 the NAS prints it as a member of its enumeration. */
function mechanism<const Name extends string>(release: SimRelease, name: Name): z.ZodLiteral<Name> {
  return isAtLeast(release, '27.0') ? z.literal(name) : member('AuthMech', name);
}

function loginModels(release: SimRelease) {
  const login_options = isAtLeast(release, '27.0') ? OPTIONS_27.prefault({}) : PLAIN_OPTIONS.prefault({});
  return {
    key: model('AuthApiKeyPlain', {
      mechanism: mechanism(release, 'API_KEY_PLAIN'),
      username: text(),
      api_key: secret(text()),
      login_options,
    }),
    password: model('AuthPasswordPlain', {
      mechanism: mechanism(release, 'PASSWORD_PLAIN'),
      username: text(),
      password: secret(text()),
      login_options,
    }),
    token: model('AuthTokenPlain', {
      mechanism: mechanism(release, 'TOKEN_PLAIN'),
      token: secret(text()),
      login_options,
    }),
    code: model('AuthOTPToken', {
      mechanism: mechanism(release, 'OTP_TOKEN'),
      otp_token: secret(text()),
      login_options,
    }),
  };
}

const SCRAM = model('AuthSCRAM', {
  mechanism: z.literal('SCRAM'),
  scram_type: z.enum(['CLIENT_FIRST_MESSAGE', 'CLIENT_FINAL_MESSAGE']),
  rfc_str: text(),
});

/** 25.04 tries one mechanism after another and complains about all, later releases look at the tag. */
function loginData(release: SimRelease): z.ZodType {
  const { key, password, token, code } = loginModels(release);
  if (!isAtLeast(release, '25.10')) return z.union([key, password, token, code]);
  return isAtLeast(release, '27.0')
    ? z.discriminatedUnion('mechanism', [key, password, token, code, SCRAM])
    : z.discriminatedUnion('mechanism', [key, password, token, code]);
}

const SIGN_IN: readonly SimMethod[] = [
  {
    name: 'auth.mechanism_choices',
    description: 'Mechanisms that auth.login_ex takes at the current authenticator level.',
    auth: 'none',
    roles: ['READONLY_ADMIN'],
    returns: z.array(z.string()),
    run: mechanismChoices,
  },
  {
    name: 'auth.login_ex',
    description: 'One step of a sign-in; the answer says whether another is needed.',
    auth: 'none',
    params: (release) => [['login_data', loginData(release)]],
    run: (context: MethodContext, data: LoginData) => login(context, data),
  },
  {
    name: 'auth.login_ex_continue',
    description: 'The second step of a sign-in that asked for a one-time code.',
    auth: 'none',
    params: (release) => [['login_data', loginModels(release).code]],
    run: (context: MethodContext, data: LoginData) => login(context, data),
  },
  {
    name: 'auth.login',
    description: 'Signs in by name and password.',
    auth: 'none',
    params: [
      ['username', text()],
      ['password', secret(text())],
      ['otp_token', secret(text().nullable().default(null))],
    ],
    returns: z.boolean(),
    run: loginByName,
  },
  {
    name: 'auth.login_with_api_key',
    description: 'Signs in by API key alone.',
    auth: 'none',
    params: [['api_key', secret(text())]],
    returns: z.boolean(),
    run: (context: MethodContext, key: string) => loginByKeyAlone(context, key),
  },
  {
    name: 'auth.login_with_token',
    description: 'Signs in by a token of auth.generate_token.',
    auth: 'none',
    params: [['token', secret(text())]],
    returns: z.boolean(),
    async run(context: MethodContext, token: string) {
      const options = { user_info: false };
      const answer = await login(context, { mechanism: 'TOKEN_PLAIN', token, login_options: options });
      return answer.response_type === 'SUCCESS';
    },
  },
];

const SESSION: readonly SimMethod[] = [
  {
    name: 'auth.logout',
    description: 'Ends the sign-in of this connection.',
    auth: 'login',
    returns: z.boolean(),
    run(context: MethodContext) {
      const { session, internals } = context;
      internals.dropEventSources(session);
      recordLogout(context, session);
      session.signIn(null);
      return true;
    },
  },
  {
    name: 'auth.me',
    description: 'The signed-in user and what it may do.',
    auth: 'login',
    run: (context) => userInfo(context, credentialOf(context)),
  },
  {
    name: 'auth.generate_token',
    audited: 'Generate authentication token for session',
    description: 'A token that signs another connection in as the same user.',
    auth: 'login',
    params: [
      ['ttl', z.int().nullable().default(600)],
      ['attrs', anyObject().default({})],
      ['match_origin', z.boolean().default(true)],
      ['single_use', z.boolean().default(false)],
    ],
    returns: z.string(),
    run: generateToken,
  },
  {
    name: 'auth.generate_onetime_password',
    audited: 'Generate onetime password for user',
    description: 'A password that is good for one sign-in of a user.',
    roles: ['ACCOUNT_WRITE'],
    params: [
      ['generate_single_use_password', model('AuthGenerateOnetimePasswordArgs', { username: text() })],
    ],
    returns: z.string(),
    run({ accounts, internals }, { username }: { username: string }) {
      const user = accounts.userByName(username);
      if (user === undefined) throw new CallError(`${username}: user does not exist`, ERRNO.ENOENT);
      return internals.tokens.createOneTimePassword(user);
    },
  },
  {
    name: 'auth.set_attribute',
    description: 'Keeps a value for the user, as the web interface does with its preferences.',
    auth: 'login',
    params: [
      ['key', text()],
      ['value', z.unknown()],
    ],
    returns: z.null(),
    run(context, key: string, value: unknown) {
      credentialOf(context).user.attributes[key] = value;
      return null;
    },
  },
  {
    name: 'auth.sessions',
    description: 'Connections that are signed in.',
    roles: ['AUTH_SESSIONS_READ'],
    filterable: true,
    run: ({ internals, session }) => internals.sessions().flatMap((each) => sessionRow(each, session)),
  },
  {
    name: 'auth.terminate_session',
    description: 'Closes another connection.',
    roles: ['AUTH_SESSIONS_WRITE'],
    params: [['id', text()]],
    returns: z.boolean(),
    run({ internals }, id: string) {
      const found = internals.sessions().find((each) => each.id === id);
      if (found !== undefined) internals.terminate(found);
      return found !== undefined;
    },
  },
  {
    name: 'auth.terminate_other_sessions',
    description: 'Closes every connection but this one.',
    roles: ['AUTH_SESSIONS_WRITE'],
    returns: z.literal(true),
    run({ internals, session }) {
      for (const each of internals.sessions()) if (each.id !== session.id) internals.terminate(each);
      return true;
    },
  },
];

/** `auth.*`. */
export const AUTH_METHODS: readonly SimMethod[] = [...SIGN_IN, ...SESSION];

function credentialOf({ session }: MethodContext): Credential {
  if (session.credential === null) throw new CallError('Not authenticated', ERRNO.ENOTAUTHENTICATED);
  return session.credential;
}

/** 25.x looks at the caller's credential here and falls over when there is none. */
function mechanismChoices({ release, session, accounts }: MethodContext): string[] {
  const is27 = isAtLeast(release, '27.0');
  if (!is27 && session.credential === null) {
    const problem = "'NoneType' object has no attribute 'may_create_auth_token'";
    throw new PlainError(problem, 'AttributeError');
  }
  if (accounts.security.level === 2) return ['PASSWORD_PLAIN'];
  const hasTokens = session.credential?.type !== 'LOGIN_ONETIME_PASSWORD';
  const token = hasTokens ? ['TOKEN_PLAIN'] : [];
  return ['API_KEY_PLAIN', ...token, 'PASSWORD_PLAIN', ...(is27 ? ['SCRAM'] : [])];
}

async function loginByName(
  context: MethodContext,
  username: string,
  password: string,
  code: string | null,
): Promise<boolean> {
  const login_options = { user_info: false };
  const first = await login(context, { mechanism: 'PASSWORD_PLAIN', username, password, login_options });
  if (first.response_type !== 'OTP_REQUIRED' || code === null) return first.response_type === 'SUCCESS';
  const second = await login(context, { mechanism: 'OTP_TOKEN', otp_token: code, login_options });
  return second.response_type === 'SUCCESS';
}

function generateToken(
  context: MethodContext,
  ttl: number | null,
  attributes: Record<string, unknown>,
  matchesOrigin: boolean,
  isSingleUse: boolean,
): string {
  const credential = credentialOf(context);
  if (context.accounts.security.level === 2 && !isSingleUse) {
    throw new CallError('Multi-use tokens are not supported at this authenticator level', ERRNO.EOPNOTSUPP);
  }
  if (credential.type === 'LOGIN_ONETIME_PASSWORD') {
    const rule = 'the current session type does not support creation of authentication tokens.';
    throw new CallError(`${credential.type}: ${rule}`, ERRNO.EOPNOTSUPP);
  }
  return context.internals.tokens.create({
    user: credential.user,
    maker: credential,
    ttlMs: (ttl ?? 600) * 1000,
    attributes,
    address: matchesOrigin ? context.session.remoteAddress : null,
    isSingleUse,
  });
}

function sessionRow(session: SimSession, current: SimSession): Record<string, unknown>[] {
  const { credential } = session;
  if (credential === null) return [];
  return [
    {
      id: session.id,
      current: session.id === current.id,
      internal: false,
      origin: `${session.remoteAddress}:${session.remotePort}`,
      ...sessionCredential(credential),
      created_at: new Date(session.createdAtMs),
      secure_transport: session.isSecure,
    },
  ];
}
