/** The built program, not the sources: a bundler can break what a test of the sources sees working. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { READ_TOOLS } from '../support/registry.ts';
import { ensureBuilt } from '../support/built.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import { bareEnv, type CliProcess, startCli } from '../support/processes.ts';

let child: CliProcess;
let line: McpLine;

beforeAll(async () => {
  await ensureBuilt();
  child = startCli(['--demo'], bareEnv());
  line = mcpLine(child);
  await line.initialize();
});
afterAll(async () => {
  child.process.stdin.end();
  await child.ended;
});

it.each(READ_TOOLS.map((tool) => [tool.name, tool.examples[0].args] as const))(
  '%s works in the built program',
  async (name, args) => {
    const { result, error } = await line.request('tools/call', {
      name,
      arguments: args,
    });
    const text = contentText(result);
    expect(error).toBeUndefined();
    expect(text).not.toMatch(/a defect in it|report this as a bug|Invalid arguments/);
    expect(text).not.toBe('');
  },
);

it('arguments are judged by the schema of the NAS in the built program', async () => {
  const wrong = { method: 'pool.query', params: [[], { limit: 'many' }] };
  const { result } = await line.request('tools/call', { name: 'call_api_read', arguments: wrong });
  expect(result?.isError).toBe(true);
  expect(contentText(result)).toMatch(/"options\.limit" must be integer, not string/);
});
