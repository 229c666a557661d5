/** Snapshots by age, compared with the clock of the NAS. */
import { describe, expect, test } from 'vitest';
import { NOW_MS, useTools } from '../../support/tools.ts';
import { ago, ask, type Answers } from '../support/hand-made-nas.ts';

const snapshot = (name: string, days: number | null) => ({
  name,
  properties: { creation: { parsed: days === null ? null : ago(days) } },
});

const SNAPSHOTS = [
  snapshot('tank@a', 40),
  snapshot('tank@b', 10),
  snapshot('tank@c', 1),
  snapshot('tank@d', null),
];

const answers = (more: Answers = {}): Answers => ({
  'system.info': { hostname: 'nas', datetime: new Date(NOW_MS) },
  'pool.snapshot.query': SNAPSHOTS,
  ...more,
});

async function named(args: Record<string, unknown>, more: Answers = {}): Promise<string[]> {
  const { data } = await ask(answers(more), 'list_snapshots', args);
  return (data.rows as { name: string }[]).map(({ name }) => name);
}

describe('snapshots by age', () => {
  test.each([
    [{ older_than: '2w' }, ['tank@a']],
    [{ older_than: '1 week' }, ['tank@a', 'tank@b']],
    [{ newer_than: 'yesterday' }, ['tank@c']],
    [{ older_than: '3 days', newer_than: '20d' }, ['tank@b']],
  ])('%j', async (args, names) => {
    expect(await named(args)).toEqual(names);
  });

  test('one without a time is neither, and is said to be', async () => {
    const { text } = await ask(answers(), 'list_snapshots', { older_than: '2w' });
    expect(text).toContain('(1 more could not be read, and may belong here)');
  });

  test('a NAS whose clock is behind is asked by its own time, and the difference is told', async () => {
    const behind = { 'system.info': { hostname: 'nas', datetime: ago(20) } };
    expect(await named({ older_than: '2w' }, behind)).toEqual(['tank@a']);
    expect(await named({ older_than: '1w', newer_than: '1w' }, behind)).toEqual([]);
    const { text } = await ask(answers(behind), 'list_snapshots', { older_than: '2w' });
    expect(text).toContain('CLOCK: the NAS is 20 d behind');
  });

  test('an age that is none is refused with examples', async () => {
    await expect(ask(answers(), 'list_snapshots', { older_than: 'soon' })).rejects.toThrow(
      'older_than: is neither a span nor a date',
    );
  });
});

const bench = useTools({ release: '25.04' });

test('the comments of a dataset are shown on a release that has them beside the user properties', async () => {
  const text = await bench.ask('list_datasets', {
    pool: 'tank',
    fields: ['comments', 'deduplication', 'volsize'],
  });
  expect(text).toMatch(/^name +comments +deduplication +volsize$/mu);
  expect(text).toMatch(/OFF/u);
});
