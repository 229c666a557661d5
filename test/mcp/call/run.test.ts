/** What the runner of tools keeps between calls, and what it must not keep. */
import { expect, it } from 'vitest';
import * as z from 'zod';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { createRunner } from '../../../src/mcp/call/run.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { defineTool, type Tool } from '../../../src/tools/define.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { accessTo } from '../../support/access.ts';
import { stillHeld } from '../../support/garbage.ts';
import { keepingLog } from '../../truenas/support/client.ts';

const nas: ReadClient = {
  release: () => Promise.reject(new Error('not asked for')),
  has: () => Promise.resolve(true),
  call: (method) => Promise.resolve(method),
};
const run = createRunner({
  redacted: (value) => value,
  nas: accessTo(() => Promise.resolve(nas), createRedactor({ ownSecrets: [] })),
  now: Date.now,
  log: keepingLog(),
  budgetTokens: 6000,
});
const { signal } = new AbortController();

const callOf = (tool: Tool) =>
  ({ subject: { kind: 'tool', tool }, args: {}, caller: LOCAL_CALLER, signal }) as const;

function toolThatCalls(method: string, uses: readonly string[]) {
  return defineTool({
    name: 'a_tool',
    toolset: 'system',
    title: 'A tool',
    description: 'Calls a method.',
    input: z.strictObject({}),
    output: z.looseObject({}),
    uses,
    examples: [{ args: {}, why: 'the only call' }],
    run: async (client) => ({ text: JSON.stringify(await client.call(method)), data: {} }),
  });
}

it('a tool is held to what it declares, whatever one of the same name was allowed before', async () => {
  const allowed = toolThatCalls('pool.query', ['pool.query']);
  const other = toolThatCalls('pool.query', ['disk.query']);
  expect(await run(callOf(allowed))).toMatchObject({
    content: [{ text: '"pool.query"' }],
  });
  await expect(run(callOf(other))).rejects.toThrow('not among the methods');
  await expect(run(callOf(other))).rejects.toThrow('not among the methods');
});

it('a tool that is made for one reading, as for each resource that is read, is not kept', async () => {
  const uses = ['pool.query'];
  const made: WeakRef<object>[] = [];
  for (let index = 0; index < 50; index += 1) {
    const tool = toolThatCalls('pool.query', uses);
    made.push(new WeakRef(tool));
    await run(callOf(tool));
  }
  expect(await stillHeld(made)).toBeLessThan(3);
});
