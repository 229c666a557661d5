/** Tools that change apps: what a plan says before users are cut off, and that a success which is none is caught. */
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith } from '../../changes/support/plan-and-apply.ts';

function start(release: '25.04' | '25.10' | '27.0' = '25.10'): Promise<ChangeNas> {
  return changeNas({ simulator: { release } });
}

describe('upgrade_app', () => {
  it('names both versions, sends the one that was shown, and says what undoing costs', async () => {
    const nas = await start();
    const text = await planTextWith(nas, 'upgrade_app', { app: 'nextcloud' });
    expect(text).toContain('Upgrade app nextcloud from 2.0.3 to 2.0.4');
    expect(text).toContain('app.upgrade ["nextcloud",{"app_version":"2.0.4","snapshot_hostpaths":false}]');
    expect(text).toContain('who uses the app (port 30027) is cut off');
    expect(text).toContain(
      'does not come back: what the app has stored in its own volumes since the upgrade',
    );
    expect(nas.writes()).toEqual([]);
  });

  it('is not done when the job succeeds and the app has the version of before', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'upgrade_app', { app: 'nextcloud' });
    nas.simulator.control.next('app.upgrade', { kind: 'pretend' });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('differs');
    expect(done.text).toContain('version is 2.0.3, not 2.0.4');
  });

  it.each([
    [{ app: 'jellyfin' }, 'has no newer version'],
    [{ app: 'syncthing' }, 'start_app first'],
    [{ app: 'nextclud' }, 'apps: nextcloud'],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start(), 'upgrade_app', args)).toContain(text);
  });
});

describe('the others', () => {
  it.each([
    ['start_app', { app: 'jellyfin' }, 'runs already'],
    ['stop_app', { app: 'syncthing' }, 'is stopped already'],
    ['rollback_app', { app: 'nextcloud' }, 'no earlier version'],
    ['rollback_app', { app: 'jellyfin', version: '9' }, 'one of 1.1.29'],
    ['stop_app', { app: 'jellyfin' }, 'risk: destroys'],
    ['start_app', { app: 'syncthing' }, 'risk: reversible'],
    ['rollback_app', { app: 'jellyfin' }, '"rollback_snapshot":false'],
  ])('%s %j: %s', async (tool, args, text) => {
    expect(await planTextWith(await start(), tool, args)).toContain(text);
  });

  it('a restart that made no new containers is caught', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'restart_app', { app: 'jellyfin' });
    nas.simulator.control.next('app.redeploy', { kind: 'pretend' });
    expect((await applied(nas, plan)).outcome.kind).toBe('differs');
  });
});
