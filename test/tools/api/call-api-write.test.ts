/** call_api_write: every method of the API under the rules of every change, and the ways around them that fail. */
import { describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { ownToolOf, methodsWithTools } from '../../../src/tools/api/own-tools.ts';
import { problemText } from '../../../src/output/problem.ts';
import { textOf } from '../../changes/support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';
import { ALL_TOOLS } from '../../support/registry.ts';

const TOOL = 'call_api_write';

/** The plan as a person reads it, or the problem of one that is refused. */
function tried(nas: PlannedNas, method: string, ...params: unknown[]): Promise<string> {
  return nas.plan(TOOL, { method, params }).then(textOf, problemText);
}

describe('a plan', () => {
  it('shows what is sent, the fields before and after, and the old values as undo', async () => {
    const nas = await startPlannedNas();
    expect(await tried(nas, 'pool.scrub.update', 1, { threshold: 40 })).toMatchInlineSnapshot(`
      "PLAN ID, nothing was changed: Call pool.scrub.update: change pool.scrub 1
      risk: destroys (the pool is checked less often)
      1. change pool.scrub 1: pool.scrub.update [1,{"threshold":40}]
      diff: pool.scrub 1: threshold 35 -> 40
      impact: what hangs on it was not looked for: this is a generic call
      impact: reaches 1 dataset: tank
      impact: which datasets it reaches cannot be told for certain
      undo: give pool.scrub 1 its old values: pool.scrub.update [1,{"threshold":35}]
      roles needed: POOL_SCRUB_WRITE"
    `);
    expect(nas.writes()).toEqual([]);
  });

  it('of a delete says that it does not come back, and the thing is gone afterwards', async () => {
    const nas = await startPlannedNas();
    expect(await tried(nas, 'cronjob.delete', 1)).toContain('diff: cronjob 1: exists -> gone');
    const text = await nas.change(TOOL, { method: 'cronjob.delete', params: [1] });
    expect(text).toContain('DONE, and seen on the NAS afterwards');
    expect(text).toContain('undo: none, what cronjob.delete removes is not made again');
    expect(await nas.read('cronjob.query', [[['id', '=', 1]]])).toEqual([]);
  });

  it('of a new thing deletes by the id of the answer', async () => {
    const nas = await startPlannedNas();
    const made = {
      method: 'iscsi.initiator.create',
      params: [{ initiators: ['iqn.2005-10.org.example:lab'] }],
    };
    const before = await nas.read('iscsi.initiator.query');
    await nas.change(TOOL, made);
    expect(await nas.read('iscsi.initiator.query')).not.toEqual(before);
    expect(await nas.undo()).toContain('DONE');
    expect(await nas.read('iscsi.initiator.query')).toEqual(before);
  });

  it('of an action follows its job and tells how it ended', async () => {
    const nas = await startPlannedNas({ rules: { allowsCode: true } });
    const text = await nas.change(TOOL, { method: 'cronjob.run', params: [1] });
    expect(text).toContain('DONE');
    expect(text).toContain('undo: none, nobody knows what takes cronjob.run back');
    expect(nas.writes().map(({ method }) => method)).toEqual(['cronjob.run']);
  });

  it('to the values that are there is none', async () => {
    const nas = await startPlannedNas();
    expect(await tried(nas, 'pool.scrub.update', 1, { threshold: 35 })).toContain(
      'change nothing: pool.scrub 1 has these values already',
    );
  });

  it('names the tool that does the same with care, or leaves the method to it', async () => {
    const nas = await startPlannedNas();
    const plan = await tried(nas, 'pool.dataset.update', 'tank/media', { comments: 'films' });
    expect(plan).toContain('update_dataset does this too');
    expect(await tried(nas, 'pool.dataset.delete', 'tank/media')).toContain('is left to delete_dataset');
  });

  it('gives back the old values of a dataset, inherited ones as inherited', async () => {
    const nas = await startPlannedNas();
    const change = {
      method: 'pool.dataset.update',
      params: ['tank/media', { atime: 'ON', recordsize: '1M' }],
    };
    const before = await nas.read('pool.dataset.query', [[['id', '=', 'tank/media']]]);
    expect(await nas.change(TOOL, change)).toContain('DONE');
    expect(await nas.undo()).toContain('DONE');
    expect(await nas.read('pool.dataset.query', [[['id', '=', 'tank/media']]])).toEqual(before);
  });
});

it('an undo says which old values the NAS does not show, and leaves them out', async () => {
  const nas = await startPlannedNas();
  const text = await tried(nas, 'pool.dataset.update', 'tank/media', {
    atime: 'ON',
    quota_warning: 70,
  });
  expect(text).toContain('does not come back: the old value of quota_warning');
  expect(text).toMatch(/undo: give .*\{"atime":"[A-Z]+"\}/u);
});

describe('what is never planned', () => {
  it.each([
    ['runs any other method', 'core.bulk', ['pool.dataset.delete', [['tank/media']]]],
    ['an API key', 'api_key.create', [{ name: 'x', username: 'root' }]],
    ['credentials', 'auth.generate_onetime_password', [{ username: 'root' }]],
    ['a means of sign-in', 'user.set_password', [{ username: 'root', new_password: null }]],
    ['its answer is a password', 'user.update', [1, { random_password: true }]],
    [
      'which nothing can undo',
      'filesystem.setacl',
      [{ path: '/mnt/tank/media', dacl: [], options: { recursive: true } }],
    ],
    ['set_permissions', 'filesystem.setacl', [{ path: '/mnt/tank/media', dacl: [{}] }]],
    ['delete_snapshots', 'zfs.snapshot.delete', ['tank/media@auto']],
    ['rollback_dataset', ' zfs.snapshot.rollback ', ['tank/media@auto']],
    ['use call_api_read', 'pool.query', []],
    ['lower-case words', 'Cronjob.Create', [{}]],
    ['lower-case words', 'cronjob.create\u200b', [{}]],
    ['is not a method', 'cronjob.do_create', [{}]],
    ['near: cronjob.create', 'cronjob.creat', [{}]],
    ['other releases have it', 'smart.test.create', [{}]],
  ])('%s: %s', async (why, method, params) => {
    const nas = await startPlannedNas();
    nas.simulator.control.clearCalls();
    expect(await tried(nas, method, ...params)).toContain(why);
    expect(nas.writes()).toEqual([]);
  });

  it('is told before anything but the release of the NAS is read, where the method or an argument is denied', async () => {
    const nas = await startPlannedNas();
    // The release is read once for a connection: before 25.04 nothing is planned.
    await tried(nas, 'system.reboot');
    nas.simulator.control.clearCalls();
    await tried(nas, 'core.bulk', 'pool.dataset.delete', [['tank/media']]);
    await tried(nas, 'filesystem.setacl', { path: '/mnt/tank', dacl: [], options: { recursive: true } });
    await tried(nas, 'system.reboot');
    expect(nas.simulator.calls()).toEqual([]);
  });

  it.each(['$result', '$secret', '$remade'])('a %s, at any depth and in JSON text', async (mark) => {
    const nas = await startPlannedNas();
    const smuggled = { [mark]: { of: 'cronjob 1', call: 0, path: 'id', thing: 'x', otherwise: 1 } };
    const why = `hold "${mark}"`;
    expect(await tried(nas, 'cronjob.update', 1, { description: smuggled })).toContain(why);
    expect(await tried(nas, 'cronjob.update', 1, { schedule: { minute: [{ a: smuggled }] } })).toContain(why);
    expect(await tried(nas, 'cronjob.update', 1, JSON.stringify({ description: smuggled }))).toContain(why);
    expect(await tried(nas, 'cronjob.update', smuggled, { description: 'x' })).toContain(why);
  });

  it.each(['[redacted]', '********', 'abc... (200 more characters)'])(
    'a "%s" written back',
    async (hidden) => {
      const nas = await startPlannedNas();
      expect(await tried(nas, 'cronjob.update', 1, { description: hidden })).toContain('hidden or cut');
      expect(await tried(nas, 'cronjob.update', 1, { schedule: { [hidden]: '1' } })).toContain(
        'hidden or cut',
      );
    },
  );

  it('a secret from the model; the person is asked for it instead', async () => {
    const nas = await startPlannedNas();
    const given = await tried(nas, 'user.update', 1, { password: 'hunter2-hunter2' });
    expect(given).toContain('a secret never goes through a model');
    const digits = await tried(nas, 'user.update', 1, { password: 271828182845 });
    expect(digits).toContain('a secret never goes through a model');
    expect(digits).not.toContain('271828182845');
    expect(given).not.toContain('hunter2');
    const [user] = (await nas.read('user.query', [[['builtin', '=', false]]])) as { id: number }[];
    const plan = await nas.plan(TOOL, { method: 'user.update', params: [user?.id, {}], ask: ['password'] });
    expect(plan.secrets.map(({ label, source }) => `${source}: ${label}`)).toEqual([
      `person: password of user ${user?.id}`,
    ]);
    expect(plan.consent).toBe('approval');
    const nothing = nas.plan(TOOL, { method: 'user.update', params: [user?.id, {}], ask: ['full_name'] });
    await expect(nothing).rejects.toThrow('no secret field');
  });

  it('no user property of ZFS, whose entries have a field "key" for its name', async () => {
    const nas = await startPlannedNas();
    const update = (...entries: object[]) => ({
      method: 'pool.dataset.update',
      params: ['tank/media', { user_properties_update: entries }],
    });
    const done = await nas.change(TOOL, update({ key: 'org.example:owner', value: 'anna' }));
    expect(done).toContain('DONE, and seen on the NAS afterwards');
    expect(nas.writes().at(-1)?.params).toEqual(update({ key: 'org.example:owner', value: 'anna' }).params);
    expect(await nas.read('pool.dataset.query', [[['id', '=', 'tank/media']]])).toMatchObject([
      { user_properties: { 'org.example:owner': { value: 'anna' } } },
    ]);
  });

  it.each([
    ['no name of a property', { key: 'AKIAIOSFODNN7EXAMPLE', value: 'x' }],
    ['a secret behind a colon', { key: 'Bearer:AKIAIOSFODNN7EXAMPLE', value: 'x' }],
    ['a property that says it holds one', { key: 'org.example:password', value: 'Tr0ub4dor-and-3' }],
    ['a name besides', { name: 'a', key: 'org.example:x-AKIAIOSFODNN7', value: 'x' }],
  ])('a secret under "key" of a user property: %s', async (_what, entry) => {
    const nas = await startPlannedNas();
    const data = { user_properties_update: [entry] };
    expect(await tried(nas, 'pool.dataset.update', 'tank/media', data)).toMatch(/secret/u);
    // The same pair elsewhere is one of a key and its value.
    const elsewhere = { attributes: { pairs: [{ key: 'org.example:owner', value: 'x' }] } };
    expect(await tried(nas, 'cloudsync.update', 1, elsewhere)).toContain(
      'a secret never goes through a model',
    );
  });

  it('a secret within a list, of which nobody could tell the entry', async () => {
    const nas = await startPlannedNas();
    const [user] = (await nas.read('user.query', [[['builtin', '=', false]]])) as { id: number }[];
    for (const path of ['groups.password', 'groups.0.password']) {
      const plan = nas.plan(TOOL, {
        method: 'user.update',
        params: [user?.id, { groups: [1] }],
        ask: [path],
      });
      await expect(plan).rejects.toThrow('which lies in a list');
    }
  });

  it.each([
    ['a pair of name and value', { env: [{ name: 'DB_PASSWORD', value: 'Tr0ub4dor-and-3' }] }],
    [
      'a pair of key and value',
      { headers: { list: [{ key: 'Authorization', value: 'Bearer abcdefghijk12345' }] } },
    ],
    ['a list of two', { env: [['DB_PASSWORD', 'Tr0ub4dor-and-3']] }],
    ['an assignment', { environment: ['DB_PASSWORD=Tr0ub4dor-and-3'] }],
    ['an address', { url: 'https://admin:Tr0ub4dor-and-3@example.org/' }],
    ['an option of a command', { command: 'restic --password Tr0ub4dor-and-3 backup' }],
  ])('a secret of the model in %s, and the answer does not repeat it', async (_form, data) => {
    const nas = await startPlannedNas({ rules: { allowsCode: true } });
    const text = await tried(nas, 'cronjob.update', 1, data);
    expect(text).toContain('a secret never goes through a model');
    expect(text).not.toContain('Tr0ub4dor');
    expect(text).not.toContain('abcdefghijk');
  });

  it('a pair that holds no secret is no reason to refuse', async () => {
    const nas = await startPlannedNas({ rules: { allowsCode: true } });
    const command = 'env TZ=Europe/Berlin backup --keep 3';
    expect(await tried(nas, 'cronjob.update', 1, { command })).toContain('PLAN ID');
  });

  it('two fields of one name that a person would type into at once', async () => {
    const nas = await startPlannedNas();
    const plan = nas.plan(TOOL, {
      method: 'user.update',
      params: [1, {}],
      ask: ['password', 'backup.password'],
    });
    await expect(plan).rejects.toThrow('names two fields');
  });
});

describe('arguments', () => {
  it('come as a list, as one object, or as JSON text', async () => {
    const nas = await startPlannedNas();
    const text = await tried(nas, 'cronjob.update', '1', '{"description":"x"}');
    expect(text).toContain('cronjob.update [1,{"description":"x"}]');
    const one = await nas.plan(TOOL, { method: 'audit.update', params: { retention: 30 } });
    expect(one.change.calls[0].params).toEqual([{ retention: 30 }]);
    const json = await nas.plan(TOOL, { method: 'audit.update', params: '[{"retention":30}]' });
    expect(json.change.calls[0].params).toEqual([{ retention: 30 }]);
  });

  it('that the schema of the NAS refuses are not planned', async () => {
    const nas = await startPlannedNas();
    expect(await tried(nas, 'cronjob.update', 1, { descripton: 'x' })).toMatch(
      /descripton.* is not known here/u,
    );
    expect(await tried(nas, 'cronjob.update', 1)).toContain('lacks');
    expect(await tried(nas, 'cronjob.update', 999, { description: 'x' })).toContain('does not exist');
  });

  it('are planned unchecked where only a reading account is signed in, and checked before anything is sent', async () => {
    const nas = await startPlannedNas({ hasWriter: false });
    const plan = await nas.plan(TOOL, { method: 'cronjob.update', params: [1, { descripton: 'x' }] });
    expect(plan.change.impact.join('\n')).toContain('checked once somebody has signed in');
    const { openWriteSession } = await import('../../../src/truenas/write-session.ts');
    const { silentLog } = await import('../../../src/truenas/log.ts');
    const { url, fingerprint, person } = nas.simulator;
    const session = await openWriteSession(
      { url, tls: { fingerprintSha256: fingerprint }, timeoutMs: 10_000, log: silentLog },
      { kind: 'person', ...person },
    );
    const { signal } = new AbortController();
    const { outcome } = await nas.engine.apply(plan, session, { signal });
    await session.close();
    expect(outcome.kind).toBe('refused');
    expect(outcome.reason).toMatch(/parameters of cronjob.update: .*descripton/u);
    expect(nas.writes()).toEqual([]);
  });
});

describe('risk', () => {
  it.each([
    ['executes', 'cronjob.create', [{ command: 'id', user: 'root' }]],
    ['executes', 'cronjob.run', [1]],
    ['destroys', 'pool.export', [2]],
    ['destroys', 'pool.dataset.destroy_snapshots', ['tank/media', { all: true }]],
  ])('%s: %s', async (risk, method, params) => {
    const nas = await startPlannedNas();
    expect(await tried(nas, method, ...params)).toContain(`risk: ${risk} `);
  });

  it('of sudo for a user is that of rights as root', async () => {
    const nas = await startPlannedNas();
    const [user] = (await nas.read('user.query', [[['builtin', '=', false]]])) as { id: number }[];
    const text = await tried(nas, 'user.update', user?.id, { sudo_commands: ['ALL'] });
    expect(text).toMatch(/risk: (?:exposes|executes)/u);
  });

  it('of code needs TRUENAS_ALLOW_CODE besides', async () => {
    const nas = await startPlannedNas();
    const call = ['cronjob.create', { command: 'id', user: 'root' }] as const;
    expect(await tried(nas, ...call)).toContain('CANNOT BE APPLIED: cronjob.create is not called like this');
    const open = await startPlannedNas({ rules: { allowsCode: true } });
    expect(await tried(open, ...call)).not.toContain('CANNOT BE APPLIED');
  });

  it('of an app with privileged mounts is judged though the reading account does not see the method', async () => {
    const nas = await startPlannedNas({ hasWriter: false });
    const compose = { services: { a: { privileged: true, volumes: ['/:/host'] } } };
    const text = await tried(nas, 'app.create', {
      app_name: 'x',
      custom_app: true,
      custom_compose_config: compose,
    });
    expect(text).toContain('risk: executes');
    expect(text).toContain('CANNOT BE APPLIED');
  });

  it('of a method that nobody judged is that of code, and its roles are those that the NAS names', async () => {
    const nas = await startPlannedNas();
    const plan = await nas.plan(TOOL, { method: 'enclosure.label.set', params: ['mini', 'rack 1'] });
    expect(plan.judgement.risk).toBe('executes');
    expect(plan.judgement.reasons.join()).toContain('nobody judged the method');
    expect(plan.roles).toEqual([['ENCLOSURE_WRITE']]);
  });

  it('above the level of the server is not applied', async () => {
    const nas = await startPlannedNas({ rules: { access: 'operate' } });
    expect(await tried(nas, 'cronjob.update', 1, { description: 'x' })).toContain(
      'configured with TRUENAS_ACCESS=operate; a change of this sort (configuration) needs manage',
    );
  });
});

describe('TRUENAS_PROTECT', () => {
  const rules = { protect: ['tank/documents'], allowsCode: true };

  it.each([
    ['a pool by its number', 'pool.export', [1]],
    ['a machine whose disk lies elsewhere', 'vm.delete', [1, {}]],
    ['a task by its number', 'cloudsync.update', [1, { direction: 'PULL' }]],
    ['a command', 'cronjob.create', [{ command: 'rm -rf /mnt/tank/x/../documents', user: 'root' }]],
    ['a sudo right', 'privilege.create', [{ name: 'all', roles: ['FULL_ADMIN'], web_shell: true }]],
  ])('holds against %s', async (_what, method, params) => {
    const nas = await startPlannedNas({ rules });
    expect(await tried(nas, method, ...params)).toMatch(/CANNOT BE APPLIED: TRUENAS_PROTECT/u);
  });

  it.each(['/mnt/tank/documents', '/mnt/tank//media/../documents/a b', '//mnt/./tank/documents/'])(
    'holds for a share of %s',
    async (path) => {
      const nas = await startPlannedNas({ rules });
      expect(await tried(nas, 'sharing.nfs.create', { path })).toContain('TRUENAS_PROTECT covers');
    },
  );

  it('leaves a change of settings elsewhere alone', async () => {
    const nas = await startPlannedNas({ rules });
    const text = await tried(nas, 'pool.dataset.update', 'tank/media', { comments: 'films' });
    expect(text).not.toContain('CANNOT BE APPLIED');
  });
});

describe('TRUENAS_SCOPE', () => {
  const rules = { scope: ['tank/media'] as const, allowsCode: true };

  it('lets a change of a dataset within it through', async () => {
    const nas = await startPlannedNas({ rules });
    const text = await tried(nas, 'pool.dataset.update', 'tank/media', { comments: 'films' });
    expect(text).not.toContain('CANNOT BE APPLIED');
  });

  it.each([
    ['a dataset outside', 'pool.dataset.update', ['tank/documents', { comments: 'x' }]],
    ['a folder outside', 'filesystem.mkdir', [{ path: '/mnt/tank/media/../documents/new' }]],
    ['a thing without a dataset', 'cronjob.update', [1, { description: 'x' }]],
    ['a command that names the scope', 'cronjob.create', [{ command: 'ls /mnt/tank/media', user: 'root' }]],
    ['an action that names the scope', 'pool.dataset.destroy_snapshots', ['tank', { all: true }]],
    ['a task that names the scope', 'cloudsync.update', [1, { path: '/mnt/tank/media' }]],
    ['a share that is pointed elsewhere', 'sharing.nfs.create', [{ path: '/mnt/tank/documents' }]],
  ])('refuses %s', async (_what, method, params) => {
    const nas = await startPlannedNas({ rules });
    expect(await tried(nas, method, ...params)).toMatch(/CANNOT BE APPLIED: TRUENAS_SCOPE/u);
  });
});

describe('tools of their own', () => {
  const changes = ALL_TOOLS.flatMap((tool) => (tool.kind === 'change' ? [tool] : []));

  it('are those that send the method', () => {
    const wrong = methodsWithTools().filter((method) => {
      const tool = changes.find(({ name }) => name === ownToolOf(method)?.tool);
      return tool === undefined || tool.writes === 'any' || !tool.writes.includes(method);
    });
    expect(wrong).toEqual([]);
  });
});

it('a plan belongs to whoever made it', async () => {
  const nas = await startPlannedNas();
  const plan = await nas.plan(TOOL, { method: 'cronjob.update', params: [1, { description: 'x' }] });
  expect(nas.engine.find(plan.id, LOCAL_CALLER)).toBe(plan);
  expect(nas.engine.find(plan.id, { id: 'somebody else' })).toBeUndefined();
});

describe('applying', () => {
  const CHANGE = { method: 'cronjob.update', params: [1, { description: 'x' }] };

  it.each(['drop-before', 'drop-after'] as const)(
    'a connection lost (%s) is unknown, and nothing is sent twice',
    async (kind) => {
      const nas = await startPlannedNas();
      nas.simulator.control.next('cronjob.update', { kind });
      const text = await nas.change(TOOL, CHANGE);
      expect(text).toContain('OUTCOME UNKNOWN');
      expect(text).toContain(kind === 'drop-after' ? 'cronjob 1: as planned' : '(as before)');
      expect(nas.writes()).toHaveLength(1);
    },
  );

  it.each(['drop-before', 'drop-after'] as const)(
    'of a new thing whose answer is lost (%s), looks for it by its name, and takes it back where it is there',
    async (kind) => {
      const nas = await startPlannedNas();
      const made = { method: 'iscsi.target.create', params: [{ name: 'lost-answer', groups: [] }] };
      nas.simulator.control.next('iscsi.target.create', { kind });
      const text = await nas.change(TOOL, made);
      expect(text).toContain('OUTCOME UNKNOWN');
      expect(text).toContain(
        kind === 'drop-after'
          ? 'new iscsi.target lost-answer: as planned'
          : 'new iscsi.target lost-answer: does not exist (as before)',
      );
      const there = async () => await nas.read('iscsi.target.query', [[['name', '=', 'lost-answer']]]);
      expect(await there()).toHaveLength(kind === 'drop-after' ? 1 : 0);
      expect(text.includes('undo: undo_change')).toBe(kind === 'drop-after');
      await nas.signIn();
      await nas.undo().catch(() => '');
      expect(await there()).toEqual([]);
    },
  );

  it('is stopped where something of the name of a new thing has come since', async () => {
    const nas = await startPlannedNas();
    const made = { method: 'iscsi.target.create', params: [{ name: 'taken', groups: [] }] };
    const plan = await nas.plan(TOOL, made);
    await nas.person.write('iscsi.target.create', made.params);
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    nas.simulator.control.clearCalls();
    const { outcome } = await nas.engine.apply(plan, session, { signal: new AbortController().signal });
    expect(outcome.kind).toBe('moved');
    expect(nas.writes()).toEqual([]);
  });

  it.each(['25.04', '25.10', '27.0'] as const)(
    'on %s, comments of a dataset are seen and taken back',
    async (release) => {
      const nas = await startPlannedNas({ simulator: { release } });
      const comments = async () =>
        nas.read('pool.dataset.query', [[['id', 'in', ['tank/media', 'tank/home']]]]);
      const before = await comments();
      for (const dataset of ['tank/media', 'tank/home']) {
        const change = { method: 'pool.dataset.update', params: [dataset, { comments: 'films of ours' }] };
        expect(await nas.change(TOOL, change)).toContain('DONE, and seen');
        expect(JSON.stringify(await comments())).toContain('films of ours');
        expect(await nas.undo()).toContain('DONE');
      }
      expect(await comments()).toEqual(before);
    },
  );

  it('a thing of which nothing can be read is unknown after a lost connection, too', async () => {
    const nas = await startPlannedNas();
    nas.simulator.control.next('filesystem.mkdir', { kind: 'drop-after' });
    const text = await nas.change(TOOL, {
      method: 'filesystem.mkdir',
      params: [{ path: '/mnt/tank/media/new' }],
    });
    expect(text).toContain('OUTCOME UNKNOWN');
    const sent = nas.simulator.calls().filter(({ method }) => method === 'filesystem.mkdir');
    expect(sent).toHaveLength(1);
  });

  it('a job that fails is told with its error', async () => {
    const nas = await startPlannedNas({ rules: { allowsCode: true } });
    nas.simulator.control.next('cronjob.run', { kind: 'error', code: -32001, message: 'no such shell' });
    const text = await nas.change(TOOL, { method: 'cronjob.run', params: [1] });
    expect(text).toContain('FAILED, nothing was changed');
    expect(nas.writes()).toHaveLength(1);
  });

  it('what moved since it was planned is not changed, fields that cannot be compared afterwards included', async () => {
    const nas = await startPlannedNas({ rules: { allowsCode: true } });
    const first = await nas.plan(TOOL, {
      method: 'cronjob.update',
      params: [1, { schedule: { minute: '7' } }],
    });
    await nas.change(TOOL, { method: 'cronjob.update', params: [1, { schedule: { hour: '3' } }] });
    const session = await nas.engine.writerFor(first);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome } = await nas.engine.apply(first, session, { signal: new AbortController().signal });
    expect([outcome.reason, outcome.kind]).toEqual([
      'cronjob 1 is not as it was when this was planned',
      'moved',
    ]);
    expect(nas.writes()).toHaveLength(1);
  });

  it('an undo is refused once somebody changed the field again', async () => {
    const nas = await startPlannedNas();
    const { engine } = nas;
    await nas.change(TOOL, CHANGE);
    const [entry] = await engine.changes();
    await nas.change(TOOL, { method: 'cronjob.update', params: [1, { description: 'y' }] });
    const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
    await expect(engine.planUndo(asker, entry?.id ?? '')).rejects.toThrow('was changed since');
  });

  it('a secret that the person types reaches the NAS and is said nowhere', async () => {
    const nas = await startPlannedNas();
    const [user] = (await nas.read('user.query', [[['builtin', '=', false]]])) as { id: number }[];
    const text = await nas.change(TOOL, { method: 'user.update', params: [user?.id, {}], ask: ['password'] });
    expect(JSON.stringify(nas.writes())).toContain('Correct-Horse-7');
    expect(text).toContain('DONE');
    expect(text).not.toContain('Correct-Horse');
  });

  it('is reached by plan_change and plan_changes, the undo of several in reverse', async () => {
    const nas = await startPlannedNas();
    const client = await nas.client();
    const steps = [CHANGE, { method: 'audit.update', params: [{ retention: 30 }] }];
    const plan = await nas.call(client, 'plan_changes', {
      steps: steps.map((each) => ({ tool: TOOL, arguments: each })),
    });
    expect(plan.text).toMatch(/undo: give audit settings .*\n.*undo: give cronjob 1/u);
    const one = await nas.call(client, 'plan_change', { tool: TOOL, arguments: CHANGE });
    expect(one.text).toContain('PLAN ');
    expect(nas.writes()).toEqual([]);
  });
});

