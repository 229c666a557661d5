import { describe, expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../../support/tools.ts';
import { type Answers, ask } from '../../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('boot environments say which runs, which boots next, and what they hold', async () => {
    const text = await bench.ask('list_items', { kind: 'boot_environment' });
    expect(text).toMatch(/^name +runs +on_reboot +size +created +keep +can_activate$/mu);
    expect(text).toMatch(/^current +yes +yes +5\.4 GiB +2024-03-31 12:00Z +no +yes$/mu);
  });

  test('the settings of mail hold no password', async () => {
    const text = await bench.ask('get_item', { kind: 'mail' });
    expect(text).toBe(
      [
        'server: mail.example.org',
        'port: 587',
        'security: TLS',
        'sender: NAS <nas@example.org>',
        'signs_in: yes',
        'user: nas@example.org',
      ].join('\n'),
    );
  });

  test('keytabs are named, and their keys are not asked for', async () => {
    const text = await bench.ask('list_items', { kind: 'kerberos' });
    expect(text).toMatch(/^EXAMPLE\.ORG +realm +kdc1\.example\.org, kdc2\.example\.org /mu);
    expect(text).toMatch(/^nfs +keytab +- /mu);
    expect(JSON.stringify(bench.simulator.calls())).not.toContain('"file"');
  });

  test('a NAS that is in no directory says none, not unknown', async () => {
    expect(await bench.ask('list_items', { kind: 'directory_service' })).toMatch(/^none +no +-/mu);
  });

  test('tunables come with the value that they replaced', async () => {
    expect(await bench.ask('list_items', { kind: 'tunable', name: 'arc' })).toMatch(
      /^zfs_arc_max +ZFS +34359738368 +0 +yes +leave memory to virtual machines$/mu,
    );
  });

  test('alert services and authenticators are listed without the settings that hold their keys', async () => {
    expect(await bench.ask('list_items', { kind: 'alert_service' })).toMatch(
      /^operations chat +Slack +CRITICAL +no$/mu,
    );
    expect(await bench.ask('list_items', { kind: 'acme' })).toMatch(/^example\.org +1 +-$/mu);
    expect(JSON.stringify(bench.simulator.calls())).not.toContain('attributes');
  });

  test('every service has a row with its main settings', async () => {
    const text = await bench.ask('list_items', { kind: 'service_config' });
    expect(text).toMatch(/^ssh +22 +all +passwords off, Kerberos off, forwarding off$/mu);
    expect(text).toMatch(/^snmp +- +- +v3 on, user monitor, auth SHA, privacy AES, traps off/mu);
    const smb = release === '27.0' ? 'from SMB2' : 'SMB1 off';
    expect(text).toContain(`name NAS, workgroup WORKGROUP, ${smb}, NTLMv1 off`);
    const names = text
      .split('\n')
      .slice(2)
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual([
      ...['ftp', 'iscsitarget', 'nfs'],
      ...(release === '25.04' ? [] : ['nvmet']),
      ...(release === '27.0' ? ['s3'] : []),
      ...['smb', 'snmp', 'ssh', 'ups'],
      ...(release === '27.0' ? ['webshare'] : []),
    ]);
  });

  test.each(['ssh', 'snmp', 'ups'])('the settings of %s come without keys and passwords', async (id) => {
    const text = await bench.ask('get_item', { kind: 'service_config', id });
    expect(text).not.toMatch(/host_|privatekey|passphrase|community|v3_password|monpwd|extrausers/u);
  });

  test('the update there is, and the release that is installed', async () => {
    const { data } = await bench.answer('list_items', { kind: 'update' });
    const next = { '25.04': '25.10.6', '25.10': '25.10.7', '27.0': '27.0.0' }[release];
    expect(data.rows).toEqual([expect.objectContaining({ update: next })]);
  });
});

