/** A simulated NAS for one test, and sessions for changes to it; all closed after the test. */
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { openWriteSession, type WriteCredential, type WriteSession } from '../../../src/truenas/index.ts';
import type { WriteTarget } from '../../../src/truenas/write-session.ts';
import type { Timings } from '../../../src/truenas/connection/timings.ts';
import { connectTo } from 'truenas-simulator/testing/simulator';
import { closers, keepingLog, QUICK } from './client.ts';

export const RELEASES = ['25.04', '25.10', '27.0'] as const;

export async function simulatorForTest(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => simulator.close());
  return simulator;
}

/** How the simulator is reached. */
export function targetOf(simulator: Simulator, more: Partial<WriteTarget> = {}): WriteTarget {
  const tls = simulator.fingerprint === '' ? {} : { fingerprintSha256: simulator.fingerprint };
  return { url: simulator.url, tls, timeoutMs: 5_000, log: keepingLog(), ...more };
}

/** The simulator's own person. */
export function personOf({ person }: Simulator, more: Partial<WriteCredential> = {}): WriteCredential {
  return { kind: 'person', ...person, ...more } as WriteCredential;
}

export async function sessionForTest(
  simulator: Simulator,
  credential: WriteCredential = personOf(simulator),
  timings: Partial<Timings> = {},
  target: Partial<WriteTarget> = {},
): Promise<WriteSession> {
  const session = await openWriteSession(targetOf(simulator, target), credential, {
    ...QUICK,
    signInTimeoutMs: 15_000,
    ...timings,
  });
  closers.push(() => session.close());
  return session;
}

/** Gives alice, who signs in by password, roles by way of her group. */
export async function grantToAlice(simulator: Simulator, roles: readonly string[]): Promise<WriteCredential> {
  const admin = await connectTo(simulator);
  const shape = { web_shell: false, ds_groups: [], local_groups: [3000] };
  await admin.call('privilege.create', [{ name: 'Family', roles, ...shape }]);
  admin.close();
  return { kind: 'person', username: 'alice', password: simulator.person.password };
}

/** A cloud sync task of the simulated NAS that is idle, or one that runs for ever: its next run waits. */
export async function cloudSyncOf(session: WriteSession, state: 'SUCCESS' | 'RUNNING'): Promise<number> {
  const tasks = (await session.read.call('cloudsync.query')) as { id: number; job: { state: string } }[];
  const task = tasks.find(({ job }) => job.state === state);
  if (task === undefined) throw new Error(`the simulated NAS has no cloud sync task that is ${state}`);
  return task.id;
}