describe('the other API tools, where it is offered', () => {
  it('describe a method that writes as the account for changes sees it, and say that it is planned', async () => {
    const nas = await startPlannedNas();
    const client = await nas.client();
    const text = async (method: string) => (await nas.call(client, 'describe_api', { method })).text;
    expect(await text('cronjob.update')).toContain('call_api_write plans it');
    expect(await text('zfs.snapshot.rename')).toContain('call_api_write plans it');
    expect(await text('pool.dataset.delete')).toContain('it is left to delete_dataset');
    expect(await text('core.bulk')).not.toContain('call_api_write');
  });

  it('say who sees such methods, where only a reading account is signed in', async () => {
    const nas = await startPlannedNas({ hasWriter: false });
    const client = await nas.client();
    const answer = await nas.call(client, 'describe_api', { method: 'cronjob.update' });
    expect(answer.text).toContain('show to an account for changes only');
    const read = await nas.call(client, 'call_api_read', { method: 'cronjob.update', params: [1, {}] });
    expect(read.text).toContain('call_api_write plans those');
  });

  it('name it nowhere, where it is not offered', async () => {
    const nas = await startPlannedNas({ tools: ALL_TOOLS.filter(({ name }) => name !== TOOL) });
    const client = await nas.client();
    for (const tool of ['describe_api', 'call_api_read']) {
      const answer = await nas.call(client, tool, { method: 'cronjob.update' });
      expect(answer.text).toContain('change nothing on the NAS');
      expect(answer.text).not.toContain(TOOL);
    }
  });
});

