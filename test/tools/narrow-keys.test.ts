/** What a key with few roles gets: what it may read, and by name what it may not. */
import { expect, test } from 'vitest';
import { READ_TOOLS } from '../support/registry.ts';
import { askTool, refusing, useTools } from '../support/tools.ts';

const bench = useTools();

const DECLARED = READ_TOOLS.flatMap(({ name, examples: [{ args }], mayLack = [] }) =>
  mayLack.flatMap((lack) => (lack.field === undefined ? [[name, args, lack.method] as const] : [])),
);

test.each(DECLARED)(
  '%s %j declares that it stands without %s, and says what is missing',
  async (name, args, method) => {
    const text = await askTool(refusing(bench.nas, method), name, args);
    expect(text).toContain('not allowed for this API key');
    expect(text).not.toContain('Not authorized');
  },
);
