import { describe, expect, it } from 'vitest';
import { flagProblem, judge, type JudgedCall, type Risk } from '../../../src/policy/risk/index.ts';

/** A call by method, arguments, state before and facts. */
function call(
  method: string,
  params: readonly unknown[],
  before?: unknown,
  facts?: JudgedCall['facts'],
): JudgedCall {
  return { method, params, before, ...(facts === undefined ? {} : { facts }) };
}

function riskOf(...args: Parameters<typeof call>): Risk {
  return judge([call(...args)]).risk;
}

const zfs = (value: string, source = 'LOCAL') => ({
  value,
  rawvalue: value.toLowerCase(),
  parsed: value,
  source,
});
const running = { service: 'cifs', state: 'RUNNING', enable: true };

describe('traps: a change that looks harmless', () => {
  it('stopping a service under clients destroys, at the level of running things', () => {
    const judged = judge([
      call('service.control', ['STOP', 'cifs', { silent: false }], running, { clients: 3 }),
    ]);
    expect(judged).toMatchObject({ risk: 'destroys', level: 'operate' });
    expect(judged.reasons[0]).toBe('clients of the service are cut off (3 connected now)');
  });

  it.each([
    ['clients unknown', undefined],
    ['clients of an odd form', { clients: '0' }],
    ['clients negative', { clients: -1 }],
    ['clients null', { clients: null }],
  ])('stopping a service with %s destroys', (_what, facts) => {
    expect(riskOf('service.control', ['STOP', 'cifs', { silent: false }], running, facts)).toBe('destroys');
    expect(riskOf('service.stop', ['cifs', { silent: false }], running, facts)).toBe('destroys');
    expect(riskOf('service.control', ['RESTART', 'cifs', { silent: false }], running, facts)).toBe(
      'destroys',
    );
  });

  it('stopping a service that nobody uses is reversible', () => {
    expect(riskOf('service.control', ['STOP', 'cifs', { silent: false }], running, { clients: 0 })).toBe(
      'reversible',
    );
  });

  it('stopping a service that protects destroys, however many clients there are', () => {
    expect(riskOf('service.control', ['STOP', 'ups'], { state: 'RUNNING' }, { clients: 0 })).toBe('destroys');
    expect(riskOf('service.control', ['STOP', 'newservice'], { state: 'RUNNING' }, { clients: 0 })).toBe(
      'destroys',
    );
  });

  it('starting a service exposes what it serves, unless it ran or nothing is shared', () => {
    expect(riskOf('service.control', ['START', 'ssh'], { state: 'STOPPED' })).toBe('exposes');
    expect(riskOf('service.control', ['START', 'cifs'], { state: 'STOPPED' })).toBe('exposes');
    expect(riskOf('service.control', ['START', 'cifs'], { state: 'STOPPED' }, { shares: 0 })).toBe(
      'reversible',
    );
    expect(riskOf('service.control', ['START', 'ssh'], { state: 'STOPPED' }, { shares: 0 })).toBe('exposes');
    expect(riskOf('service.control', ['START', 'cifs'], running)).toBe('reversible');
  });

  it('cancelling a replication destroys, and names it', () => {
    const judged = judge([
      call('core.job_abort', [12], { id: 12, method: 'replication.run', state: 'RUNNING' }),
    ]);
    expect(judged).toMatchObject({
      risk: 'destroys',
      level: 'operate',
      reasons: ['the work of replication.run is broken off half done'],
    });
    expect(riskOf('core.job_abort', [12])).toBe('destroys');
    expect(riskOf('core.job_abort', [12], { method: 'pool.scrub', state: 'SUCCESS' })).toBe('reversible');
  });

  it('the name of a job cannot smuggle text into a reason', () => {
    const { reasons } = judge([
      call('core.job_abort', [1], { method: 'x.y\nApprove this', state: 'RUNNING' }),
    ]);
    expect(reasons[0]).toBe('the work of the job is broken off half done');
  });

  it.each(['pool.snapshot.release', 'zfs.snapshot.release'])('releasing a hold (%s) destroys', (method) => {
    expect(riskOf(method, ['tank@a', {}])).toBe('destroys');
  });

  const task = { id: 1, dataset: 'tank', lifetime_value: 2, lifetime_unit: 'WEEK', enabled: true };
  it.each<[string, unknown, unknown, Risk]>([
    ['fewer weeks', { lifetime_value: 1 }, task, 'destroys'],
    ['another unit', { lifetime_unit: 'DAY' }, task, 'destroys'],
    [
      'a longer unit with a smaller number',
      { lifetime_value: 1, lifetime_unit: 'MONTH' },
      task,
      'configuration',
    ],
    ['the same in days', { lifetime_value: 14, lifetime_unit: 'DAY' }, task, 'configuration'],
    ['an unknown unit', { lifetime_value: 90, lifetime_unit: 'DECADE' }, task, 'destroys'],
    ['a state that was not read', { lifetime_value: 90 }, undefined, 'destroys'],
    [
      'a state that is odd',
      { lifetime_value: 90 },
      { lifetime_value: '2', lifetime_unit: 'WEEK' },
      'destroys',
    ],
    ['a number as text', { lifetime_value: '900' }, task, 'destroys'],
  ])('retention of %s', (_what, change, before, risk) => {
    expect(riskOf('pool.snapshottask.update', [1, change], before)).toBe(risk);
  });

  const hourly = {
    ...task,
    schedule: { minute: '00', hour: '*', dom: '*', month: '*', dow: '*', begin: '00:00', end: '23:59' },
  };
  it.each<[string, unknown, Risk]>([
    ['once a day', { minute: '00', hour: '0', dom: '*', month: '*', dow: '*' }, 'destroys'],
    ['twice an hour', { minute: '*/30', hour: '*', dom: '*', month: '*', dow: '*' }, 'configuration'],
    ['office hours only', { ...hourly.schedule, begin: '09:00', end: '17:00' }, 'destroys'],
    ['names of days', { ...hourly.schedule, dow: 'mon' }, 'destroys'],
    ['no object', 'hourly', 'destroys'],
    ['an unknown field', { ...hourly.schedule, timezone: 'UTC' }, 'executes'],
  ])('a snapshot task that runs %s', (_what, schedule, risk) => {
    expect(riskOf('pool.snapshottask.update', [1, { schedule }], hourly)).toBe(risk);
  });

  it('another day of the week, or of the month, is as often', () => {
    const daily = { minute: '0', hour: '0', dom: '*', month: '*', dow: '*' };
    const riskOfMove = (from: object, to: object) =>
      riskOf('cloudsync.update', [1, { schedule: { ...daily, ...to } }], {
        schedule: { ...daily, ...from },
      });
    expect(riskOfMove({ dow: '7' }, { dow: '1' })).toBe('configuration');
    expect(riskOfMove({ dom: '1' }, { dom: '15' })).toBe('configuration');
    expect(riskOfMove({ dom: '15' }, { dom: '31' })).toBe('destroys');
    expect(riskOfMove({ dow: '7' }, { month: '1,2' })).toBe('destroys');
    expect(riskOfMove({ dow: '7' }, {})).toBe('configuration');
  });

  it.each([
    ['pool.snapshottask.update', [1, { enabled: false }]],
    ['pool.snapshottask.update', [1, { dataset: 'tank/other' }]],
    ['pool.snapshottask.update', [1, { exclude: ['tank/a'] }]],
    ['replication.update', [1, { enabled: false }]],
    ['cloudsync.update', [1, { enabled: false }]],
    ['rsynctask.update', [1, { enabled: false }]],
    ['pool.scrub.update', [1, { enabled: false }]],
    ['pool.snapshottask.delete', [1]],
    ['replication.delete', [1]],
    ['cloudsync.delete', [1]],
    ['pool.scrub.delete', [1]],
  ])('%s with %j takes a protection away', (method, params) => {
    expect(riskOf(method, params, { enabled: true, exclude: [], dataset: 'tank' })).toBe('destroys');
  });

  it.each<[string, unknown, unknown, Risk]>([
    ['sync off', { sync: 'DISABLED' }, { sync: zfs('STANDARD') }, 'destroys'],
    ['sync off, as it was', { sync: 'DISABLED' }, { sync: zfs('DISABLED') }, 'configuration'],
    ['sync in lower case', { sync: 'disabled' }, { sync: zfs('STANDARD') }, 'destroys'],
    ['sync inherited from nobody knows what', { sync: 'INHERIT' }, { sync: zfs('STANDARD') }, 'destroys'],
    ['sync inherited already', { sync: 'INHERIT' }, { sync: zfs('STANDARD', 'INHERITED') }, 'configuration'],
    ['sync on', { sync: 'ALWAYS' }, undefined, 'configuration'],
    ['read-only off', { readonly: 'OFF' }, { readonly: zfs('ON') }, 'destroys'],
    ['read-only off, not read', { readonly: 'OFF' }, undefined, 'destroys'],
    ['read-only off, as it was', { readonly: 'OFF' }, { readonly: zfs('OFF') }, 'configuration'],
    ['checksums off', { checksum: 'OFF' }, undefined, 'destroys'],
    [
      'a smaller volume',
      { volsize: 10 },
      { volsize: { value: '20', rawvalue: '20', parsed: 20 } },
      'destroys',
    ],
    [
      'a greater volume',
      { volsize: 30 },
      { volsize: { value: '20', rawvalue: '20', parsed: 20 } },
      'configuration',
    ],
    ['a quota', { quota: 1 }, undefined, 'configuration'],
    ['deduplication', { deduplication: 'ON' }, undefined, 'configuration'],
    ['snapshots shown', { snapdir: 'VISIBLE' }, { snapdir: zfs('DISABLED') }, 'exposes'],
    [
      'a native property as a user property',
      { user_properties_update: [{ key: 'mountpoint', value: '/etc' }] },
      undefined,
      'executes',
    ],
    [
      'a user property',
      { user_properties_update: [{ key: 'org.example:note', value: 'x' }] },
      undefined,
      'configuration',
    ],
  ])('a dataset: %s', (_what, change, before, risk) => {
    expect(riskOf('pool.dataset.update', ['tank/a', change], before)).toBe(risk);
  });

  it('a snapshot whose date of deletion is set as a user property is lost', () => {
    const update = { user_properties_update: [{ key: 'org.truenas:destroy_at_1', value: '2020' }] };
    expect(riskOf('pool.snapshot.update', ['tank@a', update])).toBe('destroys');
  });

  it.each([
    ['pool.dataset.change_key', ['tank/a', { passphrase: 'x' }]],
    ['pool.dataset.change_key', ['tank/a']],
    ['pool.dataset.inherit_parent_encryption_properties', ['tank/a']],
    ['disk.update', ['x', { passwd: 'y' }]],
  ])('%s changes an encryption key, which destroys', (method, params) => {
    expect(riskOf(method, params, { id: 'tank/a' }, { clients: 0, attachments: 0 })).toBe('destroys');
  });

  const share = {
    id: 1,
    name: 'media',
    path: '/mnt/tank/media',
    enabled: true,
    options: { hostsallow: ['10.0.0.0/8'] },
  };
  it('pointing a share at another path exposes, and cuts off clients', () => {
    const change = ['sharing.smb.update', [1, { path: '/mnt/tank/finance' }], share] as const;
    expect(riskOf(...change, { clients: 0 })).toBe('exposes');
    expect(riskOf(...change)).toBe('destroys');
    expect(riskOf('sharing.smb.update', [1, { path: '/mnt/tank/media' }], share)).toBe('configuration');
    expect(riskOf('sharing.nfs.update', [1, { path: '/mnt/tank/finance' }], share, { clients: 0 })).toBe(
      'exposes',
    );
  });

  it.each([
    [['/mnt/tank']],
    [{ a: 1 }],
    [7],
    [true],
    ['/mnt/tank/../../etc'],
    ['/etc'],
    ['/mnt'],
    ['/mnt/tank/\u202ea'],
  ])('a path of an odd form (%j) raises', (path) => {
    expect(['destroys', 'executes']).toContain(
      riskOf('sharing.smb.update', [1, { path }], share, { clients: 0 }),
    );
    expect(riskOf('filesystem.setperm', [{ path, mode: '755' }], { mode: 0o755, acl: false })).toBe(
      'executes',
    );
  });

  it.each([
    'sharing.smb.delete',
    'sharing.nfs.delete',
    'iscsi.target.delete',
    'iscsi.extent.delete',
    'iscsi.targetextent.delete',
  ])('%s destroys under clients and where they are unknown, at level destroy in any case', (method) => {
    expect(judge([call(method, [1])])).toMatchObject({ risk: 'destroys', level: 'destroy' });
    expect(riskOf(method, [1], share, { clients: 2 })).toBe('destroys');
    expect(judge([call(method, [1], share, { clients: 0 })])).toMatchObject({
      risk: 'configuration',
      level: 'destroy',
    });
  });

  it.each([
    ['pool.dataset.delete', ['tank/a', {}]],
    ['zfs.resource.destroy', [{ path: 'tank/a' }]],
    ['pool.snapshot.delete', ['tank@a', {}]],
    ['pool.snapshot.rollback', ['tank@a', {}]],
    ['pool.dataset.destroy_snapshots', ['tank', { all: true }]],
  ])('%s destroys whatever the facts say', (method, params) => {
    const facts = { clients: 0, attachments: 0, shares: 0, isRunning: false, isNew: true };
    expect(judge([call(method, params, {}, facts)])).toMatchObject({ risk: 'destroys', level: 'destroy' });
  });

  it.each([
    ['user.create', [{ username: 'a', full_name: 'A' }]],
    ['user.update', [1, { full_name: 'A' }]],
    ['user.update', [1, {}]],
    ['user.delete', [1, { delete_group: false }]],
    ['group.create', [{ name: 'g' }]],
    ['group.update', [1, {}]],
    ['group.delete', [1]],
    ['privilege.create', [{ name: 'p' }]],
    ['privilege.update', [1, {}]],
  ])('%s needs ACCOUNT_WRITE, and exposes at least', (method, params) => {
    expect(['exposes', 'destroys', 'executes']).toContain(
      riskOf(method, params, {}, { isNew: true, clients: 0 }),
    );
  });

  it.each<[string, unknown, Risk]>([
    ['one more host', { options: { hostsallow: ['10.0.0.0/8', '192.168.0.1'] } }, 'exposes'],
    ['an emptied allow list', { options: { hostsallow: [] } }, 'exposes'],
    ['no allow list', { options: { hostsallow: null } }, 'exposes'],
    ['guests', { options: { guestok: true } }, 'exposes'],
    ['auxiliary parameters', { options: { auxsmbconf: 'preexec = /bin/sh' } }, 'executes'],
    ['auxiliary parameters taken away', { options: { auxsmbconf: '' } }, 'exposes'],
    ['file access lists off', { options: { acl: false } }, 'exposes'],
    ['writing', { readonly: false }, 'exposes'],
    ['the audit off', { audit: { enable: false } }, 'destroys'],
    ['the recycle bin off', { options: { recyclebin: false } }, 'destroys'],
    ['another host behind it', { options: { remote_path: ['evil.example\\x'] } }, 'exposes'],
    ['another purpose', { purpose: 'DEFAULT_SHARE' }, 'exposes'],
    ['an unknown field', { bypass: true }, 'executes'],
    ['an unknown option', { options: { bypass: true } }, 'executes'],
    ['options that are no object', { options: [] }, 'executes'],
    ['a comment', { comment: 'x' }, 'configuration'],
  ])('an SMB share: %s', (_what, change, risk) => {
    expect(riskOf('sharing.smb.update', [1, change], share, { clients: 0 })).toBe(risk);
  });

  const nfs = {
    path: '/mnt/tank/a',
    hosts: ['a'],
    networks: [],
    ro: true,
    security: ['KRB5'],
    mapall_user: null,
  };
  it.each<[string, unknown, Risk]>([
    ['a host more', { hosts: ['a', 'b'] }, 'exposes'],
    ['a network beside the host', { networks: ['10.0.0.0/8'] }, 'exposes'],
    ['no host left, so everybody', { hosts: [] }, 'exposes'],
    ['the same host', { hosts: ['a'] }, 'configuration'],
    ['a host of an odd form', { hosts: [{ a: 1 }] }, 'destroys'],
    ['writing', { ro: false }, 'exposes'],
    ['root stays root', { maproot_user: 'root' }, 'exposes'],
    ['all are one user', { mapall_user: 'root' }, 'exposes'],
    ['no Kerberos', { security: ['SYS'] }, 'exposes'],
    ['the default instead of Kerberos', { security: [] }, 'exposes'],
    ['snapshots', { expose_snapshots: true }, 'exposes'],
  ])('an NFS export: %s', (_what, change, risk) => {
    expect(riskOf('sharing.nfs.update', [1, change], nfs, { clients: 0 })).toBe(risk);
  });

  it('fewer hosts shut clients out', () => {
    const both = { ...nfs, hosts: ['a', 'b'] };
    expect(riskOf('sharing.nfs.update', [1, { hosts: ['a'] }], both)).toBe('destroys');
    expect(riskOf('sharing.nfs.update', [1, { hosts: ['a'] }], { ...nfs, hosts: [] })).toBe('destroys');
  });

  it.each<[string, string | number, Risk]>([
    ['as before', '750', 'configuration'],
    ['readable by all', '755', 'exposes'],
    ['writable by all', '777', 'exposes'],
    ['stricter', '700', 'destroys'],
    ['setgid', '2750', 'exposes'],
    ['setuid', '4750', 'executes'],
    ['a number', 0o755, 'executes'],
    ['not octal', '799', 'executes'],
    ['symbolic', 'u+s', 'executes'],
  ])('a mode %s', (_what, mode, risk) => {
    const before = { mode: 0o40750, acl: false };
    expect(riskOf('filesystem.setperm', [{ path: '/mnt/tank/a', mode }], before)).toBe(risk);
  });

  it('permissions of a whole tree destroy, and so does crossing into other datasets', () => {
    const before = { mode: 0o40755, acl: false };
    const options = (name: string) => [{ path: '/mnt/tank/a', mode: '755', options: { [name]: true } }];
    expect(riskOf('filesystem.setperm', options('recursive'), before)).toBe('destroys');
    expect(riskOf('filesystem.setperm', options('traverse'), before)).toBe('destroys');
    expect(riskOf('filesystem.setperm', options('stripacl'), before)).toBe('destroys');
  });

  const owner = {
    tag: 'owner@',
    type: 'ALLOW',
    perms: { BASIC: 'FULL_CONTROL' },
    flags: { BASIC: 'INHERIT' },
    id: -1,
    who: null,
  };
  const everyone = { ...owner, tag: 'everyone@', perms: { BASIC: 'READ' } };
  it('an entry more in an access list exposes, one less shuts out, another order may do both', () => {
    const acl = (...dacl: unknown[]) => [{ path: '/mnt/tank/a', dacl }];
    expect(riskOf('filesystem.setacl', acl(owner, everyone), { acl: [owner] })).toBe('exposes');
    expect(riskOf('filesystem.setacl', acl(owner), { acl: [owner, everyone] })).toBe('destroys');
    expect(riskOf('filesystem.setacl', acl(everyone, owner), { acl: [owner, everyone] })).toBe('destroys');
    expect(riskOf('filesystem.setacl', acl(owner, everyone), { acl: [owner, everyone] })).toBe(
      'configuration',
    );
    expect(riskOf('filesystem.setacl', acl(owner), undefined)).toBe('destroys');
    expect(
      riskOf('filesystem.setacl', acl({ ...owner, perms: { EVERYTHING: true } }), { acl: [owner] }),
    ).toBe('executes');
  });

  it.each<[string, unknown, Risk]>([
    ['a copy to the cloud', { transfer_mode: 'COPY', direction: 'PUSH' }, 'exposes'],
    ['a sync', { transfer_mode: 'SYNC', direction: 'PUSH' }, 'destroys'],
    ['a move', { transfer_mode: 'MOVE', direction: 'PUSH' }, 'destroys'],
    ['a copy back', { transfer_mode: 'COPY', direction: 'PULL' }, 'destroys'],
    ['a task with a script', { transfer_mode: 'COPY', direction: 'PUSH', pre_script: 'x' }, 'executes'],
    ['a task that nobody read', undefined, 'executes'],
    ['a mode of an odd form', { transfer_mode: 7, direction: 'PUSH' }, 'destroys'],
  ])('running %s now', (_what, before, risk) => {
    expect(riskOf('cloudsync.sync', [1], before)).toBe(risk);
  });

  it.each<[string, unknown, Risk]>([
    ['pushes', { direction: 'PUSH', delete: false, extra: [] }, 'exposes'],
    ['deletes', { direction: 'PUSH', delete: true, extra: [] }, 'destroys'],
    ['has options of its own', { direction: 'PUSH', delete: false, extra: ['-e sh'] }, 'executes'],
    ['pulls', { direction: 'PULL', delete: false, extra: [] }, 'destroys'],
  ])('an rsync task that %s', (_what, before, risk) => {
    expect(riskOf('rsynctask.run', [1], before)).toBe(risk);
  });

  it('running a replication now overwrites its target', () => {
    expect(riskOf('replication.run', [1], { readonly: 'SET' })).toBe('destroys');
    expect(riskOf('pool.snapshottask.run', [1])).toBe('reversible');
  });
});

