/**
 * Forty questions and tasks in people's words, by a scripted assistant: fixed calls, facts that the answers hold, and what
 * they cost. `ACCEPTANCE_UPDATE=1` writes the numbers of docs/acceptance.md anew; `ACCEPTANCE=7` shows the answers of one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openTrueNas, silentLog } from '../../src/truenas/index.ts';
import { startSimulator } from 'truenas-simulator';
import { startPlannedNas } from '../changes/support/planned.ts';
import { planTextWith } from '../changes/support/plan-and-apply.ts';
import { NOW_MS } from '../support/tools.ts';
import { answersTo } from './assistant.ts';
import type { Call, Fact, Question, Task } from './question.ts';
import { QUESTIONS } from './questions.ts';
import { TASKS } from './tasks.ts';

const MAX_CALLS = 3;
const MAX_TOKENS = 1500;

/** A row of docs/acceptance.md. */
interface Numbers {
  readonly id: number;
  readonly asked: string;
  readonly world: string;
  readonly tools: readonly string[];
  readonly tokens: number;
  readonly todo?: string;
}

const FILE = new URL('numbers.json', import.meta.url);
const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Numbers[];
const measured = new Map<number, Numbers>();

function numbersOf(
  { id, asked, world, todo, ...more }: Question | Task,
  calls: readonly Call[],
  tokens: number,
): Numbers {
  const release = 'release' in more ? more.release : undefined;
  const tools = calls.map(([tool, args]) =>
    typeof args?.['kind'] === 'string' && /_items?$/.test(tool) ? `${tool} ${args['kind']}` : tool,
  );
  const place = release === undefined ? world : `${world}, ${release}`;
  const row = { id, asked, world: place, tools, tokens, ...(todo === undefined ? {} : { todo }) };
  measured.set(id, row);
  return row;
}

function missing(text: string, facts: readonly Fact[]): string[] {
  return facts.filter((fact) => !isIn(text, fact)).map(String);
}

function isIn(text: string, fact: Fact): boolean {
  return typeof fact === 'string' ? text.includes(fact) : fact.test(text);
}

function show(id: number, text: string): void {
  if ((process.env['ACCEPTANCE'] ?? '').split(' ').includes(String(id))) process.stderr.write(`${text}\n`);
}

/** The page stays true enough without being written anew for every word of an answer. */
function expectAsRecorded(row: Numbers): void {
  if (process.env['ACCEPTANCE_UPDATE'] === '1') return;
  const before = recorded.find(({ id }) => id === row.id);
  expect({ ...before, tokens: 0 }).toEqual({ ...row, tokens: 0 });
  expect(row.tokens).toBeLessThanOrEqual(Math.ceil((before?.tokens ?? 0) * 1.25) + 50);
}

it('each of the forty is there once', () => {
  const ids = [...QUESTIONS, ...TASKS].map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

describe('questions', () => {
  it.each(QUESTIONS.map((question) => [`${question.id} ${question.asked}`, question] as const))(
    '%s',
    async (_name, question) => {
      const { calls, holds, lacks = [], world, release } = question;
      const simulator = await startSimulator({
        ...{ world, now: () => NOW_MS },
        ...(release === undefined ? {} : { release }),
      });
      const { url, apiKey, username, fingerprint } = simulator;
      const client = openTrueNas({
        ...{ url, apiKey, username, tls: { fingerprintSha256: fingerprint }, timeoutMs: 30_000 },
        log: silentLog,
      });
      const answers = await answersTo(client, calls);
      await client.close();
      await simulator.close();
      const text = answers.join('\n');
      show(question.id, text);
      expect(missing(text, holds)).toEqual([]);
      expect(lacks.filter((fact) => isIn(text, fact))).toEqual([]);
      expect(calls.length).toBeLessThanOrEqual(MAX_CALLS);
      const tokens = countTokens(text);
      expect(tokens).toBeLessThanOrEqual(MAX_TOKENS);
      expectAsRecorded(numbersOf(question, calls, tokens));
    },
  );
});

describe('tasks', () => {
  it.each(TASKS.map((task) => [`${task.id} ${task.asked}`, task] as const))('%s', async (_name, task) => {
    const { after, changes, preview, world } = task;
    const previews: string[] = [];
    const nas = await startPlannedNas({ simulator: { world, now: () => NOW_MS } });
    for (const [tool, args = {}] of changes) {
      previews.push(await planTextWith(nas, tool, { ...args }));
      if (task.isOnlyPlanned === true) continue;
      const outcome = await nas.change(tool, args);
      show(task.id, outcome);
      expect(outcome).toMatch(/^(?:DONE|APPLIED)/);
    }
    const text = previews.join('\n');
    show(task.id, text);
    expect(missing(text, preview)).toEqual([]);
    const look = async () => (after === undefined ? '' : (await answersTo(nas.nas, [after.call])).join('\n'));
    const seen = await (task.restarts === true
      ? vi.waitFor(look, { timeout: 60_000, interval: 500 })
      : look());
    show(task.id, seen);
    expect(missing(seen, after?.holds ?? [])).toEqual([]);
    expectAsRecorded(numbersOf(task, changes, countTokens(text)));
  });
});

afterAll(() => {
  if (process.env['ACCEPTANCE_UPDATE'] !== '1') return;
  const rows = [...measured.values()].toSorted((a, b) => a.id - b.id);
  writeFileSync(FILE, `${JSON.stringify(rows, null, 2)}\n`);
});
