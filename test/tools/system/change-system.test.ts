/** Alerts, jobs and power: what is told before, and what is known afterwards. */
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith } from '../../changes/support/plan-and-apply.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';

function start(release: '25.04' | '25.10' | '27.0' = '25.10'): Promise<ChangeNas> {
  return changeNas({ simulator: { release } });
}

describe('alerts', () => {
  it.each([
    ['dismiss_alert', { alert: 'NTPHealthCheck' }, 'is dismissed already'],
    ['restore_alert', { alert: 'ReplicationFailed' }, 'is not dismissed'],
    ['dismiss_alert', { alert: 'pool' }, 'alerts fit'],
    ['dismiss_alert', { alert: 'nothing like it' }, 'no alert fits'],
    ['dismiss_alert', { alert: 'ReplicationFailed' }, 'what it warns of stays as it is'],
  ])('%s %j: %s', async (tool, args, text) => {
    expect(await planTextWith(await start(), tool, args)).toContain(text);
  });
});

describe('cancel_job', () => {
  it('says what the job is, and that it stays half done', async () => {
    const text = await planTextWith(await start(), 'cancel_job', { job: 9 });
    expect(text).toContain('risk: destroys (the work of replication.run is broken off half done');
    expect(text).toContain('the NAS says that it cannot be cancelled');
  });

  it.each([
    [{ job: 5 }, 'has ended (FAILED)'],
    [{ job: 99_999 }, 'shows to the reading account'],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start(), 'cancel_job', args)).toContain(text);
  });

  it('that the job goes on all the same is caught', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'cancel_job', { job: 10 });
    nas.simulator.control.next('core.job_abort', { kind: 'pretend', result: null });
    const done = await applied(nas, plan);
    expect(done.text).toContain('job 10: state is RUNNING, not ABORTED');
  });
});

describe('power', () => {
  it('a restart names the jobs and clients that are cut off, and always needs an approval', async () => {
    const text = await planTextWith(await start('27.0'), 'reboot_system', { reason: 'kernel update' });
    expect(text).toContain('risk: destroys');
    expect(text).toContain('9 replication.run');
    expect(text).toMatch(/impact: cifs: clients connected now: \d/u);
    expect(text).toContain('undo: none');
  });

  it('a restart names the datasets that stay locked, and redaction leaves their names alone', async () => {
    const text = await planTextWith(await start(), 'reboot_system', { reason: 'kernel update' });
    expect(text).toMatch(/impact: locked afterwards: \w+\/\w+/u);
    expect(createRedactor({ ownSecrets: [] }).text(text)).toBe(text);
  });

  it('a NAS that says it restarts and stays up is caught', async () => {
    const nas = await start();
    const plan = await planWith(nas, 'reboot_system', { reason: 'kernel update' });
    nas.simulator.control.next('system.reboot', { kind: 'pretend', result: null });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('differs');
    expect(done.text).toContain('boot_id is');
  });
});
