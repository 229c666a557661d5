/** The list that the build wrote down is the one that the tools themselves give. */
import { expect, it } from 'vitest';
import { toolDefinition } from '../../src/mcp/tool-schema.ts';
import { ensureBuilt } from '../support/built.ts';
import { mcpLine } from '../support/mcp-line.ts';
import { bareEnv, startCli } from '../support/processes.ts';
import { READ_TOOLS_BY_DEFAULT } from '../support/registry.ts';

it('tools/list of the built program is derived from the tools as they are now', async () => {
  await ensureBuilt();
  const child = startCli(['--demo'], bareEnv());
  const line = mcpLine(child);
  await line.initialize();
  const { result } = await line.request('tools/list', {});
  child.process.stdin.end();
  await child.ended;
  expect(result?.['tools']).toEqual(JSON.parse(JSON.stringify(READ_TOOLS_BY_DEFAULT.map(toolDefinition))));
});
