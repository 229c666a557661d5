/**
 * The sessions for changes that are open: a person's for some minutes, and one with the key of TRUENAS_WRITE_API_KEY. Each
 * belongs to one caller and one system. Only changes/ is handed one.
 */
import type { Caller } from '../access/caller.ts';
import type { WriteSettings } from '../policy/change-settings.ts';
import type { Risk } from '../policy/risk/index.ts';
import { onAbort } from '../truenas/abort.ts';
import type { WriteCredential, WriteSession, WriteTarget } from '../truenas/index.ts';
import type { KeySessions } from './key-sessions.ts';

/** Sessions for changes to the configured systems. */
export interface WriteSessions {
  /**
   * Signs in for a change, with what a person gave at its approval; the session is the caller's to adopt or to close.
   * @throws TrueNasError; SignInError with reason `otp-required` when the person is to be asked for the code
   */
  signIn(system: string, caller: Caller, credential: WriteCredential): Promise<WriteSession>;
  /**
   * The session that a change of this risk may use without a new sign-in: a person's of the last minutes, else that of the
   * configured key. Undefined when there is none.
   * @throws TrueNasError why the configured key cannot be used
   */
  current(system: string, caller: Caller, risk: Risk): Promise<WriteSession | undefined>;
  /** Takes over a session that a person opened, and retires an earlier one of the same caller. */
  adopt(system: string, caller: Caller, session: WriteSession): void;
  /** Keeps a session whole while a change uses it, however long that takes; the returned function lets it go. */
  hold(session: WriteSession): () => void;
  /** Tells that a change is over: where a sign-in serves one change only, the person's session is retired. */
  release(system: string, caller: Caller): void;
  /** The person of a demo's simulated NAS; undefined for a real one. */
  demoPerson(system: string, caller: Caller): Promise<WriteCredential | undefined>;
  /** Ends every session now. */
  close(): Promise<void>;
}

/** How a system is written to. */
export interface WriteAccess {
  readonly target: WriteTarget;
  readonly demoPerson?: WriteCredential | undefined;
}

/** The systems that the sessions are opened to. */
export interface WriteSource {
  /** @throws TrueNasError when the configuration does not allow a connection */
  access(system: string, caller: Caller): Promise<WriteAccess>;
  /** @throws Error for a system that is not configured */
  settings(system: string): WriteSettings;
  /** The keys of the configuration, for reading and for changes. */
  ownKeys(system: string): readonly string[];
}

/** A person's session, and what keeps it. */
interface Adopted {
  readonly session: WriteSession;
  timer: NodeJS.Timeout | undefined;
  holds: number;
  /** Why it takes no new work; undefined while it does. */
  retiredBy: string | undefined;
}

interface SessionsState {
  readonly source: WriteSource;
  /** Loaded when a key is first needed. */
  keys: Promise<KeySessions> | undefined;
  /** Those that may begin a change, by system and caller. */
  readonly current: Map<string, Adopted>;
  /** All that are open, retired ones with running jobs included. */
  readonly open: Map<WriteSession, Adopted>;
}

/** Makes it; nothing is opened yet. */
export function createWriteSessions(source: WriteSource): WriteSessions {
  const state: SessionsState = {
    source,
    keys: undefined,
    current: new Map(),
    open: new Map(),
  };
  return {
    async signIn(system, caller, credential) {
      if (credential.kind === 'api-key' && source.ownKeys(system).includes(credential.apiKey.trim()))
        throw await ownKey();
      const { target } = await source.access(system, caller);
      const { openWriteSession } = await import('../truenas/index.ts');
      return openWriteSession(target, credential);
    },
    current: (system, caller, risk) => currentSession(state, system, caller, risk),
    adopt: (system, caller, session) => adopt(state, system, caller, session),
    hold: (session) => hold(state, session),
    release(system, caller) {
      if (source.settings(system).writeSessionMinutes === 0) retire(state, keyOf(system, caller), ONE_CHANGE);
    },
    demoPerson: async (system, caller) => (await source.access(system, caller)).demoPerson,
    async close() {
      state.current.clear();
      for (const { timer } of state.open.values()) clearTimeout(timer);
      const keys = await state.keys;
      await keys?.close();
      await Promise.all([...state.open.keys()].map((session) => session.close()));
    },
  };
}

/** Whoever reads the configuration has it, a model with a shell for one: it proves no person. */
async function ownKey(): Promise<Error> {
  const { SignInError } = await import('../truenas/errors.ts');
  return new SignInError('own-key', {
    summary:
      'This API key is one of the configuration of this server: it does not show that a person approves.',
    nextStep: 'Sign in with the password of your own user, or with an API key that is configured nowhere.',
  });
}

const ONE_CHANGE = 'This sign-in was for one change, which is over (TRUENAS_WRITE_SESSION=0).';
const REPLACED = 'A later sign-in has taken the place of this one.';

function keyOf(system: string, caller: Caller): string {
  return JSON.stringify([system, caller.id]);
}

async function currentSession(
  state: SessionsState,
  system: string,
  caller: Caller,
  risk: Risk,
): Promise<WriteSession | undefined> {
  const { source, current } = state;
  const { writeKey, approval } = source.settings(system);
  const isSlight = risk === 'reversible' || risk === 'configuration';
  if (approval === 'always') return undefined;
  const person = current.get(keyOf(system, caller));
  if (isSlight && person?.session.isOpen() === true) return person.session;
  const isForKey = isSlight || (approval === 'client' && risk !== 'executes');
  if (!isForKey || writeKey === undefined) return undefined;
  state.keys ??= import('./key-sessions.ts').then(({ createKeySessions }) => createKeySessions(source));
  return (await state.keys).session(system, caller, writeKey);
}

function adopt(state: SessionsState, system: string, caller: Caller, session: WriteSession): void {
  const key = keyOf(system, caller);
  if (state.current.get(key)?.session === session) return;
  retire(state, key, REPLACED);
  const { writeSessionMinutes: minutes } = state.source.settings(system);
  const adopted: Adopted = { session, timer: undefined, holds: 0, retiredBy: undefined };
  if (minutes > 0) {
    const why = `The ${minutes} minutes of this sign-in are over (TRUENAS_WRITE_SESSION).`;
    adopted.timer = setTimeout(() => retireOne(state, adopted, why), minutes * 60_000);
    adopted.timer.unref();
  }
  state.current.set(key, adopted);
  state.open.set(session, adopted);
  const forget = () => {
    clearTimeout(adopted.timer);
    state.open.delete(session);
    if (state.current.get(key) === adopted) state.current.delete(key);
  };
  if (session.ended.aborted) forget();
  else onAbort(session.ended, forget);
}

function hold(state: SessionsState, session: WriteSession): () => void {
  const adopted = state.open.get(session);
  // A key's session ends with its connection only.
  if (adopted === undefined) return () => undefined;
  adopted.holds += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    adopted.holds -= 1;
    closeIfFree(adopted);
  };
}

function retire(state: SessionsState, key: string, why: string): void {
  const adopted = state.current.get(key);
  if (adopted !== undefined) retireOne(state, adopted, why);
}

function retireOne({ current }: SessionsState, adopted: Adopted, why: string): void {
  clearTimeout(adopted.timer);
  for (const [key, each] of current) if (each === adopted) current.delete(key);
  adopted.retiredBy ??= why;
  closeIfFree(adopted);
}

/** A change under way is finished over the session in which it began; so are the jobs that it leaves behind. */
function closeIfFree({ session, holds, retiredBy }: Adopted): void {
  if (holds === 0 && retiredBy !== undefined) void session.closeAfterJobs(retiredBy);
}
