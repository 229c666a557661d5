/** Some clients show their model the structured content alone: what the text says must be in it too. */
import { expect, test } from 'vitest';
import { useTools } from '../support/tools.ts';

const bench = useTools();

test('the overview says in its data what was seen, and its numbers are whole', async () => {
  const { data } = await bench.answer('system_overview');
  expect(data.seen).toContain('3 pools');
  expect(Number.isInteger(data.uptimeSeconds)).toBe(true);
});
