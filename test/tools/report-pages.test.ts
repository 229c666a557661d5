/** Reports show as many rows as fit one screen: none promises the 50 of lists. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { toolNamed, useTools } from '../support/tools.ts';

const bench = useTools({ release: '27.0' });

test.each([
  'access_review',
  'backup_coverage',
  'exposure_report',
  'recent_changes',
  'space_report',
  'who_can_access',
])('%s tells no default of limit that it does not keep', (name) => {
  const schema = z.toJSONSchema(toolNamed(name).input);
  expect(schema.properties).toHaveProperty('limit');
  expect(schema.properties?.['limit']).not.toHaveProperty('description');
});

test('a report without a limit shows fewer rows than a list does', async () => {
  expect(await bench.ask('recent_changes', { since: '30d' })).toMatch(/^happenings 1-20 of \d+$/mu);
});
