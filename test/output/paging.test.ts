import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cell, cellOf } from '../../src/output/cells.ts';
import { estimateTokens } from '../../src/output/budget.ts';
import { dataTokens } from '../../src/output/fit-data.ts';
import { listAnswer } from '../../src/output/list.ts';
import { makeCursor, nextCall, readCursor } from '../../src/output/paging.ts';
import { InputProblem } from '../../src/output/problem.ts';
import { ALL_TOOLS } from '../support/registry.ts';

test('a cursor is valid for its own question only, whatever the order of the arguments and the page size', () => {
  fc.assert(
    fc.property(
      fc.nat(999_999_999),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/u), fc.string()),
      (offset, args) => {
        const { limit: _, cursor: __, ...question } = args;
        const cursor = makeCursor('list_x', question, offset);
        const reversed = Object.fromEntries(Object.entries(question).toReversed());
        expect(readCursor('list_x', { ...reversed, limit: 7, cursor })).toBe(offset);
        expect(() => readCursor('list_y', { ...question, cursor })).toThrow(InputProblem);
        expect(() => readCursor('list_x', { ...question, extra: 1, cursor })).toThrow(/other arguments/u);
      },
    ),
    { numRuns: 50, seed: 7 },
  );
});

test.each(['', '5', 'abc', '5.abc', '-1.abcdef', '5.abcdef.x', '99999999999.abcdef'])(
  '%j is no cursor',
  (cursor) => {
    expect(() => readCursor('list_x', { cursor })).toThrow(InputProblem);
  },
);

const OF_THE_QUESTION = ALL_TOOLS.filter(({ input }) => 'cursor' in input.shape).flatMap(({ name, input }) =>
  Object.keys(input.shape)
    .filter((argument) => !['cursor', 'limit'].includes(argument))
    .map((argument) => [name, argument] as const),
);

test.each(OF_THE_QUESTION)('%s: a cursor does not fit when %s has changed', (tool, argument) => {
  const cursor = makeCursor(tool, { [argument]: 'before' }, 50);
  expect(readCursor(tool, { [argument]: 'before', limit: 7, cursor })).toBe(50);
  expect(() => readCursor(tool, { [argument]: 'after', cursor })).toThrow(/other arguments/u);
});

test('a position with more digits than any list has rows is no cursor, though all else is right', () => {
  expect(readCursor('list_x', { cursor: makeCursor('list_x', {}, 999_999_999) })).toBe(999_999_999);
  const cursor = makeCursor('list_x', {}, 1_000_000_000);
  expect(() => readCursor('list_x', { cursor })).toThrow(InputProblem);
});

test('the next call repeats the arguments and leaves out what was not given', () => {
  const call = nextCall('list_x', { pool: 'tank', name: undefined, cursor: 'old' }, 50);
  expect(call).toMatch(/^list_x \{"pool":"tank","cursor":"50\.[\w-]{6}"\}$/u);
});

const COLUMNS = [{ name: 'name', key: 'name' }];
const rows = (count: number): Cell[][] =>
  Array.from({ length: count }, (_, index) => [cellOf(`row-${index}`, { type: 'text' })]);

test('a whole list says how many, without a next call', () => {
  const { text, data } = listAnswer({
    tool: 'list_x',
    args: {},
    noun: 'rows',
    columns: COLUMNS,
    rows: rows(2),
    offset: 0,
    total: 2,
  });
  expect(text).toBe('2 rows\nname\nrow-0\nrow-1');
  expect(data).toEqual({ total: 2, shown: 2, rows: [{ name: 'row-0' }, { name: 'row-1' }] });
});

test('an empty list and a page past the end say so', () => {
  const parts = { tool: 'list_x', args: {}, noun: 'rows', columns: COLUMNS, rows: [] };
  expect(listAnswer({ ...parts, offset: 0, total: 0 }).text).toBe('No rows.');
  expect(listAnswer({ ...parts, offset: 50, total: 20 }).text).toBe('No more rows: 20 in all.');
});

test('rows over the budget are cut on their border, counted, and reached by the next call', () => {
  const { text, data } = listAnswer({
    tool: 'list_x',
    args: { pool: 'tank' },
    noun: 'rows',
    columns: COLUMNS,
    rows: rows(500),
    offset: 100,
    total: 5000,
    budgetTokens: 600,
  });
  expect(estimateTokens(text) + dataTokens(data)).toBeLessThanOrEqual(600);
  expect(data.notes).toEqual([expect.stringContaining(`cut after ${data.shown} rows`)]);
  expect(data.rows).toHaveLength(data.shown);
  expect(data.shown).toBeGreaterThan(10);
  expect(data.shown).toBeLessThan(100);
  expect(text).toContain(`rows 101-${100 + data.shown} of 5,000`);
  expect(text).toContain('to keep the answer small');
  expect(data.next).toBe(nextCall('list_x', { pool: 'tank' }, 100 + data.shown));
  expect(text.endsWith(`next: ${data.next}`)).toBe(true);
});
