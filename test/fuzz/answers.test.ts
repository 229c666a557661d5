/** What strangers wrote, how much of it, and which page of it: nothing breaks the form of an answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitSize } from '../../src/mcp/call/steps.ts';
import { estimateTokens } from '../../src/output/budget.ts';
import { cellOf, factKey, type Look } from '../../src/output/cells.ts';
import { listAnswer } from '../../src/output/list.ts';
import { makeCursor, nextCall, readCursor } from '../../src/output/paging.ts';
import { InputProblem, problemText } from '../../src/output/problem.ts';
import { cutMiddle, quoted, safeCell } from '../../src/output/untrusted.ts';
import {
  anyJson,
  anyKey,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  isVisible,
  objectFrom,
  tryProperty,
} from '../support/fuzz.ts';

interface Row {
  readonly name: string;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly size: number | null;
  readonly at: number | null;
}
const row: fc.Arbitrary<Row> = fc.record({
  name: anyText,
  note: fc.option(anyText),
  tags: fc.array(anyText, { maxLength: 3 }),
  size: fc.option(fc.double({ noNaN: true })),
  at: fc.option(fc.double({ noNaN: true })),
});
const LOOKS: { readonly [Name in keyof Row]: Look } = {
  name: { type: 'text' },
  note: { type: 'text', maxLength: 40 },
  tags: { type: 'texts' },
  size: { type: 'bytes' },
  at: { type: 'time' },
};
const COLUMNS = Object.entries(LOOKS).map(([name, look]) => ({ name, key: factKey(name, look) }));
const cellsOf = (rows: readonly Row[]) =>
  rows.map((one) => Object.entries(LOOKS).map(([name, look]) => cellOf(one[name as keyof Row], look)));
const args = fc.array(fc.tuple(anyKey, anyJson), { maxLength: 4 }).map(objectFrom);

function callOf(next: string): { tool: string; args: Record<string, unknown> } {
  const space = next.indexOf(' ');
  return { tool: next.slice(0, space), args: JSON.parse(next.slice(space + 1)) as Record<string, unknown> };
}

test('whatever the rows hold, a list has one line per row, keeps to its budget, counts right and says how to go on', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.property(
      fc.array(row, { maxLength: 30 }),
      fc.record({
        before: fc.nat(1000),
        after: fc.nat(1000),
        budgetTokens: fc.integer({ min: 200, max: 6000 }),
      }),
      args,
      (rows, { before, after, budgetTokens }, given) => {
        const total = before + rows.length + after;
        const parts = {
          tool: 'list_x',
          args: given,
          noun: 'rows',
          columns: COLUMNS,
          rows: cellsOf(rows),
          offset: before,
          total,
        };
        const { text, data } = listAnswer({ ...parts, budgetTokens });
        const lines = text.split('\n');
        const isCut = data.shown < rows.length;
        tally.note(isCut ? 'cut' : 'whole');
        expect(isVisible(text)).toBe(true);
        const isMore = data.shown > 0 && before + data.shown < total;
        expect(lines).toHaveLength(
          1 + (data.shown > 0 ? 1 + data.shown : 0) + (isCut ? 1 : 0) + (isMore ? 1 : 0),
        );
        expect(data.rows).toHaveLength(data.shown);
        expect(data.total).toBe(total);
        hold(rows.length === 0 || data.shown > 0, 'no row is shown');
        const table = lines.slice(0, 2 + data.shown).join('\n');
        hold(
          data.shown <= 1 || estimateTokens(table) <= budgetTokens,
          'more is shown than the budget allows',
        );
        expect(data.next !== undefined).toBe(isMore);
        if (data.next === undefined) return;
        hold(lines.at(-1) === `next: ${data.next}`, 'the last line is not the next call');
        const next = callOf(data.next);
        hold(next.tool === 'list_x', 'the next call is one of another tool');
        hold(readCursor('list_x', next.args) === before + data.shown, 'the next call begins elsewhere');
      },
    ),
    150,
  );
  expect(tally.shareOf('cut')).toBeGreaterThan(0.05);
  expect(tally.shareOf('whole')).toBeGreaterThan(0.1);
});

test('following the next calls shows every row once, whatever the budget cuts', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 100, max: 400 }),
      (rows, limit, budgetTokens) => {
        const seen: unknown[] = [];
        let given: Record<string, unknown> = { limit };
        for (let page = 0; page <= rows.length; page += 1) {
          const offset = readCursor('list_x', given);
          const { data } = listAnswer({
            ...{ tool: 'list_x', args: given, noun: 'rows', columns: COLUMNS, budgetTokens },
            ...{ rows: cellsOf(rows.slice(offset, offset + limit)), offset, total: rows.length },
          });
          seen.push(...data.rows.map((shown) => shown['name']));
          if (data.next === undefined) break;
          given = callOf(data.next).args;
        }
        expect(seen).toEqual(rows.map(({ name }) => (name === '' ? undefined : safeCell(name))));
      },
    ),
    60,
  );
});

test('a cursor is refused with a clear text unless it is unchanged and of the same question', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const damage = fc.oneof(
    fc.record({ at: fc.nat(20), by: fc.string({ minLength: 1, maxLength: 2 }) }).map(
      ({ at, by }) =>
        (cursor: string): unknown =>
          `${cursor.slice(0, at % cursor.length)}${by}${cursor.slice((at % cursor.length) + 1)}`,
    ),
    fc.nat(20).map(
      (length) =>
        (cursor: string): unknown =>
          cursor.slice(0, length % cursor.length),
    ),
    anyJson.map((other) => (): unknown => other),
  );
  const tally = createTally();
  await tryProperty(
    fc.property(args, fc.nat(999_999_999), damage, (given, offset, harm) => {
      const { cursor: _, limit: __, ...question } = given;
      const cursor = makeCursor('list_x', question, offset);
      expect(readCursor('list_x', { ...question, cursor })).toBe(offset);
      const harmed = harm(cursor);
      const digest = cursor.slice(cursor.indexOf('.'));
      let position: number | undefined;
      try {
        position = readCursor('list_x', { ...question, cursor: harmed });
      } catch (error) {
        tally.note('refused');
        hold(error instanceof InputProblem, `a damaged cursor crashes: ${String(error)}`);
        hold(/^Invalid argument: "cursor" .*; \S/u.test(problemText(error)), problemText(error));
        return;
      }
      tally.note('accepted');
      // The position alone may be changed: it is another page of the very same question.
      const isMoved = typeof harmed === 'string' && harmed.endsWith(digest);
      hold(isMoved && position === Number(harmed.slice(0, -digest.length)), 'a damaged cursor is accepted');
    }),
    300,
  );
  expect(tally.shareOf('refused')).toBeGreaterThan(0.5);
});

/** The part of the arguments that makes the question. */
function asked(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'cursor' && name !== 'limit'));
}

