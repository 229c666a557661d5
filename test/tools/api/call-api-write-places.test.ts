/** call_api_write on clones and volumes, whose data lies in another dataset than their name tells. */
import { describe, expect, it } from 'vitest';
import { problemText } from '../../../src/output/problem.ts';
import { textOf } from '../../changes/support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

/** The plan as a person reads it, or the problem of one that is refused. */
function tried(nas: PlannedNas, method: string, ...params: unknown[]): Promise<string> {
  return nas.plan('call_api_write', { method, params }).then(textOf, problemText);
}

/** A NAS with a clone and a volume of `tank/documents`, under other names. */
async function nasWithClones(rules: object): Promise<PlannedNas> {
  const nas = await startPlannedNas({ rules: { allowsCode: true, ...rules } });
  const { person } = nas;
  const write = (method: string, params: readonly unknown[]) => person.write(method, [...params]);
  await write('pool.snapshot.create', [{ dataset: 'tank/documents', name: 'base' }]);
  await write('pool.snapshot.clone', [{ snapshot: 'tank/documents@base', dataset_dst: 'tank/media/copy' }]);
  await write('pool.dataset.create', [{ name: 'tank/media/inner' }]);
  await write('pool.dataset.create', [{ name: 'tank/documents/disk', type: 'VOLUME', volsize: 1024 ** 3 }]);
  return nas;
}

type Call = readonly [what: string, method: string, params: readonly unknown[]];

const EXPOSING: readonly Call[] = [
  ['a share of a clone of it', 'sharing.nfs.create', [{ path: '/mnt/tank/media/copy' }]],
  ['a share below a clone of it', 'sharing.smb.create', [{ name: 'x', path: '/mnt/tank/media/copy/a/b' }]],
  [
    'an extent, of which nobody can tell the data',
    'iscsi.targetextent.create',
    [{ target: 1, extent: 1, lunid: 9 }],
  ],
];

const REACHING: readonly Call[] = [
  ...EXPOSING,
  [
    'a volume of it as an extent',
    'iscsi.extent.create',
    [{ name: 'x', type: 'DISK', disk: 'zvol/tank/documents/disk' }],
  ],
  [
    'an extent moved to a volume of it',
    'iscsi.extent.update',
    [1, { type: 'DISK', disk: 'zvol/tank/documents/disk' }],
  ],
  [
    'a file in a clone of it as an extent',
    'iscsi.extent.create',
    [{ name: 'x', type: 'FILE', path: '/mnt/tank/media/copy/x.img', filesize: 1024 }],
  ],
  ['settings of a clone of it', 'pool.dataset.update', ['tank/media/copy', { atime: 'ON' }]],
];

describe('TRUENAS_PROTECT', () => {
  it.each(EXPOSING)('holds against %s', async (_what, method, params) => {
    const nas = await nasWithClones({ protect: ['tank/documents'] });
    expect(await tried(nas, method, ...params)).toMatch(/CANNOT BE APPLIED: TRUENAS_PROTECT/u);
  });

  it('holds for the tools of shares, too', async () => {
    const nas = await nasWithClones({ protect: ['tank/documents'] });
    const plan = await nas.plan('create_share', { kind: 'nfs', path: '/mnt/tank/media/copy' });
    expect(textOf(plan)).toMatch(/CANNOT BE APPLIED: TRUENAS_PROTECT/u);
  });

  it('leaves a share of a dataset alone that comes from nowhere', async () => {
    const nas = await nasWithClones({ protect: ['tank/documents'] });
    expect(await tried(nas, 'sharing.nfs.create', { path: '/mnt/tank/media/inner' })).not.toContain(
      'CANNOT BE APPLIED',
    );
  });
});

describe('TRUENAS_SCOPE', () => {
  it.each(REACHING)('holds against %s', async (_what, method, params) => {
    const nas = await nasWithClones({ scope: ['tank/media'] });
    expect(await tried(nas, method, ...params)).toMatch(/CANNOT BE APPLIED: TRUENAS_SCOPE/u);
  });

  it('lets a share of a dataset within it through', async () => {
    const nas = await nasWithClones({ scope: ['tank/media'] });
    expect(await tried(nas, 'sharing.nfs.create', { path: '/mnt/tank/media/inner' })).not.toContain(
      'CANNOT BE APPLIED',
    );
  });
});

describe('what live systems taught', () => {
  it.each([
    ['boot-pool', 'pool.dataset.update', ['boot-pool', { atime: 'ON' }]],
    ['the system dataset', 'sharing.nfs.create', [{ path: '/mnt/tank/.system/cores' }]],
    ['the datasets of apps', 'sharing.nfs.create', [{ path: '/mnt/tank/ix-apps/app_configs' }]],
  ] as const)('%s, which no list of datasets shows, is never changed', async (_what, method, params) => {
    const nas = await startPlannedNas({});
    expect(await tried(nas, method, ...params)).toMatch(/belongs to the NAS itself|does not exist/u);
  });

  it('settings of an app that are left out may be lost, which the plan says, with no undo', async () => {
    const nas = await startPlannedNas({ hasWriter: false });
    const apps = await nas.read('app.query', [[], { limit: 1, select: ['name'] }]);
    const name = String(Object(Array.isArray(apps) ? apps[0] : undefined).name);
    const text = await tried(nas, 'app.update', name, { values: { TZ: 'Europe/Berlin' } });
    expect(text).toContain('send all that are to stay');
    expect(text).toContain('undo: none');
  });

  it('files are not written, as nothing deletes them and missing folders would be made', async () => {
    const nas = await startPlannedNas({});
    const text = await tried(nas, 'filesystem.put', '/mnt/tank/a/b/c.txt', {});
    expect(text).toContain('moves the raw content of files');
    expect(nas.simulator.calls().filter(({ method }) => method === 'filesystem.put')).toEqual([]);
  });
});
