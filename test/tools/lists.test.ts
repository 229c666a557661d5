/** What holds for every list tool, because its table of columns says so. */
import { describe, expect, test } from 'vitest';
import type { ListTool } from '../../src/tools/define-list.ts';
import { type AnyReadTool, READ_TOOLS } from '../support/registry.ts';
import type { ReadClient } from '../../src/truenas/index.ts';
import { runTool, toolNamed, useTools } from '../support/tools.ts';

const bench = useTools();
const LISTS = READ_TOOLS.filter((tool): tool is AnyReadTool & ListTool => 'columns' in tool);

test('every tool that lists is one', () => {
  expect(LISTS.map(({ name }) => name)).toEqual(
    READ_TOOLS.map(({ name }) => name).filter((name) => name.startsWith('list_') && name !== 'list_items'),
  );
});

describe.each(LISTS)('$name', ({ name: tool, columns }) => {
  test.each(columns.map(({ name }) => name))(
    'the column %s says something about some row',
    async (column) => {
      const args = { fields: [column], ...ALL_ROWS[tool] };
      const { text, data } = await runTool(described(bench.nas), toolNamed(tool), args);
      const header = text.split('\n').find((line) => line.split(/ {2,}/u).includes(column));
      expect(header).toBeDefined();
      const keys = new Set(data.rows.flatMap((row: object) => Object.keys(row)));
      const others = columns.filter(({ isKey, name }) => isKey && name !== column).length;
      expect(keys.size).toBe(others + 1);
    },
  );

  test('keys come first, whatever is asked for', async () => {
    const keys = columns.flatMap(({ name, isKey }) => (isKey ? [name] : []));
    const { data } = await bench.answer(tool, { fields: columns.map(({ name }) => name).toReversed() });
    expect(Object.keys(data.rows[0]).slice(0, keys.length)).toEqual(keys);
  });
  test('it takes sort, order, fields, limit and cursor, after its own arguments', () => {
    const names = Object.keys(toolNamed(tool).input.shape);
    expect(names.slice(-5)).toEqual(['sort', 'order', 'fields', 'limit', 'cursor']);
  });

  test.each(columns.flatMap(({ name, sort }) => (sort === undefined ? [] : [name])))(
    'following next gives every row once, sorted by %s',
    async (sort) => {
      const { data: first } = await bench.answer(tool, { sort, limit: 1 });
      const rows: string[] = [];
      let next: Record<string, unknown> | undefined = { sort, limit: Math.ceil(first.total / 3) };
      while (next !== undefined) {
        const { data } = await bench.answer(tool, next);
        rows.push(...data.rows.map((row: unknown) => JSON.stringify(row)));
        next = data.next === undefined ? undefined : JSON.parse(data.next.slice(tool.length + 1));
      }
      expect(new Set(rows).size).toBe(first.total);
      expect(rows).toHaveLength(first.total);
    },
  );
});

/** Where a column has something to say on rows that a list leaves out by itself. */
const ALL_ROWS: Readonly<Record<string, Record<string, unknown>>> = {
  list_alerts: { dismissed: true },
  list_snapshots: { limit: 100 },
};

/** The same NAS, where somebody has described everything that can be: nobody has on the simulated one. */
function described(nas: ReadClient): ReadClient {
  return {
    ...nas,
    async call(method, params, options) {
      const result = await nas.call(method, params, options);
      const isRow = (row: unknown) => row !== null && typeof row === 'object' && 'description' in row;
      return Array.isArray(result)
        ? result.map((row) => (isRow(row) ? Object.assign({}, row, { description: 'bay 4' }) : row))
        : result;
    },
  };
}
