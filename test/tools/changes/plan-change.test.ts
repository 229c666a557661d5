/** A change tool that does not exist is answered with the ones that may be meant, and with nothing that is no change tool. */
import { expect, it } from 'vitest';
import { listedTool } from '../../../src/mcp/derived-definitions.ts';
import { findableTools } from '../../../src/mcp/findable-tools.ts';
import { noSuchChangeTool } from '../../../src/mcp/call/no-such-change-tool.ts';
import { grantedTools } from '../../../src/mcp/tool-registry.ts';
import { problemText } from '../../../src/output/problem.ts';
import type { AccessLevel } from '../../../src/policy/levels.ts';
import { TOOLSET_NAMES } from '../../../src/tools/toolset.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';

async function said(wanted: string, access: AccessLevel = 'destroy'): Promise<string> {
  const listed = ALL_TOOLS.map(listedTool);
  const offered = grantedTools(listed, { access, toolsets: TOOLSET_NAMES });
  const things = findableTools(listed, offered, { access, toolsets: TOOLSET_NAMES });
  return problemText(await noSuchChangeTool(wanted, things, registryOf(ALL_TOOLS).findChange));
}

it.each([
  ['hold_snapshots', 'hold_snapshot'],
  ['delte_dataset', 'delete_dataset'],
  ['protect_snapshot', 'hold_snapshot'],
  ['pause the scrub', 'stop_scrub'],
  ['reboot', 'reboot_system'],
])('%j leads to %s', async (wanted, tool) => {
  const [problem, names] = (await said(wanted)).split('; did you mean ');
  expect(problem).toBe(`Invalid argument: "tool" no change tool is called ${wanted}`);
  expect(names).toContain(`"${tool}"`);
});

it('a tool that plans or reads is called by its own name, and search_api finds what is near none', async () => {
  for (const wanted of ['list_pools', 'plan_change'])
    expect(await said(wanted)).toBe(
      `Invalid argument: "tool" ${wanted} is not a change that can be planned; call it by its name`,
    );
  expect(await said('frobnicate')).toBe(
    'Invalid argument: "tool" no change tool is called frobnicate; search_api finds change tools by what they do',
  );
});

it('one above the level of the server is said to be there, and what it needs', async () => {
  expect(await said('delete_dataset', 'operate')).toBe(
    'Invalid argument: "tool" delete_dataset is not offered as this server is set up; it needs access destroy',
  );
});
