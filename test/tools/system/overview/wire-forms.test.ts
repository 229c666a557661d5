/** Over a real socket: dates travel as `{"$date"}`, and TrueNAS adds the whole row of a missing disk. */
import { afterAll, expect, test } from 'vitest';
import { openTrueNas } from '../../../../src/truenas/index.ts';
import { silentLog } from '../../../../src/truenas/log.ts';
import { NOW_MS, runTool, toolNamed } from '../../../support/tools.ts';
import { startPeer } from '../../../truenas/support/peer.ts';
import { leaf, pool, vdev } from '../../support/hand-made-nas.ts';

const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing) await close();
});

test('a missing disk and a replication on hold', async () => {
  const gone = leaf(null, 'UNAVAIL', {
    unavail_disk: { name: 'sdc', model: 'ST16000NM001G', serial: 'ZL2ABCDE', passwd: 'hunter2' },
  });
  const scan = {
    function: 'SCRUB',
    state: 'FINISHED',
    end_time: { $date: NOW_MS - 900 * 86_400_000 },
    errors: 0,
    percentage: 100,
    pause: null,
  };
  const answers: Record<string, unknown> = {
    'system.info': { hostname: 'nas', version: 'TrueNAS-25.10.1', uptime_seconds: 9, physmem: 1 },
    'pool.query': [
      pool(
        { status: 'DEGRADED', healthy: false, scan },
        { data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), gone])] },
      ),
    ],
    'boot.get_state': { name: 'boot-pool', status: 'ONLINE', healthy: true, warning: false, scan: null },
    'disk.temperatures': {},
    'replication.query': [
      {
        id: 1,
        enabled: true,
        name: 'offsite',
        auto: true,
        state: { state: 'HOLD', datetime: { $date: NOW_MS }, reason: 'Dataset is locked.' },
      },
    ],
  };
  const peer = await startPeer({
    script: (call) => {
      if (
        call.method.startsWith('auth') ||
        call.method.startsWith('core.ping') ||
        call.method === 'system.version'
      )
        return 'unhandled';
      call.result(answers[call.method] ?? []);
      return undefined;
    },
  });
  const client = openTrueNas({
    url: peer.url,
    apiKey: `1-${'k'.repeat(64)}`,
    username: 'u',
    tls: {},
    timeoutMs: 5000,
    log: silentLog,
  });
  closing.push(
    () => client.close(),
    () => peer.close(),
  );
  const { text } = await runTool(client.read, toolNamed('system_overview'));
  expect(text).toContain('[ST16000NM001G, serial ZL2ABCDE]');
  expect(text).toContain('(900 d ago)');
  expect(text).toContain('replication offsite is on hold and does not run: Dataset is locked.');
  expect(text).not.toContain('hunter2');
});
