import { expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('snapshots by name', async () => {
  expect(await bench.ask('list_snapshots', { dataset: 'tank/home', limit: 3 })).toMatchInlineSnapshot(`
    "snapshots 1-3 of 15 with dataset=tank/home
    name
    tank/home@auto-2026-02-28_22-00
    tank/home@auto-2026-02-28_23-00
    tank/home@auto-2026-03-01_00-00
    next: list_snapshots {"dataset":"tank/home","limit":3,"cursor":"3.HaXov6"}"
  `);
});

test('the newest, with their space', async () => {
  expect(
    await bench.ask('list_snapshots', {
      dataset: 'tank/home',
      sort: 'created',
      fields: ['used', 'referenced'],
      limit: 3,
    }),
  ).toMatchInlineSnapshot(`
    "snapshots 1-3 of 15 with dataset=tank/home
    name                             created            used     referenced
    tank/home@auto-2026-03-01_12-00  2026-03-01 12:00Z  2.4 KiB  256 KiB
    tank/home@auto-2026-03-01_11-00  2026-03-01 11:00Z  3.2 KiB  255 KiB
    tank/home@auto-2026-03-01_10-00  2026-03-01 10:00Z  3.8 KiB  254 KiB
    next: list_snapshots {"dataset":"tank/home","sort":"created","fields":["used","referenced"],"limit":3,"cursor":"3.Ax-vk5"}"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { dataset: '/mnt/tank/hom', recursive: true },
    'Invalid argument: "dataset" names no dataset: "tank/hom"; did you mean "tank/home"?',
  ],
  [{ dataset: '/' }, 'Invalid argument: "dataset" names no dataset: ""; there is backup, fast, tank'],
  [
    { pool: 'nothing' },
    'Invalid argument: "pool" names no imported pool: "nothing"; there is backup, fast, tank',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('list_snapshots', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ dataset: 'tank' }, 'No snapshots with dataset=tank.'],
  [{ pool: 'tank', name: 'zzz' }, 'No snapshots with pool=tank, name=zzz.'],
])('%j is empty, as what it is narrowed to exists', async (args, text) => {
  expect(await bench.ask('list_snapshots', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ pool: '/mnt/tank', limit: 1 }, 'snapshots 1-1 of 340 with pool=/mnt/tank'],
  [{ name: '/mnt/tank/media@*', limit: 1 }, 'snapshots 1-1 of 15 with name=/mnt/tank/media@*'],
])('%j takes the name as people write it', async (args, heading) => {
  expect((await bench.ask('list_snapshots', args)).split('\n')[0]).toBe(heading);
});

test('a key that may not read datasets is told that an empty list of snapshots was not checked', async () => {
  const nas = refusing(bench.nas, 'pool.dataset.query');
  expect(await askTool(nas, 'list_snapshots', { dataset: 'tank/hom' })).toBe(
    'No snapshots with dataset=tank/hom.\n(whether it exists could not be read (not allowed for this API key, role DATASET_READ))',
  );
});

test.each([
  ['a page that is not full is the last', 5, /^1 snapshot$/mu],
  ['a full page says how many there are at least', 1, /^snapshots 1-1 of at least 1$|^at least 1 snapshot/mu],
])('a count that nobody knows is not none: %s', async (_, limit, heading) => {
  const answers = {
    'pool.snapshot.query': (params: readonly unknown[]) =>
      (params[1] as { count?: boolean }).count ? null : [{ name: 'tank@a' }],
  };
  const { text } = await ask(answers, 'list_snapshots', { limit, fields: ['name'] });
  expect(text).toMatch(heading);
  expect(text).toContain('tank@a');
});
