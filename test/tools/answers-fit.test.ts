/** The size of every answer: text and structured form together, whatever a NAS holds. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from '../support/odd/bench.ts';
import { type Answering, type SimulatedAnswers, simulatedAnswers } from '../support/odd/nas.ts';
import type { WireValue } from '../../src/truenas/index.ts';
import { CURATED_TOOLS, calledName, useTools } from '../support/tools.ts';

const BUDGET_TOKENS = 6000;
/** What the server's estimate may be short of a real tokenizer, of a hundred. */
const SHORT_OF_PERCENT = 3;

const EXAMPLES = CURATED_TOOLS.flatMap(({ name, examples }) =>
  examples.map(({ args }): [string, Record<string, unknown>] => [calledName(name), { ...args }]),
);
const PAGED = CURATED_TOOLS.filter(({ input }) => 'limit' in input.shape).map(
  ({ name, examples: [{ args }], kinds }): [string, Record<string, unknown>] => [
    calledName(name),
    { ...(kinds === undefined ? {} : args), limit: 500 },
  ],
);

const tokens = (text: string): number => encode(text, { allowedSpecial: 'all' }).length;

function sizeOf({ text, data }: { readonly text: string; readonly data: unknown }): number {
  return tokens(text) + (data === undefined ? 0 : tokens(JSON.stringify(data)));
}

describe('on a NAS with 10,000 datasets and 100,000 snapshots', () => {
  const bench = useTools({ datasets: 10_000, snapshots: 100_000 });

  test.each([...EXAMPLES, ...PAGED])('%s %j keeps to the budget by itself', async (name, args) => {
    let answer: { text: string; data: { rows?: unknown[]; shown?: number; total?: number; next?: string } };
    try {
      answer = await bench.answer(name, args);
    } catch {
      answer = { text: await bench.ask(name, args), data: {} };
    }
    expect(sizeOf(answer)).toBeLessThanOrEqual(BUDGET_TOKENS);
    const { rows, shown, total, next } = answer.data;
    expect(rows?.length).toBe(shown);
    const hasMore = shown !== undefined && shown < (total ?? 0);
    expect(!hasMore || next?.includes('"cursor":"') === true).toBe(true);
  });
});

/** How an answer of a NAS is blown up: what a query is about keeps its name, so that it is found. */
const BLOWN_UP: Readonly<Record<string, (value: WireValue) => WireValue>> = {
  'long texts': (value) => withTexts(value, (text) => `${text} ${'lorem ipsum '.repeat(300)}`),
  'long texts of another script': (value) => withTexts(value, (text) => `${text}${'資料夾'.repeat(200)}`),
  'texts that are all escaped': (value) => withTexts(value, (text) => `${text}${'\u202E\u0007'.repeat(200)}`),
  'long lists': (value) => withLists(value, [40, 3]),
  'long lists of long texts': (value) =>
    withTexts(withLists(value, [12, 2]), (text) => `${text} ${'"quoted": {text}, '.repeat(50)}`),
};

const NAMES = new Set('id name pool disk dataset identifier serial method path service'.split(' '));

function withTexts(value: WireValue, long: (text: string) => string): WireValue {
  if (Array.isArray(value)) return value.map((item) => withTexts(item, long));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item !== 'string' ? withTexts(item, long) : NAMES.has(key) ? item : long(item),
    ]),
  );
}

/** Each list so many times as long: the first number for lists at the top, the next for lists in their items. */
function withLists(value: WireValue, [copies = 1, ...inner]: readonly number[]): WireValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => withLists(item, inner));
    return Array.from({ length: copies }, () => items).flat();
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withLists(item, [copies, ...inner])]),
  );
}

describe('on a NAS that answers with too much', () => {
  let simulated: SimulatedAnswers;
  let bench: Bench;
  beforeAll(async () => {
    simulated = await simulatedAnswers();
    bench = await openBench();
  });
  afterAll(async () => {
    await bench.close();
    await simulated.close();
  });

  const cases = Object.keys(BLOWN_UP).flatMap((how) =>
    [...EXAMPLES, ...PAGED].map(([tool, args]) => [how, tool, args] as const),
  );
  test.each(cases)('%s: %s %j keeps to the budget', async (how, tool, args) => {
    const blowUp = BLOWN_UP[how] ?? ((value) => value);
    const answering: Answering = async (method, params) => blowUp(await simulated.answer(method, params));
    const answer = await bench.ask({ tool, args }, answering);
    expect(answer.text).not.toMatch(/This MCP server failed|left out: it does not fit/u);
    expect(sizeOf(answer)).toBeLessThanOrEqual(BUDGET_TOKENS * (1 + SHORT_OF_PERCENT / 100));
    const { rows, shown } = answer.data as { rows?: unknown[]; shown?: number };
    const isCutAgain = answer.text.includes('structured form of this answer is cut');
    expect(isCutAgain || rows?.length === shown).toBe(true);
  });
});