describe('a new and empty dataset', () => {
  const made = call('pool.dataset.create', [{ name: 'tank/family' }]);
  const share = (path: string) => call('sharing.smb.create', [{ name: 'family', path }]);

  it('may be shared as configuration, in the change that makes it', () => {
    expect(judge([made, share('/mnt/tank/family')]).risk).toBe('configuration');
    expect(judge([made, share('/mnt/tank/family/photos')]).risk).toBe('configuration');
  });

  it.each(['/mnt/tank/familyx', '/mnt/tank', '/mnt/tank/family/../finance', '/mnt//tank/family', 'EXTERNAL'])(
    'does not make %s new',
    (path) => {
      expect(['exposes', 'destroys']).toContain(judge([made, share(path)]).risk);
    },
  );

  it('is not empty any more once a call may have filled it', () => {
    const filled = call('replication.run', [1]);
    expect(judge([made, filled, share('/mnt/tank/family')]).reasons).toContain(
      'clients reach the data under the path',
    );
  });

  it('is no excuse for guests, root and the like', () => {
    const guests = call('sharing.smb.create', [{ name: 'f', path: '/mnt/tank/family', guestok: true }]);
    expect(judge([made, guests]).risk).toBe('exposes');
    const root = call('sharing.nfs.create', [{ path: '/mnt/tank/family', maproot_user: 'root' }]);
    expect(judge([made, root]).risk).toBe('exposes');
  });

  it('is new only when the fact is exactly true', () => {
    for (const isNew of ['true', 1, {}, null])
      expect(judge([{ ...share('/mnt/tank/a'), facts: { isNew } }]).risk).toBe('exposes');
    expect(judge([{ ...share('/mnt/tank/a'), facts: { isNew: true } }]).risk).toBe('configuration');
  });
});

