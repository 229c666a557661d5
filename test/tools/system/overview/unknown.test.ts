/** What could not be read, or is odd, is unknown in the verdict and named. */
import { describe, expect, test } from 'vitest';
import { SUBJECTS } from '../../../../src/tools/system/overview/subjects.ts';
import { TrueNasError } from '../../../../src/truenas/errors.ts';
import type { ReadClient, WireValue } from '../../../../src/truenas/index.ts';
import { useTools } from '../../../support/tools.ts';
import { ago, DAY_MS, denied, healthy, overview, pool, said } from '../../support/healthy-nas.ts';

test.each(SUBJECTS.map((subject) => [subject.name, subject] as const))(
  'when "%s" cannot be read, the verdict is UNKNOWN and names it',
  async (name, { uses: [method = ''] }) => {
    const answers = { [method]: denied };
    const { text, data } = await overview(healthy(answers));
    expect(data).toMatchObject({ verdict: 'UNKNOWN', unread: [`${name} (not allowed for this API key)`] });
    expect(text).toContain(`NOT READ, so not judged: ${name}`);
  },
);

test('something critical stays CRITICAL, with the unread part named', async () => {
  const { text, data } = await overview(
    healthy({ 'pool.query': pool({ status: 'FAULTED' }), 'alert.list': denied }),
  );
  expect(data).toMatchObject({ verdict: 'CRITICAL', unread: ['alerts (not allowed for this API key)'] });
  expect(text).toMatch(/^CRITICAL[\s\S]*NOT READ[\s\S]*alerts/u);
});

test('when nothing can be read, that failure is the answer', async () => {
  const nas: ReadClient = {
    ...healthy(),
    call: async () =>
      Promise.reject(new TrueNasError('unreachable', { summary: 'No NAS.', nextStep: 'Check.' })),
  };
  await expect(overview(nas)).rejects.toThrow('No NAS.');
});

describe('with a key that may read pools only', () => {
  const bench = useTools({ roles: ['POOL_READ'] });
  test('a degraded pool is still found, and everything else is named as unread', async () => {
    const { data } = await bench.answer('system_overview');
    expect(data.verdict).toBe('CRITICAL');
    expect(data.unread).toContain('alerts (not allowed for this API key, role ALERT_LIST_READ)');
    expect(data.unread.filter((text: string) => text.startsWith('pools'))).toEqual([]);
  });
});

describe('what is odd or missing is unknown', () => {
  test.each<[string, Record<string, WireValue | Error>, RegExp]>([
    [
      'whether a pool is healthy',
      { 'pool.query': pool({ healthy: null }) },
      /pools \(unknown: tank: healthy/u,
    ],
    ['the size of a pool', { 'pool.query': pool({ size: null }) }, /pools \(unknown: tank: space/u],
    ['the scan of a pool', { 'pool.query': pool({ scan: 'done' }) }, /pools \(unknown: tank: scan/u],
    ['a pool that is no object', { 'pool.query': ['tank'] }, /pools \(unknown: -: status/u],
    ['pools that are no list', { 'pool.query': {} }, /pools \(answered in an unknown form/u],
    [
      'temperatures as text',
      { 'disk.temperatures': { sda: '35' } },
      /sda: \\?"35\\?", which cannot be a temperature/u,
    ],
    [
      'a temperature that cannot be',
      { 'disk.temperatures': { sda: 255, sdb: -1 } },
      /sda: 255, which cannot be a temperature/u,
    ],
    [
      'whether a service is meant to run',
      { 'service.query': [{ service: 'nfs', enable: null, state: 'STOPPED' }] },
      /services \(unknown: nfs/u,
    ],
    [
      'the state of a task',
      { 'replication.query': [{ id: 1, name: 'a', enabled: true, state: {} }] },
      /replication tasks \(unknown: state of a/u,
    ],
    [
      'the level of an alert',
      { 'alert.list': [{ klass: 'X', text: 'x', dismissed: false }] },
      /alerts \(unknown: level of X/u,
    ],
    [
      'the end of a certificate',
      { 'certificate.query': [{ id: 1, name: 'web', until: null }] },
      /certificates \(unknown: end of web/u,
    ],
    ['the state of an app', { 'app.query': [{ name: 'immich' }] }, /apps \(unknown: immich/u],
  ])('%s', async (_, answers, text) => {
    const { data } = await overview(healthy(answers));
    expect(['UNKNOWN', 'CRITICAL']).toContain(data.verdict);
    expect(data.unread.join('; ')).toMatch(text);
  });
});

test('ages are by the clock of the NAS, and a clock that is wrong is said to be', async () => {
  const behindMs = 5 * DAY_MS;
  const { text, data } = await overview(
    healthy({
      'system.info': { hostname: 'nas', version: '25.10.1', datetime: ago(behindMs) },
      'core.get_jobs': [{ id: 5, method: 'x', error: 'y', time_finished: ago(behindMs + 3_600_000) }],
    }),
  );
  expect(data.verdict).toBe('WARNING');
  expect(text).toContain('CLOCK: the NAS is 5 d behind this machine');
});

test('a job that failed and does not say when it ended is not passed over', async () => {
  const { data } = await overview(
    healthy({
      'core.get_jobs': [
        { id: 5, method: 'x', error: 'y', time_started: ago(3_600_000), time_finished: null },
      ],
    }),
  );
  expect(said(data.reasons)).toEqual(['WARNING job x failed (#5): y']);
});
