import { describe, expect, it } from 'vitest';
import { denialOf, flagProblem, judge } from '../../../src/policy/risk/index.ts';

const closed = { allowsCode: false };
const open = { allowsCode: true };

describe('calls that nothing opens', () => {
  it.each([
    ['auth.generate_token', []],
    ['auth.generate_onetime_password', [{ username: 'root' }]],
    ['auth.twofactor.update', [{ enabled: false }]],
    ['api_key.create', [{ name: 'x', username: 'root' }]],
    ['api_key.update', [1, { reset: true }]],
    ['user.set_password', [{ username: 'root', new_password: 'x' }]],
    ['user.renew_2fa_secret', ['root', {}]],
    ['user.create', [{ username: 'a', random_password: true }]],
    ['user.update', [1, { random_password: 1 }]],
    ['s3.accesskey.create', [{ name: 'x', username: 'a' }]],
    ['s3.accesskey.update', [1, { rotate: true }]],
    ['keychaincredential.setup_ssh_connection', [{ setup_type: 'SEMI-AUTOMATIC' }]],
    ['keychaincredential.setup_ssh_connection', ['odd']],
    ['core.bulk', ['pool.dataset.delete', [['tank/a']]]],
    ['failover.call_remote', ['pool.dataset.delete', []]],
    ['filesystem.put', ['/root/.ssh/authorized_keys', {}]],
    ['config.upload', []],
    [
      'filesystem.setperm',
      [{ path: '/mnt/tank', mode: '755', options: { stripacl: true, recursive: true } }],
    ],
    ['filesystem.setacl', [{ path: '/mnt/tank', dacl: [], options: { recursive: true } }]],
    ['filesystem.setacl', [{ path: '/mnt/tank', options: { recursive: true } }]],
    ['filesystem.setacl', [{ path: '/mnt/tank', dacl: null, options: { recursive: 1, stripacl: 'yes' } }]],
    ['pool.dataset.delete\n', ['tank']],
    ['Pool.dataset.delete', ['tank']],
  ])('%s with %j', (method, params) => {
    expect(denialOf({ method, params }, closed)).toMatch(/never called/);
    expect(denialOf({ method, params }, open)).toMatch(/never called/);
  });
});

