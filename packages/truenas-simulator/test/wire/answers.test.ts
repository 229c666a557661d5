import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems, describeContract, loadContract } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const OWN_NAMESPACES = /^(core|auth|api_key|user|group|privilege)\./;

for (const release of SIM_RELEASES) {
  describeContract(`answers of ${release} are as the contract has them`, () => {
    const nas = withSimulator({ release });
    const confined = withSimulator({ release, roles: ['READONLY_ADMIN'] });

    async function checked(connection: RawConnection, method: string, params: unknown[] = []): Promise<Json> {
      const answer = await connection.call(method, params);
      expect([method, answerProblems(release, method, answer)]).toEqual([method, []]);
      return answer;
    }

    it.each([
      ['auth.me', []],
      ['auth.mechanism_choices', []],
      ['auth.generate_token', []],
      ['auth.sessions', []],
      ['auth.set_attribute', ['theme', 'dark']],
      ['auth.terminate_session', ['none']],
      ['auth.terminate_other_sessions', []],
      ['api_key.query', []],
      ['api_key.query', [[], { count: true }]],
      ['api_key.query', [[['id', '=', 1]], { get: true }]],
      ['api_key.get_instance', [1]],
      ['api_key.my_keys', []],
      ['user.query', []],
      ['user.get_instance', [1]],
      ['user.get_next_uid', []],
      ['user.shell_choices', []],
      ['user.has_local_administrator_set_up', []],
      ['group.query', []],
      ['group.get_instance', [1]],
      ['group.get_next_gid', []],
      ['privilege.query', []],
      ['privilege.get_instance', [1]],
      ['privilege.roles', []],
      ['core.ping', []],
      ['core.get_jobs', []],
      ['core.set_options', [{}]],
      ['core.subscribe', ['user.query']],
      ['core.unsubscribe', ['none']],
    ])('%s %j', async (method, params) => {
      const connection = await nas.connect();
      expect(answerProblems(release, method, await connection.call(method, params))).toEqual([]);
    });

    it('users, groups, privileges and keys come, change and go', async () => {
      const nasAdmin = await nas.connect();
      const call = (method: string, ...params: unknown[]) => checked(nasAdmin, method, params);
      const groupId = await call('group.create', { name: 'helpers' });
      await call('group.update', groupId, { smb: false });
      const user = await call('user.create', {
        username: 'helper',
        full_name: 'A helper',
        group_create: true,
        groups: [groupId],
        random_password: true,
      });
      await call('user.update', user.id, { email: 'helper@example.com', locked: false });
      const { gid } = await call('group.get_instance', groupId);
      const privilege = await call('privilege.create', {
        name: 'Helpers',
        local_groups: [gid],
        roles: ['SHARING_ADMIN'],
        web_shell: false,
      });
      const helper = await nas.connect({ isSignedIn: false });
      await helper.call('auth.login', ['helper', user.password]);
      expect((await checked(helper, 'auth.me')).privilege.roles.$set).toContain('SHARING_SMB_WRITE');
      await call('privilege.update', privilege.id, { roles: [] });
      expect((await checked(helper, 'auth.me')).privilege.roles.$set).toEqual([]);
      await call('privilege.update', privilege.id, { roles: ['READONLY_ADMIN'] });
      const expires_at = { $date: Date.now() + 86_400_000 };
      const key = await call('api_key.create', { name: 'helper key', username: 'helper', expires_at });
      expect(await helper.call('auth.login_with_api_key', [key.key])).toBe(true);
      const reset = await call('api_key.update', key.id, { reset: true });
      expect(await helper.call('auth.login_with_api_key', [key.key])).toBe(false);
      expect(await helper.call('auth.login_with_api_key', [reset.key])).toBe(true);
      await expect(helper.call('api_key.delete', [1])).rejects.toMatchObject({ data: { error: 13 } });
      await call('api_key.update', key.id, { name: 'renamed' });
      await call('api_key.delete', key.id);
      await call('privilege.delete', privilege.id);
      await call('user.delete', user.id, {});
      await call('group.delete', groupId);
      await expect(call('user.get_instance', user.id)).rejects.toMatchObject({ code: -32602 });
    });

    it('secrets show only to who may write them', async () => {
      const reader = await confined.connect();
      const admin = await confined.connect({ isSignedIn: false });
      await admin.call('auth.login', ['truenas_admin', 'simulated-password']);
      const hidden = release === '27.0' ? ['salt', 'stored_key', 'server_key'] : ['keyhash'];
      for (const field of hidden) {
        expect((await reader.call('api_key.query', [[], { get: true }]))[field]).toBe('********');
        expect((await admin.call('api_key.query', [[], { get: true }]))[field]).not.toBe('********');
      }
      const renamed = await reader.call('user.query', [[], { select: ['unixhash', 'smbhash', 'uid'] }]);
      expect(renamed[0]).toEqual({ unixhash: '********', smbhash: null, uid: 0 });
      expect((await reader.call('user.get_instance', [1])).unixhash).toBe('********');
    });

    it('the methods it describes are those it has, with the parameters and roles of the contract', async () => {
      const connection = await nas.connect();
      const methods = await connection.call('core.get_methods');
      const contract = loadContract(release).methods;
      expect(Object.keys(methods).length).toBeGreaterThan(40);
      for (const [name, described] of Object.entries<Json>(methods)) {
        const real = contract[name];
        const { job, accepts } = described;
        expect([name, job, accepts.length]).toEqual([name, real?.job, real?.params.length]);
        if (real?.legacy_schema === true || !OWN_NAMESPACES.test(name)) continue;
        const names = accepts.map((each: Json) => each._name_);
        const expected = real?.params.map((each) => each.name);
        expect([name, described.filterable, names]).toEqual([name, real?.filterable, expected]);
      }
      const services = await connection.call('core.get_services');
      expect(services.user.type).toBe('crud');
      expect(services.core.type).toBe('service');
      const reader = await confined.connect();
      const readable = await reader.call('core.get_methods', ['user']);
      expect(Object.keys(readable)).toContain('user.query');
      expect(Object.keys(readable)).not.toContain('user.delete');
    });
  });
}

describe('a described schema', () => {
  const nas = withSimulator({ release: '25.10' });

  it('has items in a list, the order of keys, and names and required marks in its nodes', async () => {
    const connection = await nas.connect();
    const { 'group.create': method } = await connection.call('core.get_methods', ['group']);
    const [accepts] = method.accepts;
    expect(accepts).toMatchObject({ title: 'group_create', _name_: 'group_create', _required_: true });
    expect(accepts._attrs_order_.slice(0, 3)).toEqual(['gid', 'name', 'sudo_commands']);
    expect(accepts.properties.name).toMatchObject({ title: 'name', _name_: 'name', _required_: true });
    expect(accepts.properties.sudo_commands).toMatchObject({
      _required_: false,
      items: [{ type: 'string', minLength: 1 }],
      default: [],
    });
    expect(method.roles).toEqual(['ACCOUNT_WRITE']);
  });

  it('is marked as about one row where it takes the id of one, but for get_instance', async () => {
    const connection = await nas.connect();
    const methods = await connection.call('core.get_methods');
    const marked = ['pool.offline', 'group.delete', 'group.get_instance', 'group.query', 'core.job_abort'];
    const marks = marked.map((name) => [name, methods[name].item_method]);
    expect(marks).toEqual([
      ['pool.offline', true],
      ['group.delete', true],
      ['group.get_instance', false],
      ['group.query', false],
      ['core.job_abort', false],
    ]);
  });
});
