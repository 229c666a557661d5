/** What holds for the definition of every tool. */
import { describe, expect, test } from 'vitest';
import { ALL_TOOLS } from '../support/registry.ts';
import { calledName, CURATED_TOOLS, useTools } from '../support/tools.ts';

const bench = useTools();

describe('every tool', () => {
  test.each(CURATED_TOOLS.map((tool) => [tool.name]))(
    '%s refuses an argument it does not know, and says which it does',
    async (name) => {
      const text = await bench.ask(name, { bogus: 1 });
      expect(text).toContain(`Invalid arguments for ${name}:`);
      expect(text).toContain('- "bogus" is not an argument');
      expect(text).toContain(`${name} takes: `);
    },
  );

  test.each(CURATED_TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s has a schema that every client can read',
    (_, tool) => {
      const text = JSON.stringify(tool.input.toJSONSchema({ io: 'input' }));
      expect(text).not.toMatch(/"(?:oneOf|anyOf|allOf|\$ref|\$defs|nullable|patternProperties)"/u);
      expect(text).toContain('"additionalProperties":false');
    },
  );

  test.each(CURATED_TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s describes itself in one or two short sentences',
    (name, tool) => {
      expect(calledName(name)).toMatch(/^[a-z]+(?:_[a-z]+)+$/u);
      expect(tool.description.length).toBeLessThanOrEqual(160);
      expect(tool.title).not.toBe('');
      expect(new Set(tool.uses).size).toBe(tool.uses.length);
    },
  );
});

test('names of tools are unique', () => {
  expect(new Set(ALL_TOOLS.map((tool) => tool.name)).size).toBe(ALL_TOOLS.length);
});
