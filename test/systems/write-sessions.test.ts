/** Sessions for changes: whose they are, how long they serve, and which key opens one. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { DEFAULT_CHANGE_SETTINGS, type WriteSettings } from '../../src/policy/change-settings.ts';
import type { SystemConfig } from '../../src/systems/lazy-nas.ts';
import { createSystems, type Systems } from '../../src/systems/systems.ts';
import type { WriteSessions } from '../../src/systems/write-sessions.ts';
import { silentLog, type WriteCredential, type WriteSession } from '../../src/truenas/index.ts';

const OTHER_CALLER = { id: 'other' };
const SYNC = 'cloudsync.sync';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

interface Nas {
  readonly simulator: Simulator;
  readonly systems: Systems;
  readonly sessions: WriteSessions;
  /** Signs the simulator's person in, for the local caller. */
  readonly signIn: () => Promise<WriteSession>;
}

async function nasWith(
  settings: (simulator: Simulator) => Partial<WriteSettings> = () => ({}),
  options: SimulatorOptions = {},
): Promise<Nas> {
  const simulator = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => simulator.close());
  const { url, apiKey, username, fingerprint, person } = simulator;
  const config: SystemConfig = {
    name: 'nas',
    connection: { url, apiKey, username, tls: { fingerprintSha256: fingerprint }, timeoutMs: 5_000 },
    access: 'destroy',
    changes: { ...DEFAULT_CHANGE_SETTINGS, ...settings(simulator) },
    ...{ isDemo: false, problems: [], simulator: {}, timeoutMs: 5_000 },
  };
  const systems = createSystems([config], { log: silentLog, addSecret: () => undefined });
  closers.push(() => systems.close());
  const sessions = systems.writeSessions;
  const credential: WriteCredential = { kind: 'person', ...person };
  return { simulator, systems, sessions, signIn: () => sessions.signIn('nas', LOCAL_CALLER, credential) };
}

const byIssuedKey = ({ apiKey, username }: Simulator): Partial<WriteSettings> => ({
  writeKey: { apiKey, username },
});

describe('an approval with an API key', () => {
  it.each(['reading', 'changes'] as const)(
    'of the configuration, for %s, is refused before the NAS is asked: whoever reads files has it',
    async (use) => {
      const { simulator, sessions } = await nasWith(use === 'changes' ? byIssuedKey : undefined, {
        roles: ['FULL_ADMIN'],
      });
      const { apiKey, username } = simulator;
      for (const credential of [
        { kind: 'api-key', apiKey, username },
        { kind: 'api-key', apiKey: ` ${apiKey}\n` },
      ] as const)
        await expect(sessions.signIn('nas', LOCAL_CALLER, credential)).rejects.toMatchObject({
          reason: 'own-key',
          summary: expect.stringContaining('does not show that a person approves'),
        });
      expect(simulator.calls()).toEqual([]);
    },
  );

  it('that is configured nowhere opens a session', async () => {
    const { sessions, signIn, simulator } = await nasWith();
    const session = await signIn();
    const { username } = simulator;
    const made = Object(await session.write.write('api_key.create', [{ name: 'own', username }]));
    const credential = { kind: 'api-key', apiKey: String(made.key), username } as const;
    expect((await sessions.signIn('nas', LOCAL_CALLER, credential)).isOpen()).toBe(true);
  });
});

