/**
 * What a key with few roles gets: what it may read, and by name what it may not. Each tool declares the methods that its
 * answer stands without; here every method of every tool is refused in turn.
 */
import { expect, test } from 'vitest';
import type { ReadClient } from '../../src/truenas/index.ts';
import type { AnyReadTool } from '../support/registry.ts';
import { CURATED_TOOLS, refusing, runTool, useTools } from '../support/tools.ts';

/** The newest release, and older ones for what they alone have. */
const benches = [
  useTools({ release: '27.0' }),
  useTools({ release: '25.04' }),
  useTools({ release: 'core-13.3' }),
];

/** Most of its methods are those of releases that are left: system/migration-gaps.test.ts refuses them there. */
const OF_OLDER_RELEASES = new Set(['migration_check']);
const TOOLS = CURATED_TOOLS.filter(({ name }) => !OF_OLDER_RELEASES.has(name));

test.each(TOOLS.map((tool) => [tool.name, tool] as const))(
  '%s declares every method that its answer stands without, and says what is missing',
  async (_, tool) => {
    const declared = (tool.mayLack ?? []).flatMap(({ method, field }) =>
      field === undefined ? [method] : [],
    );
    const found: string[] = [];
    for (const method of tool.uses) if (await standsWithout(tool, method)) found.push(method);
    expect(found.toSorted()).toEqual(declared.toSorted());
  },
);

/** True when an example has an answer that names the gap, on the first release that has the method. */
async function standsWithout(tool: AnyReadTool, method: string): Promise<boolean> {
  const nas = await nasWithMethod(method);
  for (const { args } of tool.examples) {
    const text = await answerOf(refusing(nas, method), tool, args);
    expect(text, `${tool.name} ${JSON.stringify(args)} without ${method}`).not.toContain('Not authorized');
    if (text.includes('not allowed for this API key')) return true;
  }
  return false;
}

async function nasWithMethod(method: string): Promise<ReadClient> {
  for (const { nas } of benches) if (await nas.has(method)) return nas;
  throw new Error(`no release has ${method}`);
}

/** The answer; nothing where there is none. */
async function answerOf(
  nas: ReadClient,
  tool: AnyReadTool,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  try {
    return (await runTool(nas, tool, args)).text;
  } catch {
    return '';
  }
}
