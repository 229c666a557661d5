/** The one sign-in of an administrator: what is typed is sent once, to a NAS whose certificate is settled, and kept nowhere. */
import { readFileSync } from 'node:fs';
import {
  openWriteSession,
  silentLog,
  SignInError,
  type TlsTrust,
  type WriteSession,
} from '../../truenas/index.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import { type Asker, SetupStopped } from './asker.ts';
import { secretText } from './files.ts';

/** Where name, password and code come from when nobody types them. */
export interface AdministratorSource {
  readonly name: string | undefined;
  /** `-` is stdin. */
  readonly passwordFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The NAS, with its trust settled. */
export interface TrustedNas {
  readonly url: string;
  readonly tls: TlsTrust;
  /** Shorter waiting times, for tests. */
  readonly timings?: Partial<Timings>;
}

const TIMEOUT_MS = 30_000;
/** A person may mistype; unattended, a second try could only lock the account out. */
const TRIES = 3;
const PASSWORD_SOURCES = 'TRUENAS_ADMIN_PASSWORD or --admin-password-file';

/** Signs in as a full administrator. The caller closes the session. @throws TrueNasError or SetupStopped */
export async function signInAsAdministrator(
  nas: TrustedNas,
  source: AdministratorSource,
  asker: Asker,
): Promise<WriteSession> {
  const given = givenSecrets(source, asker);
  asker.say('Sign in once as an administrator of the NAS. What you type goes to the NAS and is not kept.');
  for (let tries = 1; ; tries += 1) {
    const username = await asker.text({
      message: 'Administrator',
      flag: '--admin',
      ...initially(source.name ?? (asker.isUnattended ? undefined : 'truenas_admin')),
    });
    const password = given.password ?? (await asker.secret({ message: 'Password', flag: PASSWORD_SOURCES }));
    try {
      return await administratorOnly(await signIn(nas, { username, password, code: given.code }, asker));
    } catch (error) {
      const isMistyped = error instanceof SignInError && /^wrong-/.test(error.reason);
      if (!isMistyped || given.password !== undefined || tries === TRIES) throw error;
      asker.say(`${error.summary} ${error.nextStep}`);
    }
  }
}

async function signIn(
  { url, tls, timings }: TrustedNas,
  typed: { readonly username: string; readonly password: string; readonly code: string | undefined },
  asker: Asker,
): Promise<WriteSession> {
  const { username, password, code } = typed;
  const open = (oneTimeCode: string | undefined): Promise<WriteSession> =>
    openWriteSession(
      { url, tls, timeoutMs: TIMEOUT_MS, log: silentLog },
      { kind: 'person', username, password, ...(oneTimeCode === undefined ? {} : { oneTimeCode }) },
      timings,
    );
  try {
    return await open(code);
  } catch (error) {
    if (!(error instanceof SignInError) || error.reason !== 'otp-required') throw error;
    const flag = 'TRUENAS_ADMIN_CODE, or the second line of --admin-password-file';
    return open(await asker.secret({ message: 'One-time code', flag }));
  }
}

/** Others may make users, but not give them roles that they lack themselves. */
async function administratorOnly(session: WriteSession): Promise<WriteSession> {
  if (session.account.roles.includes('FULL_ADMIN')) return session;
  await session.close();
  throw new SetupStopped(
    `${session.account.name} is no full administrator, and cannot make a user with roles.`,
    'Sign in as another user, or let an administrator make the key and give it with --api-key-file.',
  );
}

interface GivenSecrets {
  readonly password: string | undefined;
  readonly code: string | undefined;
}

function givenSecrets({ passwordFile, env }: AdministratorSource, asker: Asker): GivenSecrets {
  const set = (name: string) => (env[name] === '' ? undefined : env[name]);
  if (passwordFile === undefined)
    return { password: set('TRUENAS_ADMIN_PASSWORD'), code: set('TRUENAS_ADMIN_CODE') };
  const [password, code] = passwordText(passwordFile, asker).split(/\r?\n/);
  const typed = code?.trim();
  return {
    password: password === '' ? undefined : password,
    code: typed === '' || typed === undefined ? set('TRUENAS_ADMIN_CODE') : typed,
  };
}

function passwordText(path: string, asker: Asker): string {
  const flag = '--admin-password-file';
  if (path !== '-') return secretText(path, flag, 'password', asker);
  try {
    return readFileSync(0, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SetupStopped(`The file of ${flag} cannot be read: ${reason}.`);
  }
}

function initially(initial: string | undefined): { initial?: string } {
  return initial === undefined || initial === '' ? {} : { initial };
}