describe("a person's session", () => {
  it('serves slight changes of the caller who signed in, and of nobody else', async () => {
    const { sessions, signIn } = await nasWith();
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBeUndefined();
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBe(session);
    expect(await sessions.current('nas', LOCAL_CALLER, 'configuration')).toBe(session);
    for (const risk of ['exposes', 'destroys', 'executes'] as const)
      expect(await sessions.current('nas', LOCAL_CALLER, risk)).toBeUndefined();
    expect(await sessions.current('nas', OTHER_CALLER, 'reversible')).toBeUndefined();
  });

  it('is over after its minutes: a change after that needs another sign-in', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { sessions, signIn } = await nasWith(() => ({ writeSessionMinutes: 5 }));
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    vi.advanceTimersByTime(5 * 60_000 - 1);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBe(session);
    vi.advanceTimersByTime(1);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBeUndefined();
    await expect(session.write.write('core.ping')).rejects.toMatchObject({
      summary: 'The 5 minutes of this sign-in are over (TRUENAS_WRITE_SESSION).',
    });
  });

  it('for one change only ends with that, and not before', async () => {
    const { sessions, signIn } = await nasWith(() => ({ writeSessionMinutes: 0 }));
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    const letGo = sessions.hold(session);
    expect(session.isOpen()).toBe(true);
    sessions.release('nas', LOCAL_CALLER);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBeUndefined();
    expect(session.isOpen()).toBe(true);
    letGo();
    expect(session.isOpen()).toBe(false);
  });

  it('that serves for minutes outlives the change', async () => {
    const { sessions, signIn } = await nasWith();
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    sessions.release('nas', LOCAL_CALLER);
    expect(session.isOpen()).toBe(true);
  });

  it('stays open for the job that it started, which keeps its owner to the end', async () => {
    const { sessions, signIn } = await nasWith(() => ({ writeSessionMinutes: 0 }), { release: '25.10' });
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    const { ended } = await session.startJob(SYNC, [2]);
    sessions.release('nas', LOCAL_CALLER);
    expect(session.isOpen()).toBe(false);
    expect(session.ended.aborted).toBe(false);
    expect((await ended).state).toBe('SUCCESS');
    await expect.poll(() => session.ended.aborted).toBe(true);
  });

  it('makes way for a later one, but not in the middle of a change', async () => {
    const { sessions, signIn } = await nasWith();
    const [first, second] = [await signIn(), await signIn()];
    sessions.adopt('nas', LOCAL_CALLER, first);
    const letGo = sessions.hold(first);
    sessions.adopt('nas', LOCAL_CALLER, second);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBe(second);
    expect(first.isOpen()).toBe(true);
    letGo();
    letGo();
    await expect.poll(() => first.ended.aborted).toBe(true);
    expect(second.isOpen()).toBe(true);
  });

  it('that was lost serves no more', async () => {
    const { simulator, sessions, signIn } = await nasWith();
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    simulator.control.dropConnections();
    await expect.poll(() => session.ended.aborted).toBe(true);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBeUndefined();
    expect(simulator.control.logins().total).toBe(1);
  });

  it('is not used where every change is approved with a sign-in', async () => {
    const { sessions, signIn } = await nasWith(() => ({ approval: 'always' }));
    sessions.adopt('nas', LOCAL_CALLER, await signIn());
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBeUndefined();
  });
});

