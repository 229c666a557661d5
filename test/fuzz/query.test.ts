/** What the query builder makes means to the NAS what it says, judged by a second, naive reading of the rules. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyQuery, checkQueryArguments, SIM_RELEASES } from 'truenas-simulator';
import { escapePattern, nameFilter } from '../../src/tools/support/inputs.ts';
import { anyOf, type Comparison, type Filter, query, type QueryParts } from '../../src/truenas/query.ts';
import { anyText, createTally, FUZZ_TIMEOUT_MS, hold, HOSTILE_KEYS, tryProperty } from '../support/fuzz.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly flag: boolean;
  readonly size: number | null;
  readonly tags: readonly string[];
  readonly deep: { readonly kind: string };
}
const name = fc.oneof(fc.constantFrom('tank', 'Tank', 'tank/media', 'a', ''), anyText);
const row: fc.Arbitrary<Row> = fc.record(
  {
    id: fc.integer({ min: 0, max: 9 }),
    name,
    flag: fc.boolean(),
    size: fc.option(fc.integer({ min: 0, max: 4 })),
    tags: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 }),
    deep: fc.record({ kind: fc.constantFrom('p', 'q') }, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.tuple(
    fc.constant('id'),
    fc.constantFrom('=', '!=', '>', '>=', '<', '<='),
    fc.integer({ min: 0, max: 9 }),
  ),
  fc.tuple(
    fc.constant('name'),
    fc.constantFrom('=', '!=', '^', '!^', '$', '!$', 'rin', 'rnin', 'C=', 'C^', 'Crin'),
    name,
  ),
  fc.tuple(fc.constant('name'), fc.constantFrom('in', 'nin'), fc.array(name, { maxLength: 3 })),
  fc.tuple(fc.constant('size'), fc.constantFrom('=', '!='), fc.option(fc.integer({ min: 0, max: 4 }))),
  fc.tuple(fc.constant('tags'), fc.constantFrom('rin', 'rnin'), fc.constantFrom('x', 'y')),
  fc.tuple(fc.constant('deep.kind'), fc.constantFrom('=', '!='), fc.constantFrom('p', 'q')),
  fc.tuple(
    fc.constantFrom('absent', 'deep.absent', 'constructor', '__proto__', 'toString'),
    fc.constantFrom('=', '!=', 'rin', 'in', '^'),
    fc.constantFrom('x', null),
  ),
) as fc.Arbitrary<Comparison>;
const filter: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 3, arbitrary: comparison },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(comparison, fc.array(comparison, { minLength: 1, maxLength: 2 })), {
        minLength: 1,
        maxLength: 3,
      })
      .map((branches) => anyOf(...branches)),
  },
);
const parts: fc.Arbitrary<QueryParts> = fc.record(
  {
    filters: fc.array(filter, { maxLength: 3 }),
    select: fc.subarray(['id', 'name', 'size', 'flag', 'deep', 'absent'], { minLength: 1 }),
    orderBy: fc.constantFrom(['id'], ['-id'], ['flag', 'id'], ['id', '-flag']),
    limit: fc.integer({ min: 1, max: 8 }),
    offset: fc.integer({ min: 0, max: 5 }),
    count: fc.boolean(),
    extra: fc.dictionary(
      fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string()),
      fc.jsonValue({ maxDepth: 1 }).map(plain),
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Keys that the options order by must be selected. */
function isAnswerable({ select, orderBy }: QueryParts): boolean {
  return select === undefined || (orderBy ?? []).every((key) => select.includes(key.replace('-', '')));
}

function valueAt(record: object, path: string): unknown {
  let value: unknown = record;
  for (const step of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** The rules of PROTOCOL section 9, read as simply as can be. */
function isMatch(record: Row, [field, operator, operand]: Comparison): boolean {
  let value = valueAt(record, field);
  if (value === undefined) return false;
  let wanted: unknown = operand;
  let plain: string = operator;
  if (operator.startsWith('C')) {
    plain = operator.slice(1);
    value = folded(value);
    wanted = folded(wanted);
  }
  const has = (holder: unknown, item: unknown): boolean =>
    (holder as { includes(item: unknown): boolean }).includes(item);
  switch (plain) {
    case '=':
      return isDeepStrictEqual(value, wanted);
    case '!=':
      return !isDeepStrictEqual(value, wanted);
    case '>':
      return Number(value) > Number(wanted);
    case '>=':
      return Number(value) >= Number(wanted);
    case '<':
      return Number(value) < Number(wanted);
    case '<=':
      return Number(value) <= Number(wanted);
    case 'in':
      return has(wanted, value);
    case 'nin':
      return !has(wanted, value);
    case 'rin':
      return has(value, wanted);
    case 'rnin':
      return !has(value, wanted);
    case '^':
      return String(value).startsWith(String(wanted));
    case '!^':
      return !String(value).startsWith(String(wanted));
    case '$':
      return String(value).endsWith(String(wanted));
    case '!$':
      return !String(value).endsWith(String(wanted));
    default:
      throw new Error(`the test knows no ${operator}`);
  }
}

/** Good enough for the letters that the rows are made of. */
function folded(value: unknown): unknown {
  return typeof value === 'string' ? value.toUpperCase().toLowerCase() : value;
}

function holds(record: Row, one: Filter): boolean {
  if (one[0] !== 'OR' || one.length !== 2) return isMatch(record, one as Comparison);
  return one[1].some((branch) =>
    Array.isArray(branch[0])
      ? (branch as readonly Filter[]).every((each) => holds(record, each))
      : holds(record, branch as Filter),
  );
}

function naively(
  rows: readonly Row[],
  { filters = [], select, orderBy = [], limit, offset = 0, count }: QueryParts,
): unknown {
  let found: Row[] = rows.filter((record) => filters.every((each) => holds(record, each)));
  if (count === true) return found.length;
  for (const key of orderBy) {
    const field = key.replace('-', '');
    const sign = key.startsWith('-') ? -1 : 1;
    found = found.toSorted((a, b) => sign * (Number(valueAt(a, field)) - Number(valueAt(b, field))));
  }
  found = found.slice(offset, limit === undefined ? undefined : offset + limit);
  if (select === undefined) return found;
  return found.map((record) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => select.includes(key))),
  );
}

