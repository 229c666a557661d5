/** What answers and the tool list cost a model, in tokens. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import budgets from '../docs/token-budgets.json' with { type: 'json' };
import { CURATED_TOOLS, useTools } from '../support/tools.ts';

const tokens = (text: string): number => encode(text).length;

describe('on a NAS with 10,000 datasets and 100,000 snapshots', () => {
  const bench = useTools({ datasets: 10_000, snapshots: 100_000 });

  test.each([
    ['list_datasets', {}, 2000, [50, 10_000]],
    ['list_datasets', { sort: 'used' }, 2000, [50, 10_000]],
    ['list_snapshots', {}, 1500, [50, 100_000]],
    ['system_overview', {}, Math.ceil(budgets.answers.system_overview * 1.05), [undefined, undefined]],
  ])('%s %j is small', async (name, args, budget, counts) => {
    const { text, data } = await bench.answer(name, args);
    expect(tokens(text)).toBeLessThanOrEqual(budget);
    expect([data.shown, data.total]).toEqual(counts);
  });

  // The biggest pages, and whatever the tools themselves name as examples.
  const BIG_PAGES: readonly [string, Record<string, unknown>][] = [
    ['list_datasets', { limit: 500 }],
    ['list_datasets', { name: 'a', limit: 500 }],
    ['list_snapshots', { limit: 500, fields: ['created', 'used', 'referenced'] }],
    ['list_snapshots', { limit: 500, sort: 'used' }],
  ];
  const EXAMPLES = CURATED_TOOLS.flatMap(({ name, examples }) =>
    examples.map(({ args }): [string, Record<string, unknown>] => [name, args]),
  );

  test.each([...BIG_PAGES, ...EXAMPLES])(
    '%s %j fetches no more than 256 KiB, and its answer keeps to the budget',
    async (name, args) => {
      const before = bench.simulator.calls().length;
      const text = await bench.ask(name, args);
      expect(tokens(text)).toBeLessThanOrEqual(6600);
      const bytes = bench.simulator
        .calls()
        .slice(before)
        .map((call) => call.bytesOut);
      expect(Math.max(0, ...bytes)).toBeLessThanOrEqual(256 * 1024);
    },
  );
});

describe('on a NAS with 700 datasets', () => {
  const bench = useTools({ datasets: 700 });

  test('following next from page to page gives every row once, also where the budget cut a page short', async () => {
    const seen = new Set<string>();
    let args: Record<string, unknown> | undefined = {
      sort: 'used',
      fields: ['mountpoint', 'created'],
      limit: 500,
    };
    let total = -1;
    let pages = 0;
    while (args !== undefined && pages < 20) {
      const { data } = await bench.answer('list_datasets', args);
      for (const row of data.rows) seen.add(row.name);
      total = data.total;
      pages += 1;
      args = data.next === undefined ? undefined : JSON.parse(data.next.slice('list_datasets '.length));
    }
    expect(seen.size).toBe(total);
    expect(pages).toBeGreaterThan(2);
  });
});
