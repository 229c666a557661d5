/** A plan asks the NAS for each thing once. */
import { expect, it } from 'vitest';
import { askingOnce } from '../../src/changes/asking-once.ts';
import type { ReadClient } from '../../src/truenas/client.ts';
import { changeNas } from './support/change-nas.ts';
import { planned, plannedTogether } from './support/plan-of.ts';

type Step = readonly [tool: string, args: Readonly<Record<string, unknown>>];

const CASES: readonly { readonly what: string; readonly first: Step; readonly others: readonly Step[] }[] = [
  { what: 'one change', first: ['update_dataset', { dataset: 'tank/media', quota: '40T' }], others: [] },
  {
    what: 'a delete',
    first: ['delete_dataset', { dataset: 'tank/home/carol', recursive: true }],
    others: [],
  },
  {
    what: 'two changes beside each other',
    first: ['create_snapshot', { dataset: 'tank/media', name: 'one' }],
    others: [['create_snapshot', { dataset: 'tank/media', name: 'two' }]],
  },
];

it.each(CASES)('the plan of $what asks nothing twice', async ({ first, others }) => {
  const nas = await changeNas();
  // What is kept by the connection is read by the first plan.
  await planned(nas, ...first);
  const before = nas.simulator.calls().length;
  await plannedTogether(nas, [first, ...others]);
  const asked = nas.simulator
    .calls()
    .slice(before)
    .map(({ method, params }) => JSON.stringify([method, params]));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((each, index) => asked.indexOf(each) !== index)).toEqual([]);
});

it('a call that failed is sent again', async () => {
  let times = 0;
  const client: Pick<ReadClient, 'call'> = {
    async call() {
      times += 1;
      if (times === 1) throw new Error('busy');
      return times;
    },
  };
  const once = askingOnce(client as ReadClient);
  await expect(once.call('pool.query')).rejects.toThrow('busy');
  expect(await once.call('pool.query')).toBe(2);
  expect(await once.call('pool.query', [])).toBe(2);
});
