import { describe, expect, test } from 'vitest';
import { useTools } from '../../../support/tools.ts';

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  test('snapshot tasks come with their last success and their next run by the clock of the NAS', async () => {
    expect(await bench.ask('list_items', { kind: 'snapshot_task' })).toBe(
      [
        '4 snapshot tasks',
        '(schedules are in the time zone of the NAS, Europe/Berlin)',
        'id  dataset         schedule     keep      recursive  enabled  state     last_success       next_run',
        '3   backup/offsite  Sun 00:00    1 year    yes        yes      FINISHED  2026-02-26 00:00Z  2026-03-07 23:00Z',
        '4   fast/scratch    hourly       2 days    yes        no       PENDING   -                  -',
        '1   tank/home       hourly       2 weeks   yes        yes      FINISHED  2026-03-01 12:00Z  2026-03-01 13:00Z',
        '2   tank/media      daily 00:00  2 months  yes        yes      FINISHED  2026-03-01 00:00Z  2026-03-01 23:00Z',
      ].join('\n'),
    );
  });

  test('one of them says which replications go by it', async () => {
    const text = await bench.ask('get_item', { kind: 'snapshot_task', id: '1' });
    expect(text).toContain('dataset: tank/home\n');
    expect(text).toContain('replications that use it: home to backup');
  });
});

describe('for a key that may not ask the time', () => {
  const bench = useTools({ release: '27.0' });

  test('there is no next run, and the answer says why', async () => {
    bench.simulator.control.setRoles(['SNAPSHOT_TASK_READ']);
    const { text, data } = await bench.answer('list_items', { kind: 'snapshot_task' });
    expect(text).toContain('(next runs are not known, as the time zone of the NAS is not)');
    expect(data.rows.map((row: { next_run?: string }) => row.next_run)).toEqual(Array(4).fill(undefined));
  });
});