describe('the key for changes', () => {
  const roles = ['SNAPSHOT_WRITE', 'READONLY_ADMIN'];

  it.each(['25.04', '25.10', '27.0'] as const)(
    'opens one session on %s, when first needed',
    async (release) => {
      const { simulator, sessions } = await nasWith(byIssuedKey, { release, roles });
      expect(simulator.control.logins().total).toBe(0);
      const [first, second] = await Promise.all([
        sessions.current('nas', LOCAL_CALLER, 'reversible'),
        sessions.current('nas', LOCAL_CALLER, 'configuration'),
      ]);
      expect(first?.account.name).toBe(simulator.username);
      expect(second).toBe(first);
      expect(simulator.control.connectionCount()).toBe(1);
      expect(await sessions.current('nas', OTHER_CALLER, 'reversible')).not.toBe(first);
    },
  );

  it('never serves a change that needs approval, unless a form of the client is enough', async () => {
    const page = await nasWith(byIssuedKey, { roles });
    const client = await nasWith((each) => ({ ...byIssuedKey(each), approval: 'client' }), { roles });
    for (const risk of ['exposes', 'destroys'] as const) {
      expect(await page.sessions.current('nas', LOCAL_CALLER, risk)).toBeUndefined();
      expect(await client.sessions.current('nas', LOCAL_CALLER, risk)).toBeDefined();
    }
    expect(await client.sessions.current('nas', LOCAL_CALLER, 'executes')).toBeUndefined();
    expect(page.simulator.control.logins().total).toBe(0);
  });

  it.each(['25.04', '25.10', '27.0'] as const)(
    'of a full administrator is refused on %s, with what to do, and not tried again at once',
    async (release) => {
      const { simulator, sessions } = await nasWith(byIssuedKey, { release });
      const refusal = {
        reason: 'full-admin',
        summary: expect.stringMatching(
          /^The key of TRUENAS_WRITE_API_KEY cannot be used: .*full administrator/,
        ),
        nextStep: expect.stringContaining('only the roles that the changes need'),
      };
      await expect(sessions.current('nas', LOCAL_CALLER, 'reversible')).rejects.toMatchObject(refusal);
      const { total } = simulator.control.logins();
      await expect(sessions.current('nas', LOCAL_CALLER, 'reversible')).rejects.toMatchObject(refusal);
      expect(simulator.control.logins().total).toBe(total);
      await expect.poll(() => simulator.control.connectionCount()).toBe(0);
    },
  );

  it('that the NAS refuses is named by its setting, and does not show', async () => {
    const apiKey = `99-${'Wx7'.repeat(21)}z`;
    const { sessions } = await nasWith(() => ({ writeKey: { apiKey, username: 'nobody-there' } }));
    const problem = await sessions
      .current('nas', LOCAL_CALLER, 'reversible')
      .catch((error: unknown) => error);
    expect(problem).toMatchObject({ kind: 'signin', reason: 'wrong-key' });
    const { summary, nextStep } = problem as { summary: string; nextStep: string };
    expect(summary).toMatch(/^The key of TRUENAS_WRITE_API_KEY cannot be used: /);
    expect(nextStep).toContain('TRUENAS_WRITE_USERNAME');
    expect(summary + nextStep).not.toContain(apiKey.slice(3));
    expect(summary + nextStep).not.toMatch(/TRUENAS_API_KEY|TRUENAS_USERNAME/);
  });

  it('opens another session after a loss; the lost one stays lost', async () => {
    const { simulator, sessions } = await nasWith(byIssuedKey, { roles });
    const lost = await sessions.current('nas', LOCAL_CALLER, 'reversible');
    simulator.control.dropConnections();
    await expect.poll(() => lost?.ended.aborted).toBe(true);
    const next = await sessions.current('nas', LOCAL_CALLER, 'reversible');
    expect(next).not.toBe(lost);
    expect(next?.isOpen()).toBe(true);
    expect(lost?.isOpen()).toBe(false);
  });

  it("gives way to a person's session while there is one", async () => {
    const { sessions, signIn } = await nasWith(byIssuedKey, { roles });
    const session = await signIn();
    sessions.adopt('nas', LOCAL_CALLER, session);
    expect(await sessions.current('nas', LOCAL_CALLER, 'reversible')).toBe(session);
  });
});

it('the end of the process ends every session, and none is opened after it', async () => {
  const { simulator, systems, sessions, signIn } = await nasWith(byIssuedKey, { roles: ['SNAPSHOT_WRITE'] });
  const byKey = await sessions.current('nas', LOCAL_CALLER, 'reversible');
  const person = await signIn();
  sessions.adopt('nas', LOCAL_CALLER, person);
  const held = sessions.hold(person);
  await systems.close();
  held();
  expect([byKey?.isOpen(), person.isOpen()]).toEqual([false, false]);
  await expect.poll(() => simulator.control.connectionCount()).toBe(0);
  await expect(sessions.current('nas', LOCAL_CALLER, 'reversible')).rejects.toMatchObject({ kind: 'closed' });
});

it("a demo tells its person, who can sign in; a real NAS's people are nobody's business", async () => {
  const config = {
    name: 'nas',
    isDemo: true,
    access: 'destroy',
    problems: [],
    simulator: {},
    timeoutMs: 5_000,
  } as const;
  const systems = createSystems([config], { log: silentLog, addSecret: () => undefined });
  closers.push(() => systems.close());
  const { writeSessions } = systems;
  const person = await writeSessions.demoPerson('nas', LOCAL_CALLER);
  if (person === undefined) throw new Error('the demo has no person');
  const session = await writeSessions.signIn('nas', LOCAL_CALLER, person);
  expect(session.account.roles).toContain('FULL_ADMIN');
  await session.close();
  const { sessions } = await nasWith();
  expect(await sessions.demoPerson('nas', LOCAL_CALLER)).toBeUndefined();
});
