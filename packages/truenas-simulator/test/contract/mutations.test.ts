/** What the simulated NAS answers to changes is what the contract of that release says it is. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { describeContract, returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const GIB = 2 ** 30;

describeContract('answers to changes', () => {
  describe.each(SIM_RELEASES)('on %s', (release) => {
    const nas = withSimulator({ release });
    let connection: RawConnection;

    beforeAll(async () => {
      connection = await nas.connect();
    });

    let changes = 0;

    beforeEach(() => {
      changes = 0;
    });

    /** Calls, checks the answer, and hands it out; of a job the result. */
    async function change(method: string, params: readonly unknown[], isJob = false): Promise<Json> {
      const answer = await connection.call(method, params);
      const result = isJob ? await resultOf(connection, answer) : answer;
      expect([method, returnsProblems(release, method, result)]).toEqual([method, []]);
      changes += 1;
      return result;
    }

    test('datasets: create, update, lock, unlock, delete', async () => {
      await change('pool.dataset.create', [{ name: 'tank/new', comments: 'fresh', quota: 10 * GIB }]);
      await change('pool.dataset.create', [{ name: 'tank/vol', type: 'VOLUME', volsize: GIB, sparse: true }]);
      await change('pool.dataset.create', [
        {
          name: 'tank/shut',
          encryption: true,
          inherit_encryption: false,
          encryption_options: { passphrase: 'correct horse' },
        },
      ]);
      await change('pool.dataset.update', ['tank/new', { compression: 'ZSTD', quota: null }]);
      await change('pool.dataset.lock', ['tank/shut'], true);
      const datasets = [{ name: 'tank/shut', passphrase: 'correct horse' }];
      expect((await change('pool.dataset.unlock', ['tank/shut', { datasets }], true)).unlocked).toEqual([
        'tank/shut',
      ]);
      await change('pool.dataset.encryption_summary', ['tank/shut', { datasets }], true);
      for (const id of ['tank/new', 'tank/vol', 'tank/shut']) await change('pool.dataset.delete', [id]);
    });

    test('snapshots: create, hold, release, clone, promote, update, roll back, delete', async () => {
      const namespace = release === '25.04' ? 'zfs.snapshot' : 'pool.snapshot';
      const id = 'tank/documents@manual';
      await change(`${namespace}.create`, [{ dataset: 'tank/documents', name: 'manual' }]);
      await change(`${namespace}.update`, [id, { user_properties_update: [{ key: 'a:b', value: 'c' }] }]);
      await change(`${namespace}.hold`, [id]);
      await change(`${namespace}.release`, [id]);
      await change(`${namespace}.clone`, [{ snapshot: id, dataset_dst: 'tank/clone' }]);
      // The snapshot goes to the clone, and comes back.
      await change('pool.dataset.promote', ['tank/clone']);
      await change('pool.dataset.promote', ['tank/documents']);
      await change(`${namespace}.rollback`, [id]);
      if (release !== '25.04') {
        await change('pool.snapshot.rename', [id, { new_name: 'tank/documents@other', force: true }]);
        await change('pool.snapshot.rename', ['tank/documents@other', { new_name: id, force: true }]);
      }
      await change('pool.dataset.delete', ['tank/clone']);
      await change(`${namespace}.delete`, [id]);
      expect(changes).toBeGreaterThan(8);
    });

    test('rows of tables: create, update, delete', async () => {
      for (const [namespace, data, update] of tables(release)) {
        const { id } = await change(`${namespace}.create`, [data]);
        const updated = await change(`${namespace}.update`, [id, update]);
        expect(updated).toMatchObject(update);
        await change(`${namespace}.delete`, [id]);
      }
    });

    test('services: update, start, stop, restart', async () => {
      await change('service.update', ['ftp', { enable: true }]);
      const [state] = await connection.call('service.query', [[['service', '=', 'ftp']]]);
      expect(state).toMatchObject({ enable: true, state: 'STOPPED' });
      for (const verb of ['START', 'RESTART', 'RELOAD', 'STOP']) {
        const isJob = release === '27.0';
        const runs = isJob
          ? await change('service.control', [verb, 'ftp'], true)
          : await change(`service.${verb.toLowerCase()}`, ['ftp']);
        // What a 25.04 answers to a stop is whether the service still runs; later ones, whether it worked.
        expect([verb, runs]).toEqual([verb, verb !== 'STOP' || release !== '25.04']);
      }
    });

    test('scrubs start, pause, go on and stop; disks and alerts change', async () => {
      await change('pool.scrub.scrub', ['fast', 'PAUSE'], true);
      await change('pool.scrub.scrub', ['fast', 'STOP'], true);
      await change('pool.scrub.run', ['tank']);
      expect(await change('cronjob.run', [1], true)).toBeNull();
      changes -= 1;
      const [disk] = await connection.call('disk.query', [[['name', '=', 'sdn']]]);
      await change('disk.update', [disk.identifier, { description: 'spare part' }]);
      const [alert] = await connection.call('alert.list');
      await change('alert.dismiss', [alert.uuid]);
      await change('alert.restore', [alert.uuid]);
      expect(changes).toBe(6);
    });
  });

  describe('of zpool on 27.0', () => {
    const nas = withSimulator({ release: '27.0' });

    test('a scrub starts when it is due, and is cancelled', async () => {
      const connection = await nas.connect();
      const run = async (data: Json): Promise<Json> =>
        resultOf(connection, await connection.call('zpool.scrub.run', [{ pool_name: 'tank', ...data }]));
      const state = async (): Promise<string> =>
        (await connection.call('pool.query', [[['name', '=', 'tank']], { get: true }])).scan.state;
      expect(returnsProblems('27.0', 'zpool.scrub.run', await run({}))).toEqual([]);
      expect(await state()).toBe('FINISHED');
      await run({ threshold: 0 });
      expect(await state()).toBe('SCANNING');
      await run({ action: 'CANCEL' });
      expect(await state()).toBe('CANCELED');
    });
  });
});

