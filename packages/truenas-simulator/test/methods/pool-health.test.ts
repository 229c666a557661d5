/** The health of a pool is told as the middleware of each release tells it. */
import { afterAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { type Simulator, startSimulator } from '../../src/index.ts';
import { finishedJob } from '../support/jobs.ts';
import { connectTo, type Json, type RawConnection } from '../support/simulator.ts';

const BACKUP = 2;
const DAY_MS = 86_400_000;

type Health = readonly [status: string, code: string, healthy: boolean, warning: boolean];

/** What befalls the pool, one after the other, and what each line of releases then says. */
const STORY: readonly (readonly [event: string, before27: Health, since27: Health])[] = [
  [
    'a disk has failed',
    ['DEGRADED', 'FAULTED_DEV_R', false, false],
    ['DEGRADED', 'FAULTED_DEV_R', false, true],
  ],
  [
    'the failed disk is taken offline: its errors are still counted',
    ['DEGRADED', 'FAILING_DEV', false, false],
    ['DEGRADED', 'FAILING_DEV', false, true],
  ],
  [
    'it is being replaced',
    ['DEGRADED', 'RESILVERING', true, true],
    ['DEGRADED', 'RESILVERING', false, false],
  ],
  [
    'the replacement has ended: only features are missing',
    ['ONLINE', 'FEAT_DISABLED', true, true],
    ['ONLINE', 'FEAT_DISABLED', true, false],
  ],
  [
    'a good disk is taken offline',
    ['DEGRADED', 'OFFLINE_DEV', false, false],
    ['DEGRADED', 'OFFLINE_DEV', false, false],
  ],
  ['it is back, and the pool is upgraded', ['ONLINE', 'OK', true, false], ['ONLINE', 'OK', true, false]],
];

describe.each(SIM_RELEASES)('pool.query on %s', (release) => {
  const open: Simulator[] = [];
  let skippedMs = 0;

  afterAll(async () => {
    for (const simulator of open) await simulator.close();
  });

  it('says healthy and warning as this release derives them from the status code', async () => {
    const simulator = await startSimulator({ release, now: () => Date.now() + skippedMs });
    open.push(simulator);
    const connection = await connectTo(simulator);
    const events: (() => Promise<unknown>)[] = [
      async () => undefined,
      async () => connection.call('pool.offline', [BACKUP, { label: await guidOf(connection, 'sdi') }]),
      async () => replaceFailed(connection),
      async () => {
        skippedMs += DAY_MS;
      },
      async () => connection.call('pool.offline', [BACKUP, { label: await guidOf(connection, 'sdh') }]),
      async () => {
        await connection.call('pool.online', [BACKUP, { label: await guidOf(connection, 'sdh') }]);
        skippedMs += DAY_MS;
        await connection.call('pool.upgrade', [BACKUP]);
      },
    ];
    for (const [index, event] of events.entries()) {
      await event();
      const [what, before27, since27] = STORY[index] ?? [];
      const row = await backup(connection);
      const health = [row.status, row.status_code, row.healthy, row.warning];
      expect([what, health]).toEqual([what, release === '27.0' ? since27 : before27]);
      expect([what, row.status_detail === null]).toEqual([what, row.status_code === 'OK']);
    }
  });
});

async function backup(connection: RawConnection): Promise<Json> {
  return connection.call('pool.query', [[['id', '=', BACKUP]], { get: true }]);
}

async function guidOf(connection: RawConnection, disk: string): Promise<string> {
  const [mirror] = (await backup(connection)).topology.data;
  return mirror.children.find((child: Json) => child.disk === disk).guid;
}

async function replaceFailed(connection: RawConnection): Promise<void> {
  const [spare] = await connection.call('disk.query', [[['name', '=', 'sdn']]]);
  const label = await guidOf(connection, 'sdi');
  const id = await connection.call('pool.replace', [BACKUP, { label, disk: spare.identifier }]);
  expect((await finishedJob(connection, id)).state).toBe('SUCCESS');
}
