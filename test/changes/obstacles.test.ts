/** Rules that hold back many things say so once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChangeRules, obstaclesOf } from '../../src/changes/gates.ts';
import { startPlannedNas, type PlannedNas } from './support/planned.ts';
import { textOf } from './support/plan-of.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

describe('a plan over many things', () => {
  let nas: PlannedNas;
  beforeEach(async () => {
    nas = await startPlannedNas({ rules: { protect: ['tank/kept'] } });
    for (const name of ['tank/kept', 'tank/free']) await nas.person.write('pool.dataset.create', [{ name }]);
    for (const dataset of ['tank/kept', 'tank/free'])
      for (const name of NAMES) await nas.person.write('pool.snapshot.create', [{ dataset, name }]);
  });

  const planOf = (dataset: string, names: readonly string[]) =>
    nas.plan('delete_snapshots', { snapshots: names.map((name) => `${dataset}@${name}`) });
  const obstacles = async (dataset: string, names: readonly string[], rules: Partial<ChangeRules>) => {
    const { change, judgement } = await planOf(dataset, names);
    const all = { access: 'destroy', scope: undefined, protect: [], allowsCode: false, ...rules } as const;
    return obstaclesOf(change, judgement, all);
  };

  it('is held back by TRUENAS_PROTECT in one sentence, which names the first three and counts the rest', async () => {
    const text = textOf(await planOf('tank/kept', NAMES));
    expect(text.match(/CANNOT BE APPLIED: .*/gu)).toEqual([
      'CANNOT BE APPLIED: TRUENAS_PROTECT covers snapshot tank/kept@a, snapshot tank/kept@b, snapshot tank/kept@c and 2 more (5 things): nothing of them is destroyed or exposed, whoever agrees.',
    ]);
  });

  it('names a single thing as before, and three without a rest', async () => {
    expect(await obstacles('tank/kept', ['a'], { protect: ['tank/kept'] })).toEqual([
      'TRUENAS_PROTECT covers snapshot tank/kept@a: nothing of it is destroyed or exposed, whoever agrees.',
    ]);
    expect(await obstacles('tank/kept', ['a', 'b', 'c'], { protect: ['tank/kept'] })).toEqual([
      'TRUENAS_PROTECT covers snapshot tank/kept@a, snapshot tank/kept@b, snapshot tank/kept@c (3 things): nothing of them is destroyed or exposed, whoever agrees.',
    ]);
  });

  it('is held back by TRUENAS_SCOPE in one sentence as well', async () => {
    expect(await obstacles('tank/free', NAMES, { scope: ['tank/kept'] })).toEqual([
      'TRUENAS_SCOPE confines changes to tank/kept; snapshot tank/free@a, snapshot tank/free@b, snapshot tank/free@c and 2 more (5 things): each lies outside.',
    ]);
  });
});
