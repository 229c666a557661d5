/** Another system for the next start: an update, a boot environment that is kept, copied or chosen, and the way back. */
import { describe, expect, it } from 'vitest';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

type Release = '25.04' | '25.10' | '27.0';
const RELEASES: readonly Release[] = ['25.04', '25.10', '27.0'];
const NEW: Readonly<Record<Release, string>> = { '25.04': '25.10.6', '25.10': '25.10.7', '27.0': '27.0.0' };

function start(release: Release = '25.10'): Promise<PlannedNas> {
  return startPlannedNas({ simulator: { release, delayScale: 0.01 } });
}

const methodOn = (release: Release) => (release === '25.04' ? 'update.update' : 'update.run');

async function environments(nas: PlannedNas): Promise<Record<string, Record<string, unknown>>> {
  const rows = (await nas.read('boot.environment.query')) as readonly Record<string, unknown>[];
  return Object.fromEntries(rows.map((row) => [String(row['id']), row]));
}

describe.each(RELEASES)('install_update on %s', (release) => {
  const version = NEW[release];

  it('says what comes, what stays, what a person saves, and that nobody is cut off yet', async () => {
    const text = await (await start(release)).impactOf('install_update', {});
    expect(text).toMatch(new RegExp(`^destroys: Install TrueNAS ${version} beside `, 'u'));
    expect(text).toContain('nobody is cut off yet');
    expect(text).toContain('way back: boot environment current stays');
    expect(text).toContain('keep_boot_environment');
    expect(text).toContain('where room is short, the NAS removes for it: 25.04.2.6');
    expect(text).toMatch(/room on the boot pool: \d/u);
    expect(text).toContain('with its secret seed');
  });

  it('the next start runs it, the system that runs stays, and it never restarts by itself', async () => {
    const nas = await start(release);
    const before = await nas.read('system.version');
    expect(await nas.change('install_update', { version })).toMatch(/^DONE|^APPLIED/u);
    expect(await environments(nas)).toMatchObject({
      current: { active: true, activated: false },
      [version]: { active: false, activated: true },
    });
    expect(await nas.read('system.version')).toBe(before);
    expect(nas.writes().map(({ method }) => method)).toEqual([methodOn(release)]);
    expect(nas.writes()[0]?.params).toMatchObject([{ reboot: false }]);
    expect(await nas.impactOf('reboot_system', { reason: 'update' })).toContain(
      `another system starts: ${version}, and no longer current`,
    );
    // A second one is not planned over the first.
    expect(await nas.impactOf('install_update', {})).toContain('the next start runs another system already');
  });

  it('the way back before the restart leaves the NAS as it runs', async () => {
    const nas = await start(release);
    await nas.change('install_update', {});
    expect(await nas.change('activate_boot_environment', { environment: 'current' })).toMatch(
      /^DONE|^APPLIED/u,
    );
    expect(await environments(nas)).toMatchObject({ current: { active: true, activated: true } });
    // The NAS itself takes no other update before it has started anew.
    expect(await nas.impactOf('install_update', {})).toMatch(/installed already|already applied/u);
  });

  it('a NAS that says it is installed and has installed nothing is caught', async () => {
    const nas = await start(release);
    nas.simulator.control.next(methodOn(release), { kind: 'pretend' });
    expect(await nas.change('install_update', {})).toMatch(/DIFFERS|id is current/iu);
    expect((await environments(nas))['current']).toMatchObject({ activated: true });
  });

  it('a connection lost on the way is an unknown outcome, looked at and not sent again', async () => {
    const nas = await start(release);
    nas.simulator.control.next(methodOn(release), { kind: 'drop-after' });
    const text = await nas.change('install_update', {});
    expect(text).toMatch(/UNKNOWN|not known|no answer/iu);
    expect(nas.writes()).toHaveLength(1);
  });

  it('refuses a version that is not offered', async () => {
    const text = await (await start(release)).impactOf('install_update', { version: '99.9' });
    expect(text).toContain(version);
    expect(text).toContain('offer');
  });
});

