/** May the NAS be upgraded, and what changes: whole answers, and what stays unknown. */
import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { changesOn, enters, releaseNamed } from '../../../src/tools/system/upgrade-steps.ts';
import { runTool, toolNamed, useTools } from '../../support/tools.ts';
import { nasWith } from '../support/hand-made-nas.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });
  test('the version that is offered', async () => {
    expect(await bench.ask('upgrade_check')).toMatchSnapshot();
  });
  test('a release that is named', async () => {
    expect(await bench.ask('upgrade_check', { target: '27' })).toMatchSnapshot();
  });
});

const STATUS = { code: 'NORMAL', status: { new_version: { version: '27.0.0' } }, error: null };
const calm = (answers: Parameters<typeof nasWith>[0]) =>
  nasWith({
    'update.status': STATUS,
    'update.available_versions': [{ train: 'x', version: { version: '27.0.0' } }],
    'pool.query': [{ name: 'tank', healthy: true, status: 'ONLINE', scan: null }],
    'boot.get_state': { healthy: true, status: 'ONLINE', free: 50e9, size: 100e9, allocated: 50e9 },
    'boot.environment.query': [{ used_bytes: 5e9 }],
    'core.get_jobs': [],
    'alert.list': [],
    'app.query': [{ name: 'web', state: 'RUNNING' }],
    'vm.query': [],
    'virt.instance.query': [],
    'smb.config': { enable_smb1: false },
    'smart.test.query': [],
    'api_key.query': [],
    'replication.query': [],
    ...answers,
  });
const check = async (answers: Parameters<typeof nasWith>[0], args = {}) =>
  (await runTool(calm(answers), toolNamed('upgrade_check'), args)).text;
const failed = (method: string) =>
  new TrueNasError('call', { summary: 'it broke', nextStep: 'none', method });

test('a NAS in order is told so, with what the way changes', async () => {
  const text = await check({});
  expect(text).toMatch(/^OK: TrueNAS-25\.10\.1 to 27\.0\.0/u);
  expect(text).toContain('26.0 changes: ');
  expect(text).toContain('27.0 changes: ');
  expect(text).not.toContain('25.10 changes: ');
});

test.each([
  ['pools', 'pool.query'],
  ['boot pool', 'boot.environment.query'],
  ['running jobs', 'core.get_jobs'],
  ['alerts', 'alert.list'],
  ['apps', 'app.query'],
  ['virtual machines', 'vm.query'],
  ['instances', 'virt.instance.query'],
  ['SMB1', 'smb.config'],
  ['which version is offered', 'update.status'],
  ['which versions can be chosen', 'update.available_versions'],
])('%s that cannot be read are no OK', async (title, method) => {
  const text = await check({ [method]: failed(method) }, { target: '27.0' });
  expect(text).toMatch(/^UNKNOWN: /u);
  expect(text).toContain(`${title} could not be read (it broke)`);
});

test('a NAS that cannot reach the server of its maker is not called up to date', async () => {
  const error = { code: 'ERROR', status: null, error: { errname: 'ECONN', reason: 'no route to host' } };
  const text = await check({
    'update.status': error,
    'update.available_versions': failed('update.available_versions'),
  });
  expect(text).toMatch(/^UNKNOWN: TrueNAS-25\.10\.1 to a version that is not known/u);
  expect(text).toContain('which version is offered: no route to host');
});

test('a NAS that is up to date is told so', async () => {
  const text = await check({
    'update.status': { ...STATUS, status: { new_version: null } },
    'update.available_versions': [],
  });
  expect(text).toMatch(/^OK: TrueNAS-25\.10\.1: no newer version is offered/u);
});

test('a resilver is no scrub that is over', async () => {
  const scan = { function: 'RESILVER', state: 'SCANNING', percentage: 3 };
  const text = await check({ 'pool.query': [{ name: 'tank', healthy: true, status: 'ONLINE', scan }] });
  expect(text).toContain('scrub or resilver runs [upgrade.scan_running]: tank (RESILVER)');
  const over = { ...scan, state: 'FINISHED' };
  expect(
    await check({ 'pool.query': [{ name: 'tank', healthy: true, status: 'ONLINE', scan: over }] }),
  ).toMatch(/^OK/u);
});

test('a system that is larger than usual wants as much room again', async () => {
  const text = await check({ 'boot.environment.query': [{ used_bytes: 60e9 }] });
  expect(text).toContain('[upgrade.boot_space]: boot pool (46.6 GiB free, about 55.9 GiB needed)');
});

test('a target that is no release is an argument to mend', async () => {
  await expect(check({}, { target: 'latest' })).rejects.toThrow('is no release: latest');
});

test.each([
  ['25.04', '25.10', ['25.10']],
  ['25.04', '27', ['25.10', '26.0', '27.0']],
  ['25.10', '26.0.0-BETA.3', ['26.0']],
  ['13.3', '25.10', ['22.02', '25.10']],
  ['13.3', '13.3.1', []],
  ['27.0', '27.0.1', []],
  ['27.0', '25.10', []],
])('from %s to %s enters %j', (from, to, families) => {
  const path = { from: releaseNamed(from), to: releaseNamed(to) };
  expect(changesOn(path).map((line) => line.split(' ')[0])).toEqual(families);
});

test('a release that is not known enters nothing, and leaves nothing out either', () => {
  const unknown = { family: 'unknown', version: '' };
  expect(enters({ from: unknown, to: releaseNamed('27') }, '26.0')).toBeNull();
  expect(enters({ from: releaseNamed('25.10') }, '26.0')).toBe(false);
});

describe('on TrueNAS CORE', () => {
  const core = useTools({ release: 'core-13.3' });

  test('a way to a later system is one way, and no boot environment of CORE is offered as the way back', async () => {
    const text = await core.ask('upgrade_check', { target: '25.10' });
    expect(text).toContain('ONE WAY: never start a boot environment of CORE after it');
    expect(text).toContain('22.02 changes: a migration from FreeBSD to Linux');
    expect(text).not.toContain('stays as a boot environment to go back to');
  });

  test('an update of CORE itself keeps its way back', async () => {
    const text = await core.ask('upgrade_check', { target: '13.3' });
    expect(text).toContain('stays as a boot environment to go back to');
    expect(text).not.toContain('ONE WAY');
  });

  test('room on the boot pool is told, also where it is not known how much the systems on it take', async () => {
    expect(await core.ask('upgrade_check', { part: 'boot' })).toMatch(
      /boot pool: \d\S* \w+ of \d\S* \w+ free/u,
    );
  });
});