test('two questions share no cursor', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  await tryProperty(
    fc.property(args, args, (one, other) => {
      const sorted = (value: Record<string, unknown>) =>
        JSON.stringify(Object.entries(asked(value)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      fc.pre(sorted(one) !== sorted(other));
      const cursor = makeCursor('list_x', one, 50);
      expect(() => readCursor('list_x', { ...asked(other), cursor })).toThrow(InputProblem);
    }),
    150,
  );
});

test('a next call is one line of plain characters that reads back as the same arguments', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(args, (given) => {
      const text = nextCall('list_x', given, 50);
      expect(isVisible(text)).toBe(true);
      expect(text).not.toContain('\n');
      const { cursor: _, ...rest } = given;
      const { cursor, ...back } = callOf(text).args;
      expect(JSON.stringify(back)).toBe(JSON.stringify(rest));
      expect(readCursor('list_x', { ...given, cursor })).toBe(50);
    }),
    200,
  );
});

test('an answer over the limit is cut to it, on a border, and says what is left out', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  const piece = fc.oneof(
    anyText,
    fc.constantFrom(
      '漢字'.repeat(400),
      '💾'.repeat(400),
      'word '.repeat(400),
      'x'.repeat(3000),
      '1234 '.repeat(200),
      '\n'.repeat(300),
      '{}[]'.repeat(300),
    ),
  );
  await tryProperty(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('\n', ' ', ''),
      fc.integer({ min: 200, max: 1500 }),
      async (pieces, glue, budget) => {
        const whole = pieces.join(glue);
        const limited = limitSize(budget)({
          content: [{ type: 'text', text: whole }],
        });
        const [block] = limited.content;
        const text = block?.type === 'text' ? block.text : '';
        expect(estimateTokens(text)).toBeLessThanOrEqual(budget);
        tally.note(text === whole ? 'whole' : 'cut');
        if (text === whole) return;
        const shown = text.slice(0, text.lastIndexOf('\n('));
        hold(whole.startsWith(shown), 'what is shown is not the beginning');
        hold(text.includes(`${shown.length} of ${whole.length} characters shown`), text.slice(-200));
        hold(!/\p{Cs}$/u.test(shown) || /\p{Cs}/u.test(whole), 'the cut goes through a character');
      },
    ),
    150,
  );
  expect(tally.shareOf('cut')).toBeGreaterThan(0.2);
  expect(tally.shareOf('whole')).toBeGreaterThan(0.05);
});

test('a text with its middle left out keeps whole characters, and what it says adds up', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const emoji = fc
    .array(fc.constantFrom('a', '💾', '漢', '\n'), { maxLength: 80 })
    .map((list) => list.join(''));
  await tryProperty(
    fc.property(emoji, fc.integer({ min: 2, max: 60 }), (text, max) => {
      const cut = cutMiddle(text, max);
      expect(cut).not.toMatch(/\p{Cs}/u);
      const [note = '', left = '0', all = text.length] =
        /\n\[… (\d+) of (\d+) characters left out …\]\n/u.exec(cut) ?? [];
      expect(note === '').toBe(text.length <= max);
      expect(Number(all)).toBe(text.length);
      expect(cut.length - note.length + Number(left)).toBe(text.length);
      expect(cut.length - note.length).toBeLessThanOrEqual(max);
    }),
    200,
  );
});

test('no error text shows anything invisible or begins a line of its own', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(anyText, anyText, fc.option(anyText, { nil: undefined }), (argument, problem, right) => {
      for (const error of [
        new InputProblem(argument, problem, right),
        new Error(problem),
        new RangeError(argument),
        problem,
      ]) {
        const text = problemText(error);
        expect(isVisible(text)).toBe(true);
        expect(text).not.toContain('\n');
      }
      expect(quoted(problem).every((line) => line.startsWith('| ') && isVisible(line))).toBe(true);
    }),
    200,
  );
});
