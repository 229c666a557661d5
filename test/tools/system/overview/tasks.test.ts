import { describe, expect, test } from 'vitest';
import type { WireValue } from '../../../../src/truenas/index.ts';
import { ago } from '../../support/hand-made-nas.ts';
import { overview } from '../../support/overview.ts';

describe('tasks that do not run', () => {
  const daily = { minute: '0', hour: '0', dom: '*', month: '*', dow: '*' };
  const replication = (more: Record<string, WireValue>): Record<string, WireValue> => ({
    'replication.query': [
      {
        id: 1,
        enabled: true,
        auto: true,
        name: 'offsite',
        schedule: daily,
        restrict_schedule: null,
        periodic_snapshot_tasks: [],
        ...more,
      },
    ],
  });
  test.each<[string, Record<string, WireValue>, RegExp]>([
    [
      'a replication on hold',
      replication({ state: { state: 'HOLD', datetime: ago(40), reason: 'Dataset tank/x is locked.' } }),
      /^WARNING.*\nWARNING replication offsite is on hold and does not run: Dataset tank\/x is locked\./u,
    ],
    [
      'a snapshot task on hold',
      {
        'pool.snapshottask.query': [
          {
            id: 1,
            enabled: true,
            dataset: 'tank/x',
            schedule: daily,
            state: { state: 'HOLD', datetime: ago(1), reason: 'Pool tank is not imported.' },
          },
        ],
      },
      /WARNING snapshot tank\/x is on hold/u,
    ],
    [
      'a daily replication, 60 days ago',
      replication({ state: { state: 'FINISHED', datetime: ago(60), last_snapshot: 'tank/a@x' } }),
      /WARNING replication offsite has not run for 60 d/u,
    ],
    [
      'one after snapshot tasks',
      replication({
        schedule: null,
        periodic_snapshot_tasks: [{ id: 1, schedule: daily }],
        state: { state: 'FINISHED', datetime: ago(60) },
      }),
      /has not run for 60 d/u,
    ],
    [
      'hourly snapshots, 90 days ago',
      {
        'pool.snapshottask.query': [
          {
            id: 1,
            enabled: true,
            dataset: 'tank/y',
            schedule: daily,
            state: { state: 'FINISHED', datetime: ago(90) },
          },
        ],
      },
      /WARNING snapshot tank\/y has not run for 90 d/u,
    ],
  ])('%s', async (_, answers, expected) => {
    expect(await overview(answers)).toMatch(expected);
  });
  test.each<[string, Record<string, WireValue>]>([
    ['one that ran yesterday', replication({ state: { state: 'FINISHED', datetime: ago(1) } })],
    [
      'a monthly one, 40 days ago',
      replication({ schedule: { ...daily, dom: '1' }, state: { state: 'FINISHED', datetime: ago(40) } }),
    ],
    [
      'a yearly one',
      replication({
        schedule: { ...daily, dom: '1', month: '1' },
        state: { state: 'FINISHED', datetime: ago(300) },
      }),
    ],
    [
      'one that people start',
      replication({ auto: false, schedule: null, state: { state: 'FINISHED', datetime: ago(300) } }),
    ],
    ['a new one', replication({ state: { state: 'PENDING' } })],
  ])('%s is no trouble', async (_, answers) => {
    expect(await overview(answers)).toMatch(/^OK/u);
  });
});
