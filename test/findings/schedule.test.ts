import { describe, expect, it } from 'vitest';
import { judgeSchedules, type ScheduledTask, togetherOf } from '../../src/findings/schedule.ts';

const HOUR = 3_600_000;
const task = (
  label: string,
  runs: number[],
  tookMs: number | null = null,
  isHeavy = true,
): ScheduledTask => ({
  ...{ label, runs, tookMs, isHeavy, isNever: false },
});

describe('heavy tasks at the same time', () => {
  it('are those whose last run was so long that it reaches into the next', () => {
    const scrub = task('scrub', [0], 9 * HOUR);
    expect(togetherOf([scrub, task('copy', [8 * HOUR])])).toEqual([
      { ms: 8 * HOUR, labels: ['copy', 'scrub'] },
    ]);
    expect(togetherOf([scrub, task('copy', [9 * HOUR])])).toEqual([]);
  });

  it('are told once for each set, at its first moment', () => {
    const together = togetherOf([
      task('a', [0, 24 * HOUR]),
      task('b', [0, 24 * HOUR]),
      task('c', [24 * HOUR]),
    ]);
    expect(together).toEqual([
      { ms: 0, labels: ['a', 'b'] },
      { ms: 24 * HOUR, labels: ['a', 'b', 'c'] },
    ]);
  });

  it('are two also when they have one name', () => {
    expect(togetherOf([task('a', [0]), task('a', [0])])).toHaveLength(1);
  });

  it('are not snapshots, nor a task with itself, nor one whose runs are not known', () => {
    const hourly = task('hourly', [0, HOUR], 2 * HOUR);
    const unknown: ScheduledTask = { ...task('unknown', []), runs: null };
    expect(togetherOf([hourly, unknown, task('snapshot', [0, HOUR], null, false)])).toEqual([]);
  });

  it('name three at most', () => {
    const [finding] = judgeSchedules(
      ['a', 'b', 'c', 'd', 'e'].map((label) => task(label, [0])),
      () => '02:00',
    );
    expect(finding?.about).toBe('02:00 a + b + c + 2 more');
  });
});