test('what the builder makes is accepted on every release, goes through JSON unchanged, and finds the rows that it names', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.property(fc.array(row, { maxLength: 12 }), parts.filter(isAnswerable), (rows, asked) => {
      const params = query(asked);
      expect(JSON.parse(JSON.stringify(params))).toEqual(params);
      for (const release of SIM_RELEASES) checkQueryArguments(release, params);
      const [filters, { extra: _, ...options }] = params;
      const answer = applyQuery(rows, filters, options);
      tally.note(answer === 0 || (Array.isArray(answer) && answer.length === 0) ? 'nothing found' : 'found');
      expect(plain(answer)).toEqual(plain(naively(rows, asked)));
    }),
    300,
  );
  expect(tally.shareOf('found')).toBeGreaterThan(0.2);
});

/** `select` gives new objects; only their content counts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const part = fc.stringMatching(/^[ab.]{0,3}$/u);
const glob = fc
  .array(fc.oneof(part, fc.constantFrom('*', '*', '?', '**')), { minLength: 1, maxLength: 6 })
  .map((list) => list.join(''));

/** A pattern with `*` and `?`, tried by going through all possibilities. */
function isGlobMatch(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return Array.from({ length: text.length + 1 }, (_, at) => at).some((at) =>
      isGlobMatch(pattern.slice(1), text.slice(at)),
    );
  }
  return (
    text !== '' &&
    (pattern.startsWith('?') || pattern[0] === text[0]) &&
    isGlobMatch(pattern.slice(1), text.slice(1))
  );
}

test('a name with * and ? finds what such a pattern means, from the start or behind a separator', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.property(
      glob,
      fc.stringMatching(/^[ab./@]{0,8}$/u),
      fc.constantFrom('', '/', '/@'),
      (pattern, text, separators) => {
        fc.pre(/[*?]/u.test(pattern) && text !== '');
        const starts = [
          0,
          ...Array.from(text, (character, at) => (separators.includes(character) ? at + 1 : 0)),
        ];
        const isExpected = starts.some((at) => isGlobMatch(pattern, text.slice(at)));
        tally.note(isExpected ? 'match' : 'no match');
        expect(applyQuery([{ name: text }], nameFilter('name', pattern, separators), { count: true })).toBe(
          isExpected ? 1 : 0,
        );
      },
    ),
    400,
  );
  expect(tally.shareOf('match')).toBeGreaterThan(0.1);
  expect(tally.shareOf('no match')).toBeGreaterThan(0.1);
});

test.each(['*******zzz', `${'*a'.repeat(19)}*zzz`, `?${'*a?'.repeat(18)}b`, `x${'*'.repeat(20)}`])(
  'the pattern %s keeps no NAS busy',
  (pattern) => {
    // Tried with a plain `.*` for each `*`, these would not end.
    const rows = Array.from({ length: 200 }, (_, at) => ({
      name: `${'a/'.repeat(60)}${'a'.repeat(80)}${at}`,
    }));
    expect(applyQuery(rows, nameFilter('name', pattern, '/@'), { count: true })).toBe(0);
  },
);

test('a pattern with very many wildcards is refused by the name of its argument', () => {
  expect(() => nameFilter('method', '*a'.repeat(21), '', 'method')).toThrow(/method: has more than 20 \*/u);
});

test('an escaped text matches itself and nothing else', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  await tryProperty(
    fc.property(anyText, anyText, (text, other) => {
      fc.pre(!/[\n\r\u2028\u2029]/u.test(text + other));
      const matches = (value: string): boolean =>
        applyQuery([{ name: value }], [['name', '~', `${escapePattern(text)}$`]], { count: true }) === 1;
      expect(matches(text)).toBe(true);
      hold(other === text || !matches(other), `${JSON.stringify(text)} matches ${JSON.stringify(other)}`);
    }),
    150,
  );
});