describe('code as root', () => {
  it.each([
    ['cronjob.create', [{ command: 'id', user: 'root' }]],
    ['cronjob.update', [1, { command: 'id' }]],
    ['cronjob.update', [1, { enabled: true }]],
    ['cronjob.run', [1, false]],
    ['initshutdownscript.create', [{ type: 'COMMAND', command: 'id', when: 'POSTINIT' }]],
    ['initshutdownscript.update', [1, { script: '/mnt/tank/x.sh' }]],
    ['vm.create', [{ name: 'a', memory: 512, command_line_args: '-device x' }]],
    ['vm.update', [1, { command_line_args: '-device x' }]],
    ['vm.update', [1, { command_line_args: { odd: true } }]],
    ['system.advanced.update', [{ kernel_extra_options: 'init=/bin/sh' }]],
    ['tunable.create', [{ type: 'UDEV', var: 'x', value: 'RUN+="/bin/sh"' }]],
    ['tunable.update', [1, { value: '|/bin/sh' }]],
    ['smb.update', [{ smb_options: 'root preexec = id' }]],
    ['sharing.smb.create', [{ name: 'a', path: '/mnt/tank/a', auxsmbconf: 'root preexec = id' }]],
    ['sharing.smb.update', [1, { options: { auxsmbconf: 'root preexec = id' } }]],
    ['ssh.update', [{ options: 'ForceCommand id' }]],
    ['ftp.update', [{ options: 'x' }]],
    ['snmp.update', [{ options: 'extend x /bin/sh' }]],
    ['ups.update', [{ shutdowncmd: 'id' }]],
    ['ups.update', [{ options: 'x' }]],
    ['ups.update', [{ optionsupsd: 'x' }]],
    ['ups.update', [{ extrausers: 'x' }]],
    ['disk.update', ['x', { smartoptions: '-M exec /bin/sh' }]],
    ['kerberos.update', [{ libdefaults_aux: 'plugin = x' }]],
    ['cloudsync.create', [{ path: '/mnt/tank/a', pre_script: 'id' }]],
    ['cloudsync.update', [1, { post_script: 'id' }]],
    ['cloudsync.update', [1, { args: '--password-command id' }]],
    ['cloudsync.sync_onetime', [{ path: '/mnt/tank/a', pre_script: 'id' }]],
    ['cloud_backup.update', [1, { pre_script: 'id' }]],
    ['rsynctask.update', [1, { extra: ['-e', 'sh'] }]],
    ['docker.update', [{ registry_mirrors: [{ url: 'https://x', insecure: true }] }]],
    ['docker.update', [{ insecure_registry_mirrors: ['http://x'] }]],
    ['docker.update', [{ secure_registry_mirrors: ['https://x'] }]],
    [
      'acme.dns.authenticator.create',
      [{ name: 'x', attributes: { authenticator: 'shell', script: '/mnt/tank/x.sh' } }],
    ],
    ['app.create', [{ app_name: 'a', custom_app: true, custom_compose_config_string: 'services: {}' }]],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: { services: { a: { image: 'x', privileged: true } } },
        },
      ],
    ],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: { services: { a: { volumes: ['/var/run/docker.sock:/s'] } } },
        },
      ],
    ],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: { services: { a: { volumes: [{ type: 'bind', source: '/' }] } } },
        },
      ],
    ],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: { services: { a: { volumes: ['/mnt/tank/../../etc:/e'] } } },
        },
      ],
    ],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: { services: { a: { cap_add: ['SYS_ADMIN'] } } },
        },
      ],
    ],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: {
            volumes: { v: { driver_opts: { type: 'none', o: 'bind', device: '/etc' } } },
          },
        },
      ],
    ],
    ['app.update', ['a', { custom_compose_config: { services: { a: { pid: 'host' } } } }]],
    ['update.manual', ['/mnt/tank/x.update', {}]],
    ['pool.dataset.update', ['tank', { user_properties_update: [{ key: 'mountpoint', value: '/etc' }] }]],
    ['filesystem.setperm', [{ path: '/etc/shadow', mode: '777' }]],
  ])('%s with %j is not sent unless the operator allows code, and then executes', (method, params) => {
    expect(denialOf({ method, params }, closed)).toMatch(/TRUENAS_ALLOW_CODE/);
    expect(denialOf({ method, params }, open)).toBeUndefined();
    expect(judge([{ method, params }]).risk).toBe('executes');
  });

  it.each([
    ['cronjob.update', [1, { enabled: false }]],
    ['cronjob.delete', [1]],
    ['smb.update', [{ smb_options: '' }]],
    ['vm.update', [1, { command_line_args: '' }]],
    ['vm.update', [1, { memory: 1024 }]],
    ['docker.update', [{ registry_mirrors: [] }]],
    ['rsynctask.update', [1, { extra: [] }]],
    ['app.create', [{ app_name: 'a', catalog_app: 'plex', values: { network: { host_network: true } } }]],
    [
      'app.create',
      [
        {
          app_name: 'a',
          custom_app: true,
          custom_compose_config: {
            services: { a: { image: 'x', volumes: ['data:/d', '/mnt/tank/a:/e'], command: ['run'] } },
          },
        },
      ],
    ],
    ['pool.dataset.create', [{ name: 'tank/a' }]],
    ['pool.dataset.delete', ['tank/a', {}]],
  ])('%s with %j is no code', (method, params) => {
    expect(denialOf({ method, params }, closed)).toBeUndefined();
  });

  it('auxiliary parameters that stay as they were are no new code', () => {
    const before = { smb_options: 'x = y' };
    expect(
      denialOf({ method: 'smb.update', params: [{ smb_options: 'x = y' }], before }, closed),
    ).toBeUndefined();
  });

  it('running a stored task with a script executes, though it brings no new code', () => {
    const call = {
      method: 'cloudsync.sync',
      params: [1],
      before: { transfer_mode: 'COPY', direction: 'PUSH', pre_script: 'id' },
    };
    expect(judge([call]).risk).toBe('executes');
    expect(denialOf(call, closed)).toBeUndefined();
  });
});

