/** Protection goes by names: no name is taken away from what it protects. */
import { beforeEach, describe, expect, it } from 'vitest';
import { textOf } from './support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from './support/planned.ts';

const REFUSED = /CANNOT BE APPLIED: TRUENAS_PROTECT covers .*: under another name/u;

describe('TRUENAS_PROTECT, of a dataset on which nothing hangs', () => {
  let nas: PlannedNas;
  beforeEach(async () => {
    nas = await startPlannedNas({ rules: { protect: ['tank/strongroom/papers'] } });
    for (const name of ['tank/strongroom', 'tank/strongroom/papers', 'tank/other'])
      await nas.person.write('pool.dataset.create', [{ name }]);
  });

  it.each([
    ['the dataset itself', 'tank/strongroom/papers', 'tank/strongroom/old'],
    ['the dataset above it', 'tank/strongroom', 'tank/cellar'],
  ])('is not got around by another name of %s', async (_what, dataset, newName) => {
    const plan = await nas.plan('rename_dataset', { dataset, new_name: newName });
    expect(plan.judgement.risk).toBe('configuration');
    expect(textOf(plan)).toMatch(REFUSED);
  });

  it('is not got around by a clone that takes its snapshots over', async () => {
    await nas.person.write('pool.snapshot.create', [{ dataset: 'tank/strongroom/papers', name: 'old' }]);
    await nas.person.write('pool.snapshot.clone', [
      { snapshot: 'tank/strongroom/papers@old', dataset_dst: 'tank/copy' },
    ]);
    const plan = await nas.plan('promote_dataset', { dataset: 'tank/copy' });
    expect(textOf(plan)).toMatch(REFUSED);
  });

  it('leaves other names alone', async () => {
    const plan = await nas.plan('rename_dataset', { dataset: 'tank/other', new_name: 'tank/else' });
    expect(plan.obstacles).toEqual([]);
  });
});

describe('TRUENAS_PROTECT, where nobody can tell what is reached', () => {
  const CLOSED =
    'CANNOT BE APPLIED: TRUENAS_PROTECT is set, and which datasets this change reaches cannot be told';

  it('holds back a service that starts, and a share that needs it, once other shares are there', async () => {
    const nas = await startPlannedNas({ rules: { protect: ['tank/home'] } });
    await nas.person.write('pool.dataset.create', [{ name: 'tank/other' }]);
    const share = { kind: 'smb', name: 'x', path: '/mnt/tank/other' };
    expect(textOf(await nas.plan('create_share', share))).not.toContain(CLOSED);
    await nas.person.write('service.control', ['STOP', 'cifs', { silent: false }]);
    await expect
      .poll(() => nas.read('service.query', [[['service', '=', 'cifs']]]))
      .toMatchObject([{ state: 'STOPPED' }]);
    expect(textOf(await nas.plan('create_share', share))).toContain(CLOSED);
    for (const service of ['cifs', 'ftp'])
      expect(textOf(await nas.plan('control_service', { service, action: 'start' }))).toContain(CLOSED);
    expect(textOf(await nas.plan('control_service', { service: 'nfs', action: 'stop' }))).not.toContain(
      CLOSED,
    );
  });

  it('holds back a user in groups, whose members may get at anything', async () => {
    const nas = await startPlannedNas({ rules: { protect: ['tank/home'] } });
    const groups = (await nas.read('group.query', [[['smb', '=', true]]])) as { name: string }[];
    const user = { username: 'anna', full_name: 'Anna' };
    expect(textOf(await nas.plan('create_user', user))).not.toContain(CLOSED);
    const member = { ...user, groups: [groups[0]?.name ?? ''] };
    expect(textOf(await nas.plan('create_user', member))).toContain(CLOSED);
  });
});
