/** The allow list of docs/older-releases.md is enough for every reading tool on TrueNAS 24.10. */
import { expect, it } from 'vitest';
import { CURATED_TOOLS, useTools } from '../../support/tools.ts';
import { page } from '../../docs/pages.ts';

const LIST = JSON.parse(
  /```json\n(\[[\s\S]*?\])\n```/u.exec(page('docs/older-releases.md'))?.[1] ?? '[]',
) as {
  method: 'CALL' | 'SUBSCRIBE';
  resource: string;
}[];
const bench = useTools({ release: '24.10', allowlist: LIST });
const CASES = CURATED_TOOLS.flatMap((tool) => tool.examples.map(({ args }) => ({ name: tool.name, args })));

it('names what only reads, and nothing by a pattern', () => {
  expect(LIST.length).toBeGreaterThan(50);
  expect(LIST.filter(({ method, resource }) => method === 'CALL' && resource.includes('*'))).toEqual([]);
  expect(LIST.filter(({ resource }) => /\.(?:create|update|delete|start|stop|run)$/u.test(resource))).toEqual(
    [],
  );
});

it.each(CASES)('$name $args', async ({ name, args }) => {
  const text = await bench.ask(name, args as Record<string, unknown>);
  expect(text).not.toMatch(/allow list of this API key|may not call|may not listen/u);
});
