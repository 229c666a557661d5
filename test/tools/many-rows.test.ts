/** Kinds of which a NAS has 10,000: no more is fetched than a bound, the answer keeps to its budget, and that there are more is said. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { MAX_SORTED_HERE } from '../../src/tools/support/list-reading.ts';
import type { ReadClient, WireValue } from '../../src/truenas/client.ts';
import { ALL_KINDS, KIND_TOOLS } from '../support/registry.ts';
import { runTool, toolNamed, useTools } from '../support/tools.ts';

const MANY = 10_000;
const BUDGET_TOKENS = 6000;
const MOST_BYTES = 1024 * 1024;

const tokens = (text: string): number => encode(text, { allowedSpecial: 'all' }).length;

interface Options {
  readonly count?: boolean;
  readonly limit?: number;
  readonly offset?: number;
  readonly select?: readonly unknown[];
}

/** What was fetched of the crowded method. */
interface Fetched {
  rows: number;
  bytes: number;
}

/** The same NAS with 10,000 rows of one method, each like one of those that it has. */
function crowded(nas: ReadClient, method: string, fetched: Fetched): ReadClient {
  return {
    ...nas,
    origin: undefined,
    async call(asked, params = [], options) {
      if (asked !== method) return nas.call(asked, params, options);
      const last = params.at(-1) as Options;
      const { count, limit = MANY, offset = 0, ...rest } = last;
      const few = await nas.call(asked, [...params.slice(0, -1), rest], options);
      // Of another of its tasks: those that lead to one credential.
      if (Array.isArray(few) && few.length === 0 && isFiltered(params)) return few;
      if (!Array.isArray(few) || few.length === 0) throw new Error(`the NAS has no row of ${method}`);
      if (count === true) return MANY;
      const length = Math.max(0, Math.min(limit, MANY - offset));
      const rows = Array.from({ length }, (_, index) => likeOf(few[index % few.length], offset + index));
      fetched.rows = Math.max(fetched.rows, rows.length);
      fetched.bytes = Math.max(fetched.bytes, JSON.stringify(rows).length);
      return rows;
    },
  };
}

function isFiltered([filters]: readonly unknown[]): boolean {
  return Array.isArray(filters) && filters.length > 0;
}

/** Another row like this one: with a number and a name of its own. */
function likeOf(row: WireValue | undefined, index: number): WireValue {
  if (
    row === undefined ||
    row === null ||
    typeof row !== 'object' ||
    Array.isArray(row) ||
    row instanceof Date
  )
    return row ?? null;
  const own = Object.entries(row).map(([name, value]) => {
    if (name === 'id' && typeof value === 'number') return [name, 1000 + index];
    return ['id', 'name', 'username'].includes(name) && typeof value === 'string'
      ? [name, `${value}-${index}`]
      : [name, value];
  });
  return Object.fromEntries(own) as WireValue;
}

describe('of 10,000 rows of a kind', () => {
  const benches = [
    useTools({ release: '27.0' }),
    useTools({ release: '27.0', world: 'office' }),
    useTools({ release: '27.0', world: 'home' }),
    useTools({ release: '25.04' }),
  ];

  /** A NAS that has such rows; undefined where the simulated one has none in any world. */
  async function nasWith(method: string, params: readonly unknown[]): Promise<ReadClient | undefined> {
    for (const { nas } of benches) {
      if (!(await nas.has(method))) continue;
      const rows = await nas.call(method, [...params]).catch(() => []);
      if (Array.isArray(rows) && rows.length > 0) return nas;
    }
    return undefined;
  }

  const queried = ALL_KINDS.flatMap((kind) =>
    kind.sources.flatMap((source) =>
      'method' in source && source.paramsOf === undefined ? [{ kind, source }] : [],
    ),
  );
  const tried: string[] = [];

  test.each(queried.map((each) => [`${each.kind.name} by ${each.source.method}`, each] as const))(
    '%s',
    async (_name, { kind, source }) => {
      const nas = await nasWith(source.method, [source.filters ?? [], { extra: source.extra ?? {} }]);
      if (nas === undefined) return;
      tried.push(kind.name);
      const tool = KIND_TOOLS.find(({ name }) => name === `list_items ${kind.name}`);
      for (const { args } of tool?.examples ?? []) {
        // A NAS with another method for the kind is another row of this table.
        const fetched: Fetched = { rows: 0, bytes: 0 };
        const { text, data } = await runTool(
          crowded(nas, source.method, fetched),
          toolNamed(`list_items ${kind.name}`),
          Object.fromEntries(Object.entries(args).filter(([name]) => name !== 'filter' && name !== 'name')),
        );
        if (fetched.rows === 0) continue;
        const call = `${kind.name} ${JSON.stringify(args)}`;
        expect(fetched.rows, `of ${call}`).toBeLessThanOrEqual(MAX_SORTED_HERE);
        expect(fetched.bytes, `of ${call}`).toBeLessThanOrEqual(MOST_BYTES);
        expect(tokens(text), `of ${call}`).toBeLessThanOrEqual(BUDGET_TOKENS);
        expect(text, `of ${call}`).toMatch(/10000|10,000/u);
        expect(data.next, `of ${call}`).toContain('"cursor"');
      }
    },
  );

  test('nearly every kind is tried', () => {
    expect(new Set(tried).size).toBeGreaterThan(25);
  });

  test.each([
    'pool.snapshottask.query',
    'replication.query',
    'cloudsync.query',
    'cloud_backup.query',
    'rsynctask.query',
    'cronjob.query',
    'pool.scrub.query',
  ])('schedule_calendar with 10,000 rows of %s', async (method) => {
    const [bench] = benches;
    if (bench === undefined) throw new Error('there is no NAS');
    const fetched: Fetched = { rows: 0, bytes: 0 };
    const { text } = await runTool(crowded(bench.nas, method, fetched), toolNamed('schedule_calendar'), {
      span: '31d',
    });
    expect(fetched.rows).toBe(100);
    expect(fetched.bytes).toBeLessThanOrEqual(256 * 1024);
    expect(text).toContain('(only the first 100 of each of these were looked at');
    expect(tokens(text)).toBeLessThanOrEqual(BUDGET_TOKENS);
  });
});
