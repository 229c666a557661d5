import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyQuery, QueryError, type QueryOptions } from '../../src/index.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly size: number | null;
  readonly at: Date;
  readonly nested: { readonly deep: number };
}

const row: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 0, max: 30 }),
  name: fc.constantFrom('a', 'b', 'B', '\u{1f4be}', '\uffee', 'z'),
  size: fc.option(fc.integer({ min: 0, max: 5 })),
  at: fc.integer({ min: 0, max: 3 }).map((day) => new Date(day * 86_400_000)),
  nested: fc.record({ deep: fc.integer({ min: 0, max: 3 }) }),
});
const orderKey = fc.constantFrom(
  'id',
  '-id',
  'name',
  '-name',
  'at',
  '-nested.deep',
  'nulls_last:size',
  'nulls_first:-size',
  'size',
);

function outcome(rows: Iterable<Row>, filters: unknown[], options: QueryOptions): unknown {
  try {
    return applyQuery(rows, filters, options);
  } catch (error) {
    if (error instanceof QueryError) return error.className;
    throw error;
  }
}

describe('shortcuts do not change the answer', () => {
  it('a limit gives the first rows of the whole answer', () => {
    const filters = fc.constantFrom<unknown[]>(
      [],
      [['id', '>', 5]],
      [['size', '>', 1]],
      [['name', 'in', ['a', 'z']]],
    );
    const orders = fc.array(orderKey, { maxLength: 3 });
    const selects = fc.constantFrom<string[]>(
      [],
      ['id', 'name', 'at', 'size', 'nested'],
      ['id', 'nested.deep'],
      ['name'],
    );
    const property = fc.property(
      fc.array(row, { maxLength: 25 }),
      filters,
      orders,
      selects,
      fc.nat({ max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      (rows, where, order_by, select, offset, limit) => {
        const whole = outcome(rows, where, { order_by, select });
        const part = outcome(rows, where, { order_by, select, offset, limit });
        const stream = outcome(rows.values(), where, { order_by, select, offset, limit });
        const expected = Array.isArray(whole) ? whole.slice(offset, offset + limit) : whole;
        expect(part).toEqual(expected);
        expect(stream).toEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 400, seed: 7 });
  });

  it('rows are not changed, and unselected ones are answered as they are', () => {
    const rows = [Object.freeze({ id: 2, tags: ['x'] }), Object.freeze({ id: 1, tags: [] })];
    const answer = applyQuery(Object.freeze(rows), [['id', '>', 0]], { order_by: ['id'] });
    expect(answer).toEqual([rows[1], rows[0]]);
    expect((answer as object[])[0]).toBe(rows[1]);
    expect(applyQuery(rows)).toEqual(rows);
  });

  it('a limit without order does not look at all rows, unless a later one could be an error', () => {
    let made = 0;
    function* rows(): Generator<{ id: number; size: number | null }> {
      for (let id = 0; id < 1000; id++) {
        made += 1;
        yield { id, size: id === 900 ? null : id };
      }
    }
    expect(applyQuery(rows(), [], { limit: 3 })).toHaveLength(3);
    expect(applyQuery(rows(), [['id', '!=', 1]], { limit: 3 })).toHaveLength(3);
    expect(made).toBeLessThan(12);
    expect(() => applyQuery(rows(), [['size', '>', 1]], { limit: 3 })).toThrow(QueryError);
  });
});

it('code points decide the order, not UTF-16 units', () => {
  const rows = ['\u{1f4be}', '\uffee', 'a'].map((name) => ({ name }));
  const sorted = applyQuery(rows, [], { order_by: ['name'] }) as { name: string }[];
  expect(sorted.map(({ name }) => name)).toEqual(['a', '\uffee', '\u{1f4be}']);
});

it('patterns of the other language are understood', () => {
  const rows = ['Alpha', 'beta', 'gamma.x'].map((name) => ({ name }));
  const names = (pattern: string): string[] =>
    (applyQuery(rows, [['name', '~', pattern]]) as { name: string }[]).map(({ name }) => name);
  expect(names('(?i)alpha')).toEqual(['Alpha']);
  expect(names('(?P<first>b)eta\\Z')).toEqual(['beta']);
  expect(names('gamma\\.')).toEqual(['gamma.x']);
  expect(() => names('(')).toThrow(QueryError);
});