describe('flags', () => {
  it.each([
    ['pool.snapshot.create', [{ dataset: 'tank', name: 'a', recursive: true }]],
    ['filesystem.setperm', [{ path: '/mnt/tank/a', mode: '755', options: { recursive: true } }]],
    ['pool.dataset.rename', ['tank/a', { new_name: 'tank/b', force: true }]],
    ['pool.snapshot.rename', ['tank@a', { new_name: 'tank@b', force: true }]],
    ['pool.snapshottask.create', [{ dataset: 'tank', recursive: true }]],
    ['app.delete', ['a', { remove_images: false }]],
    ['user.delete', [1, { delete_group: false }]],
    ['service.control', ['START', 'cifs', { silent: false }]],
    ['iscsi.extent.delete', [1, false, false]],
    ['pool.dataset.delete', ['tank/a', { recursive: false, force: false }]],
    ['app.update', ['a', { values: { force_ssl: true } }]],
  ])('%s with %j may be sent', (method, params) => {
    expect(flagProblem({ method, params })).toBeUndefined();
  });

  it.each([
    ['pool.dataset.delete', ['tank/a', { force: true }], 'force'],
    ['pool.dataset.rename', ['tank/a', { new_name: 'tank/b', recursive: true, force: true }], 'recursive'],
    ['pool.snapshot.rollback', ['tank@a', { recursive: true }], 'recursive'],
    ['pool.snapshot.rollback', ['tank@a', { recursive_clones: true }], 'recursive_clones'],
    ['pool.snapshot.rollback', ['tank@a', { recursive_rollback: 1 }], 'recursive_rollback'],
    ['pool.dataset.lock', ['tank/a', { force_umount: true }], 'force_umount'],
    ['pool.export', [1, { cascade: true }], 'cascade'],
    ['pool.export', [1, { destroy: true }], 'destroy'],
    ['pool.detach', [1, { label: 'x', wipe: true }], 'wipe'],
    ['pool.replace', [1, { label: 'x', disk: 'sdb', force: true }], 'force'],
    ['pool.dataset.destroy_snapshots', ['tank', { all: true }], 'all'],
    ['filesystem.setperm', [{ path: '/mnt/tank/a', options: { traverse: true } }], 'traverse'],
    ['iscsi.extent.delete', [1, true, false], 'remove'],
    ['iscsi.extent.delete', [1, false, true], 'force'],
    ['iscsi.target.delete', [1, false, true], 'delete_extents'],
    ['iscsi.target.delete', [1, 1], 'force'],
    ['vm.delete', [1, { zvols: true }], 'zvols'],
    ['vm.device.delete', [1, { raw_file: true }], 'raw_file'],
    ['vm.stop', [1, { force_after_timeout: true }], 'force_after_timeout'],
    ['group.delete', [1, { delete_users: true }], 'delete_users'],
    ['keychaincredential.delete', [1, { cascade: true }], 'cascade'],
    ['app.delete', ['a', { remove_images: false, remove_ix_volumes: true }], 'remove_ix_volumes'],
    ['service.control', ['STOP', 'cifs', { silent: true }], 'silent'],
    ['some.newmethod', [{ deep: { deeper: [{ force: true }] } }], 'force'],
  ])('%s with %j is refused, and "%s" named', (method, params, flag) => {
    expect(flagProblem({ method, params })).toContain(`"${flag}"`);
  });

  it.each([
    ['app.delete', ['a'], 'remove_images'],
    ['app.delete', ['a', {}], 'remove_images'],
    ['app.delete', ['a', { remove_images: null }], 'remove_images'],
    ['user.delete', [1], 'delete_group'],
    ['service.control', ['START', 'cifs'], 'silent'],
    ['service.stop', ['cifs'], 'silent'],
  ])('%s with %j is refused until "%s" is given', (method, params, option) => {
    expect(flagProblem({ method, params })).toContain(`needs "${option}"`);
  });

  it('a recursive delete is sent only once the list of what is lost was read again', () => {
    const call = { method: 'pool.dataset.delete', params: ['tank/a', { recursive: true }] };
    expect(flagProblem(call)).toContain('read again');
    expect(flagProblem({ ...call, facts: { isFullyListed: 1 } })).toContain('read again');
    expect(flagProblem({ ...call, facts: { isFullyListed: true } })).toBeUndefined();
  });
});