type Table = readonly [namespace: string, data: Record<string, unknown>, update: Record<string, unknown>];

function tables(release: SimRelease): Table[] {
  const zvol = 'zvol/fast/vms/web01';
  const everywhere: Table[] = [
    ['sharing.smb', { name: 'projects', path: '/mnt/tank/projects' }, { comment: 'shared' }],
    ['sharing.nfs', { path: '/mnt/tank/media' }, { ro: true }],
    ['cronjob', { command: 'true', user: 'root' }, { enabled: false }],
    ['iscsi.portal', { listen: [{ ip: '192.0.2.10' }] }, { comment: 'one' }],
    ['iscsi.initiator', { comment: 'one' }, { comment: 'two' }],
    ['iscsi.auth', { tag: 5, user: 'one', secret: 'twelve-chars' }, { user: 'two' }],
    ['iscsi.target', { name: 'third' }, { alias: 'Third' }],
    ['iscsi.extent', { name: 'web', disk: zvol }, { comment: 'web' }],
    ['pool.snapshottask', { dataset: 'tank/iso' }, { enabled: false }],
    [
      'replication',
      {
        ...{ name: 'iso to backup', direction: 'PUSH', transport: 'LOCAL', recursive: false, auto: false },
        ...{ source_datasets: ['tank/iso'], target_dataset: 'backup/iso', retention_policy: 'NONE' },
        name_regex: 'daily-.*',
      },
      { enabled: false },
    ],
    [
      'cloudsync',
      {
        ...{ path: '/mnt/tank/iso', credentials: 1, attributes: { bucket: 'nas-example', folder: '' } },
        ...{ direction: 'PUSH', transfer_mode: 'COPY', schedule: { hour: '3' } },
      },
      { description: 'installation media' },
    ],
    [
      'rsynctask',
      { path: '/mnt/tank/iso', user: 'root', remotehost: 'mirror.example.org', remotemodule: 'iso' },
      { enabled: false },
    ],
  ];
  if (release === '25.04') return everywhere;
  return [
    ...everywhere,
    ['nvmet.subsys', { name: 'lab' }, { allow_any_host: true }],
    ['nvmet.host', { hostnqn: 'nqn.2014-08.org.nvmexpress:uuid:lab' }, { dhchap_hash: 'SHA-512' }],
    ['nvmet.port', { addr_trtype: 'TCP', addr_traddr: '192.0.2.11' }, { enabled: false }],
    ['nvmet.namespace', { device_type: 'ZVOL', device_path: zvol, subsys_id: 1 }, { enabled: false }],
  ];
}

async function resultOf(connection: RawConnection, jobId: number): Promise<Json> {
  for (;;) {
    const job = await connection.call('core.get_jobs', [[['id', '=', jobId]], { get: true }]);
    if (job.state === 'FAILED') throw new Error(`job failed: ${String(job.error)}`);
    if (job.state === 'SUCCESS') return job.result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