describe('what changed besides', () => {
  it('is told of an action, of which nothing is foretold', async () => {
    const nas = await startPlannedNas();
    expect(await tried(nas, 'vm.stop', 1)).toContain('diff: vm 1: what becomes of it is not foretold');
    const text = await nas.change(TOOL, { method: 'vm.stop', params: [1] });
    expect(text).toMatch(/vm 1, besides what was sent: .*status .*RUNNING.* -> .*STOPPED/u);
  });

  it('is told where an action takes the thing away', async () => {
    const nas = await startPlannedNas();
    const [pool] = (await nas.read('pool.query', [[['name', '=', 'backup']]])) as { id: number }[];
    const text = await nas.change(TOOL, { method: 'pool.export', params: [pool?.id, {}] });
    expect(text).toContain(`pool ${pool?.id}: is gone`);
    expect(text).toContain('DONE');
  });

  it('is no part of the undo', async () => {
    const nas = await startPlannedNas();
    await nas.change(TOOL, { method: 'audit.update', params: [{ retention: 30 }] });
    const [entry] = await nas.engine.changes();
    const { undoTargets = [] } = entry?.end ?? {};
    expect(undoTargets.map(({ before, after }) => [before, after])).toEqual([
      [{ retention: 30 }, { retention: 7 }],
    ]);
  });
});
