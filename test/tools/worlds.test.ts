/** Every tool that reads answers on every world of the simulator, also on a NAS that is new, and on one in trouble. */
import { describe, expect, it } from 'vitest';
import { WORLD_NAMES } from 'truenas-simulator';
import { SIMULATED_WORLDS } from '../../src/config/setting.ts';
import { KIND_TOOLS, READ_TOOLS } from '../support/registry.ts';
import { served } from '../resources/support/served.ts';

/** What no answer may say: that the tool or the server failed. */
const DEFECT = /This MCP server failed|a defect in it|\bundefined\b|\bNaN\b|\[object Object\]/;

const RELEASES = ['25.04', '25.10', '27.0'] as const;
const WORLDS = WORLD_NAMES.filter((name) => name !== 'mixed');
const TOOLS = [...READ_TOOLS, ...KIND_TOOLS];

describe.each(WORLDS.flatMap((world) => RELEASES.map((release) => ({ world, release }))))(
  '$world on $release',
  ({ world, release }) => {
    it('every example of every tool is answered, and UNKNOWN has its reason', async () => {
      const { connect } = await served({ simulator: { world, release }, tools: TOOLS });
      const client = await connect('legacy');
      const wrong: string[] = [];
      for (const { name, examples } of TOOLS) {
        for (const { args } of examples) {
          const result = await client.callTool({ name, arguments: args });
          const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
          const call = `${name} ${JSON.stringify(args)}`;
          if (text === '' || DEFECT.test(text)) wrong.push(`${call}: ${text.slice(0, 400)}`);
          const isUnreasoned = /^UNKNOWN/m.test(text) && !/NOT READ|could not be|not known/.test(text);
          if (isUnreasoned) wrong.push(`${call}: UNKNOWN without a reason: ${text.slice(0, 400)}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  },
);

it('the command line offers the worlds that the simulator has', () => {
  expect(SIMULATED_WORLDS).toEqual(WORLD_NAMES);
});