describe('what nobody judged', () => {
  it.each([
    ['a method', 'pool.newthing', []],
    ['a field', 'pool.dataset.update', ['tank', { brand_new: 1 }]],
    ['a field that is off', 'pool.dataset.update', ['tank', { brand_new: false }]],
    ['a field beside judged ones', 'sharing.nfs.create', [{ path: '/mnt/a/b', brand_new: null }]],
    ['an argument more', 'pool.dataset.promote', ['tank', {}]],
    ['a name of a prototype', 'constructor', []],
    [
      'a field named like one of a prototype',
      'pool.dataset.update',
      ['tank', JSON.parse('{"__proto__": {"a": 1}}')],
    ],
  ])('%s counts as running code', (_what, method, params) => {
    expect(judge([call(method, params)])).toMatchObject({ risk: 'executes', level: 'destroy' });
  });

  it('a change without calls is no harmless change', () => {
    expect(judge([]).risk).toBe('executes');
  });
});

it.each([
  ['a method', 'x\nApprove this, it is harmless', []],
  ['a field', 'pool.dataset.update', ['tank', { 'x\u001b[2K\nharmless': 1 }]],
  ['a long field', 'pool.dataset.update', ['tank', { ['a'.repeat(2000)]: 1 }]],
  [
    'a ZFS property',
    'pool.snapshot.clone',
    [{ snapshot: 'a@b', dataset_dst: 'c', dataset_properties: { 'x\ny': 1 } }],
  ],
  ['an alert class', 'alertclasses.update', [{ classes: { 'x\ny': 'odd' } }]],
])('the name of %s cannot bring text of its own before the person who decides', (_what, method, params) => {
  const { reasons } = judge([call(method, params)]);
  const bad = /[\p{Cc}]|aaaaaaaaaa/u;
  expect(reasons.filter((reason) => bad.test(reason))).toEqual([]);
  expect(flagProblem({ method, params }) ?? '').not.toMatch(bad);
});

it('the risk of a change is the highest of its calls, and its level too', () => {
  const harmless = call('pool.snapshot.create', [{ dataset: 'tank', name: 'a' }]);
  const grave = call('pool.dataset.delete', ['tank/a', {}]);
  expect(judge([harmless])).toMatchObject({ risk: 'reversible', level: 'operate' });
  expect(judge([harmless, grave])).toMatchObject({ risk: 'destroys', level: 'destroy' });
  expect(judge([grave, harmless]).reasons[0]).toMatch(/all its data are lost/);
});
