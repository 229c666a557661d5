/** A tool that changes something is answered with its plan, and cannot reach the NAS in any other way. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { createRunner } from '../../../src/mcp/call/run.ts';
import { toolDefinition } from '../../../src/mcp/tool-schema.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { type ChangeTool, defineChange } from '../../../src/tools/define.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { silentLog } from '../../../src/truenas/log.ts';
import { accessTo } from '../../support/access.ts';

const sent: string[] = [];
const nas: ReadClient = {
  release: async () => ({ family: '25.10', version: '25.10.0' }),
  has: async () => true,
  async call(method) {
    sent.push(method);
    return [];
  },
};
const run = createRunner({
  nas: accessTo(async () => nas, createRedactor({ ownSecrets: [] })),
  now: Date.now,
  log: silentLog,
  budgetTokens: 6000,
});

const tool = (plan: ChangeTool['plan']): ChangeTool =>
  defineChange({
    name: 'create_dataset',
    toolset: 'storage',
    access: 'manage',
    title: 'Create dataset',
    description: 'Creates a dataset.',
    input: z.strictObject({ dataset: z.string() }),
    uses: ['pool.dataset.query'],
    writes: ['pool.dataset.create'],
    examples: [{ args: { dataset: 'tank/new' }, why: 'a new one' }],
    plan,
  });

const plan = tool(async (client, { dataset }) => {
  await client.call('pool.dataset.query', []);
  return {
    summary: `Create dataset ${String(dataset)}`,
    calls: [{ method: 'pool.dataset.create', params: [{ name: dataset }], purpose: 'create the dataset' }],
    diff: [`+ ${String(dataset)}`],
    impact: [],
    undo: { impossible: 'this test has none' },
  };
});

const callOf = (subject: ChangeTool) =>
  ({
    subject: { kind: 'tool', tool: subject },
    args: { dataset: 'tank/new' },
    caller: LOCAL_CALLER,
    signal: new AbortController().signal,
  }) as const;

it('the answer is the plan, and only what planning reads was sent', async () => {
  sent.length = 0;
  const { content, isError } = await run(callOf(plan));
  expect(isError).toBeUndefined();
  expect(content).toEqual([
    {
      type: 'text',
      text: [
        'PLAN, nothing was changed: Create dataset tank/new',
        '1. create the dataset: pool.dataset.create [{"name":"tank/new"}]',
        'diff: + tank/new',
        'undo: none, this test has none',
        'This version of the server cannot apply it.',
      ].join('\n'),
    },
  ]);
  expect(sent).toEqual(['pool.dataset.query']);
});

it('planning cannot call what it would send', async () => {
  sent.length = 0;
  const writing = tool(async (client) => {
    await client.call('pool.dataset.create', [{ name: 'tank/new' }]);
    throw new Error('not reached');
  });
  await expect(run(callOf(writing))).rejects.toThrow('not among the methods');
  expect(sent).toEqual([]);
});

it('a plan may name only methods that its tool declares', async () => {
  const straying: ChangeTool = { ...plan, writes: [] };
  await expect(run(callOf(straying))).rejects.toThrow('which the tool does not declare');
});

it('a client is told that the tool is no reading one', () => {
  expect(toolDefinition(plan).annotations).toEqual({
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
  });
});