describe('what a narrow key may not read', () => {
  const bench = useTools({ release: '25.10' });

  test('a service whose settings are not allowed keeps its row, with the reason', async () => {
    const text = await askTool(refusing(bench.nas, 'nfs.config'), 'list_items', { kind: 'service_config' });
    expect(text).toMatch(
      /^nfs +- +- +could not be read \(not allowed for this API key, role SHARING_NFS_READ\)$/mu,
    );
    expect(text).toMatch(/^ssh +22/mu);
  });

  test('an update is shown though its settings are not allowed', async () => {
    const text = await askTool(refusing(bench.nas, 'update.config'), 'list_items', { kind: 'update' });
    expect(text).toContain(
      'profile and looks_by_itself could not be read (not allowed for this API key, role SYSTEM_UPDATE_READ)',
    );
    expect(text).toMatch(/^TrueNAS-25\.10\.6 +25\.10\.7 +NORMAL/mu);
  });

  test('a keytab is not said to be missing when keytabs could not be read', async () => {
    const nas = refusing(bench.nas, 'kerberos.keytab.query');
    await expect(askTool(nas, 'get_item', { kind: 'kerberos', id: 'nfs' })).resolves.toContain(
      'keytabs could not be read (not allowed for this API key, role DIRECTORY_SERVICE_READ)',
    );
  });
});

describe('states that a simulated NAS is not in', () => {
  const listed = async (answers: Answers, kind: string, release = '25.10') => {
    const { data } = await ask(answers, 'list_items', { kind }, release);
    return (data as { rows: Record<string, unknown>[] }).rows;
  };

  test('a joined domain that does not answer is told with its message', async () => {
    const answers: Answers = {
      'directoryservices.config': {
        service_type: 'ACTIVEDIRECTORY',
        enable: true,
        kerberos_realm: 'CORP.EXAMPLE.ORG',
        credential: { credential_type: 'KERBEROS_PRINCIPAL', principal: 'NAS$@CORP.EXAMPLE.ORG' },
        configuration: { hostname: 'NAS', domain: 'corp.example.org' },
      },
      'directoryservices.status': {
        type: 'ACTIVEDIRECTORY',
        status: 'FAULTED',
        status_msg: 'no logon servers',
      },
    };
    expect(await listed(answers, 'directory_service')).toEqual([
      {
        service: 'ACTIVEDIRECTORY',
        enabled: true,
        state: 'FAULTED',
        domain: 'corp.example.org',
        computer: 'NAS',
        realm: 'CORP.EXAMPLE.ORG',
        account: 'NAS$@CORP.EXAMPLE.ORG',
        message: 'no logon servers',
      },
    ]);
  });

  test('an update server that cannot be reached leaves it open whether there is an update', async () => {
    const answers: Answers = {
      'update.status': {
        code: 'ERROR',
        status: null,
        error: { errname: 'ENETUNREACH', reason: 'Network is unreachable' },
        update_download_progress: null,
      },
      'update.config': { profile: 'GENERAL', autocheck: true },
      'update.available_versions': [],
    };
    const [row] = await listed(answers, 'update');
    expect(row).not.toHaveProperty('update');
    expect(row).toMatchObject({ state: 'ERROR', error: 'Network is unreachable' });
  });

  test('no update is none only where the NAS says so', async () => {
    const current = { train: 'T', profile: 'GENERAL', matches_profile: true };
    const status = (more: object): Answers => ({
      'update.status': {
        code: 'NORMAL',
        status: { current_version: current, ...more },
        error: null,
        update_download_progress: null,
      },
      'update.config': { profile: 'GENERAL', autocheck: true },
    });
    expect((await listed(status({ new_version: null }), 'update'))[0]).toMatchObject({ update: 'none' });
    expect((await listed(status({}), 'update'))[0]).not.toHaveProperty('update');
  });

  test('alerts that are silenced are those that somebody changed', async () => {
    const answers: Answers = {
      'alertclasses.config': { id: 1, classes: { ScrubPaused: { policy: 'NEVER' }, VMwareLoginFailed: {} } },
    };
    expect(await listed(answers, 'alert_policy')).toEqual([
      { class: 'ScrubPaused', policy: 'NEVER' },
      { class: 'VMwareLoginFailed' },
    ]);
  });
});