describe('install_update', () => {
  it('on 25.04, which installs what it offers at that moment, sends nothing once that is another version', async () => {
    const nas = await start('25.04');
    const plan = await nas.plan('install_update', {});
    const other = { status: 'AVAILABLE', version: '25.10.9', changes: [] };
    nas.simulator.control.next('update.check_available', { kind: 'result', result: other }, 3);
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome } = await nas.engine.apply(plan, session, { signal: new AbortController().signal });
    expect(outcome.kind).toBe('moved');
    expect(nas.writes()).toEqual([]);
  });

  it('says where a release does not tell whether there are two controllers', async () => {
    expect(await (await start('25.10')).impactOf('install_update', {})).toContain('pair of controllers');
    expect(await (await start('27.0')).impactOf('install_update', {})).not.toContain('pair of controllers');
  });

  it('is not planned on one of two controllers', async () => {
    const nas = await start('27.0');
    nas.simulator.control.next('failover.licensed', { kind: 'result', result: true });
    expect(await nas.impactOf('install_update', {})).toContain('two controllers');
  });

  it.each([
    ['25.10', 'update.status', { code: 'NORMAL', status: { new_version: null }, error: null }, 'no newer'],
    [
      '25.10',
      'update.status',
      { code: 'ERROR', status: null, error: { reason: 'no way out' } },
      'no way out',
    ],
    ['25.04', 'update.check_available', { status: 'UNAVAILABLE' }, 'no newer version'],
    ['27.0', 'update.available_versions', [], 'does not offer 27.0.0'],
  ] as const)('on %s refuses when %s says %j', async (release, method, result, said) => {
    const nas = await start(release);
    nas.simulator.control.next(method, { kind: 'result', result });
    expect(await nas.impactOf('install_update', {})).toContain(said);
    expect(nas.writes()).toEqual([]);
  });
});

describe('boot environments', () => {
  it('one that is kept is kept until the undo', async () => {
    const nas = await start();
    expect(await nas.change('keep_boot_environment', {})).toMatch(/^DONE|^APPLIED/u);
    expect((await environments(nas))['current']).toMatchObject({ keep: true });
    expect(await nas.impactOf('keep_boot_environment', {})).toContain('is kept already');
    expect(await nas.impactOf('install_update', {})).not.toContain('current is not kept');
    await nas.undo();
    expect((await environments(nas))['current']).toMatchObject({ keep: false });
  });

  it.each([
    ['keep_boot_environment', { environment: '25.04.2.5' }, 'boot environments: 25.04.2.6'],
    ['activate_boot_environment', { environment: 'current' }, 'the next start runs current already'],
    ['clone_boot_environment', { name: '25.04.2.6' }, 'exists already'],
    ['clone_boot_environment', { name: 'x', environment: 'none' }, 'no boot environment is called none'],
    ['activate_boot_environment', { environment: '25.04.2.6' }, 'are not in it'],
    ['activate_boot_environment', { environment: '25.04.2.6' }, 'reboot_system'],
  ])('%s %j: %s', async (tool, args, said) => {
    expect(await (await start()).impactOf(tool, args)).toContain(said);
  });

  it('one that the NAS cannot start is not chosen', async () => {
    const nas = await start();
    const row = { id: 'old', active: false, activated: false, can_activate: false };
    nas.simulator.control.next('boot.environment.query', { kind: 'result', result: [row] });
    expect(await nas.impactOf('activate_boot_environment', { environment: 'old' })).toContain(
      'cannot be started',
    );
  });

  it('a copy that somebody has chosen for the next start is not removed by the undo', async () => {
    const nas = await start();
    expect(await nas.change('clone_boot_environment', { name: 'before' })).toMatch(/^DONE|^APPLIED/u);
    const plan = await nas.plan('activate_boot_environment', { environment: 'before' });
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    await nas.engine.apply(plan, session, { signal: new AbortController().signal });
    await expect(nas.undo()).rejects.toThrow('was changed since (activated)');
    expect(Object.keys(await environments(nas))).toContain('before');
  });
});
