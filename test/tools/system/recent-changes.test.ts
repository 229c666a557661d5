import { describe, expect, test } from 'vitest';
import { answering } from '../../findings/trouble.ts';
import { runTool, toolNamed, useTools } from '../../support/tools.ts';
import { TrueNasError } from '../../../src/truenas/errors.ts';

const bench = useTools({ release: '27.0' });

test('recent changes tells who did what, the newest first, with what stands out', async () => {
  expect(await bench.ask('recent_changes', { since: '3d', limit: 12 })).toMatchInlineSnapshot(`
    "WARNING: 2026-02-26 12:00Z to 2026-03-01 12:00Z: 1 change, 7 sign-ins, 1 command with sudo, 8 jobs, 6 alerts
    WARNING sign-ins refused, likely [recent.sign_ins_refused]: 203.0.113.66 (5 times, as root) → list_items of audit entries with success=false; close that address off if it is not yours
    WARNING job failed [recent.job_failed]: update.download (aborted); replication.run 2 (failed: [ETIMEDOUT] connection to backup.example.org timed out); app.upgrade nextcloud, {app_version: latest} (failed: [EFAULT] Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy) → list_jobs {"states":["FAILED"]}; get_job shows the log
    NOTE change refused or failed [recent.change_failed]: App: Upgrading nextcloud (truenas_admin) → list_items of audit entries with success=false
    Not kept by the NAS: alerts that went again, jobs of before its last start.
    happenings 1-12 of 19
    time               sort     who                            what                                                                                  from       result
    2026-03-01 12:00Z  sign-in  truenas_admin (key simulator)  signed in with an API key                                                             127.0.0.1  ok
    2026-03-01 12:00Z  job      the NAS                        cloudsync.sync 1, {dry_run: false}                                                    -          running
    2026-03-01 12:00Z  job      the NAS                        replication.run 1                                                                     -          running
    2026-03-01 12:00Z  job      the NAS                        pool.scrub.scrub fast, START                                                          -          running
    2026-03-01 10:46Z  alert    the NAS                        Scrub of pool 'fast' started.                                                         -          NOTICE
    2026-03-01 03:00Z  job      truenas_admin                  update.download                                                                       -          aborted
    2026-03-01 01:00Z  alert    the NAS                        Quota exceeded on dataset tank/home/carol. Used 92.5% of quota.                       -          WARNING
    2026-02-28 22:00Z  job      the NAS                        replication.run 2                                                                     -          failed: [ETIMEDOUT] connection to backup.example.org timed out
    2026-02-28 22:00Z  alert    the NAS                        Replication "projects to offsite" failed: connection to backup.example.org timed out  -          CRITICAL
    2026-02-28 16:00Z  command  truenas_admin                  /usr/sbin/zpool status                                                                127.0.0.1  ok
    2026-02-28 16:00Z  job      the NAS                        cloudsync.sync 2, {dry_run: false}                                                    -          ok
    2026-02-28 10:00Z  job      truenas_admin                  app.upgrade nextcloud, {app_version: latest}                                          -          failed: [EFAULT] Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy
    next: recent_changes {"since":"3d","limit":12,"cursor":"12._TXuec"}"
  `);
});

test('recent changes of one account leaves out what nobody did', async () => {
  const text = await bench.ask('recent_changes', { since: '7d', user: 'truenas_admin' });
  expect(text).toContain('SMB share update old-scans');
  expect(text).not.toContain('the NAS  ');
  expect(text).not.toContain('203.0.113.66');
});

test('recent changes of a mistyped account names the one that is meant', async () => {
  const text = await bench.ask('recent_changes', { user: 'truenas_admi' });
  expect(text).toContain('truenas_admi is not an account of the NAS itself; did you mean "truenas_admin"?');
});

test('a job that a call started is told once, with who called and how it ended', async () => {
  const nas = answering(bench.nas, {
    id: '',
    tool: '',
    args: {},
    answers: (method, answer) =>
      method === 'core.get_jobs'
        ? [
            {
              ...{ id: 9, method: 'app.upgrade', state: 'FAILED', error: '[EFAULT] no image', arguments: [] },
              ...{ credentials: null, time_started: new Date(Date.UTC(2026, 1, 28, 9, 2, 3)) },
            },
          ]
        : answer,
  });
  const { text } = await runTool(nas, toolNamed('recent_changes'), { since: '3d' });
  expect(text.match(/failed: \[EFAULT\] no image/gu)).toHaveLength(1);
  expect(text).toMatch(
    /change +truenas_admin +App: Upgrading nextcloud +192\.0\.2\.50 +failed: \[EFAULT\] no image/u,
  );
});

test('an audit log that cannot be read makes the verdict UNKNOWN, and no start one that nobody ordered', async () => {
  const whole = bench.nas;
  const nas = {
    ...whole,
    origin: undefined,
    call: async (...[method, params, options]: Parameters<typeof whole.call>) => {
      if (method === 'audit.query')
        throw new TrueNasError('not-authorized', { summary: 'Not authorized.', nextStep: '', method });
      const answer = await whole.call(method, params, options);
      return method === 'system.info'
        ? { ...(answer as object), boottime: new Date(Date.UTC(2026, 1, 28)) }
        : answer;
    },
  };
  const { text } = await runTool(nas, toolNamed('recent_changes'), { since: '3d' });
  expect(text).toMatch(/^UNKNOWN: /u);
  expect(text).toContain(
    'audit log of changes could not be read (not allowed for this API key, role SYSTEM_AUDIT_READ)',
  );
  expect(text).not.toContain('recent.unordered_boot');
});

describe('on TrueNAS CORE', () => {
  const core = useTools({ release: 'core-13.3' });

  test('that no audit log is kept is told once, so that nobody reads silence as nobody did anything', async () => {
    const text = await core.ask('recent_changes', { user: 'root' });
    expect(text).toMatch(/^UNKNOWN: /u);
    expect(
      text.split('changes, sign-ins and commands with sudo (this release keeps no audit log)'),
    ).toHaveLength(2);
  });
});
