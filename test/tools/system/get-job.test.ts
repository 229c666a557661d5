import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('an unknown job says which is the newest', async () => {
  expect(await bench.ask('get_job', { id: 99_999 })).toMatch(
    /"id" names no job that this key may see: 99999 .*(the newest is \d+|list_jobs)/u,
  );
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ id: 5 }, { progress: '0 % Connecting to backup.example.org', took: '2 min', errorType: 'CallError' }],
])('%j gives as data what it says', async (args, facts) => {
  expect((await bench.answer('get_job', args)).data).toMatchObject(facts);
});
