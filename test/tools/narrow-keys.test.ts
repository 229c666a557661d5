/**
 * What a key with few roles gets: what it may read, and by name what it may not. Each tool declares the methods that its
 * answer stands without; here every method of every tool is refused in turn.
 */
import { expect, test } from 'vitest';
import type { AnyReadTool } from '../support/registry.ts';
import { CURATED_TOOLS, refusing, runTool, useTools } from '../support/tools.ts';

const bench = useTools({ release: '27.0' });

test.each(CURATED_TOOLS.map((tool) => [tool.name, tool] as const))(
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

/** True when an example has an answer that names the gap. */
async function standsWithout(tool: AnyReadTool, method: string): Promise<boolean> {
  for (const { args } of tool.examples) {
    const text = await answerOf(tool, method, args);
    expect(text, `${tool.name} ${JSON.stringify(args)} without ${method}`).not.toContain('Not authorized');
    if (text.includes('not allowed for this API key')) return true;
  }
  return false;
}

/** The answer without this method; nothing where there is none. */
async function answerOf(
  tool: AnyReadTool,
  method: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  try {
    return (await runTool(refusing(bench.nas, method), tool, args)).text;
  } catch {
    return '';
  }
}
