/** The sessions that TRUENAS_WRITE_API_KEY opens: one for each caller and system, opened when first needed. */
import type { Caller } from '../access/caller.ts';
import type { WriteKey } from '../policy/change-settings.ts';
import { SignInError, TrueNasError } from '../truenas/errors.ts';
import type { WriteSession } from '../truenas/index.ts';
import { createSignInBudget, type SignInBudget } from '../truenas/sign-in/sign-in-budget.ts';
import type { WriteSource } from './write-sessions.ts';

/** Sessions by key. */
export interface KeySessions {
  /** The open session, or a new one. @throws TrueNasError why the key cannot be used */
  session(system: string, caller: Caller, key: WriteKey): Promise<WriteSession>;
  close(): Promise<void>;
}

/** As for the reading key: sign-ins of all together stay below what the NAS allows. */
const LIMITS = { signInsPerMinute: 6, signInPauseMs: 60_000, signInPauseMaxMs: 600_000 };

interface KeyState {
  readonly budget: SignInBudget;
  session: Promise<WriteSession>;
}

/** Makes it; nothing is opened yet. */
export function createKeySessions(source: Pick<WriteSource, 'access'>): KeySessions {
  const states = new Map<string, KeyState>();
  let isClosed = false;

  async function open(
    system: string,
    caller: Caller,
    key: WriteKey,
    budget: SignInBudget,
  ): Promise<WriteSession> {
    if (isClosed) throw ending();
    const obstacle = budget.obstacle();
    if (obstacle !== undefined) throw obstacle;
    const { target } = await source.access(system, caller);
    const { openWriteSession } = await import('../truenas/index.ts');
    budget.begin();
    try {
      const session = await openWriteSession(target, { kind: 'api-key', ...key });
      if (isClosed || isFullAdmin(session)) {
        await session.close();
        throw isClosed ? ending() : fullAdmin(session.account.name);
      }
      budget.succeeded();
      return session;
    } catch (error) {
      const problem = error instanceof SignInError ? ofWriteKey(error) : error;
      if (problem instanceof SignInError) budget.refused(problem);
      throw problem;
    }
  }

  return {
    async session(system, caller, key) {
      const name = JSON.stringify([system, caller.id]);
      const known = states.get(name);
      const present = await known?.session.catch(() => undefined);
      if (present?.isOpen() === true) return present;
      // Another call may have opened one meanwhile.
      const latest = states.get(name);
      if (latest !== undefined && latest.session !== known?.session) return latest.session;
      const budget = known?.budget ?? createSignInBudget(LIMITS, () => performance.now());
      const session = open(system, caller, key, budget);
      session.catch(() => undefined);
      states.set(name, { budget, session });
      return session;
    },
    async close() {
      isClosed = true;
      const opened = await Promise.all(
        [...states.values()].map(({ session }) => session.catch(() => undefined)),
      );
      for (const session of opened) await session?.close();
    },
  };
}

function isFullAdmin({ account }: WriteSession): boolean {
  return account.roles.includes('FULL_ADMIN');
}

function ending(): TrueNasError {
  return new TrueNasError('closed', {
    summary: 'This program is ending: no session for changes is opened any more.',
    nextStep: 'Start it again.',
  });
}

function fullAdmin(name: string): SignInError {
  return new SignInError('full-admin', {
    summary: `It is a full administrator's key (of "${name}"), which could do everything without asking anybody: it is not used.`,
    nextStep:
      'Make a user on the NAS whose privilege has only the roles that the changes need (Credentials > Groups > Privileges), and a key for that user; or leave the setting out, and sign in at each approval.',
  });
}

function ofWriteKey(error: SignInError): SignInError {
  const { summary, nextStep, method, nasText, errname, errno } = error;
  return new SignInError(error.reason, {
    summary: `The key of TRUENAS_WRITE_API_KEY cannot be used: ${summary}`,
    nextStep: `${nextStep} Its user is named by TRUENAS_WRITE_USERNAME.`,
    ...{ method, nasText, errname, errno, cause: error },
  });
}
