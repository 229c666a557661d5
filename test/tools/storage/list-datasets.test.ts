import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('the biggest three', async () => {
  expect(await bench.ask('list_datasets', { sort: 'used', limit: 3 })).toMatchInlineSnapshot(`
    "datasets 1-3 of 47
    name               used      type  available  quota  locked
    tank               22.9 TiB  fs    33.1 TiB   -      no
    tank/media         16.2 TiB  fs    33.1 TiB   -      no
    tank/media/movies  7.4 TiB   fs    33.1 TiB   -      no
    next: list_datasets {"sort":"used","limit":3,"cursor":"3.vf5jYd"}"
  `);
});

test('those directly below one', async () => {
  expect(
    await bench.ask('list_datasets', {
      parent: '/mnt/tank/media',
      recursive: false,
      fields: ['used', 'mountpoint', 'ratio'],
    }),
  ).toMatchInlineSnapshot(`
    "4 datasets with parent=/mnt/tank/media, recursive=false
    name               used     mountpoint              ratio
    tank/media/movies  7.4 TiB  /mnt/tank/media/movies  1.00x
    tank/media/music   1.2 TiB  /mnt/tank/media/music   1.01x
    tank/media/photos  2.1 TiB  /mnt/tank/media/photos  1.24x
    tank/media/series  5 TiB    /mnt/tank/media/series  1.00x"
  `);
});

test('those whose name fits a pattern', async () => {
  expect(
    await bench.ask('list_datasets', { name: 'm*', pool: 'tank', fields: ['type'], limit: 4 }),
  ).toMatchInlineSnapshot(`
    "datasets 1-4 of 6 with pool=tank, name=m*
    name               type
    tank/media         fs
    tank/media/movies  fs
    tank/media/music   fs
    tank/media/photos  fs
    next: list_datasets {"pool":"tank","name":"m*","fields":["type"],"limit":4,"cursor":"4.QobYNR"}"
  `);
});

test('its data carries exact bytes, and the same rows', async () => {
  const { data } = await bench.answer('list_datasets', { parent: 'tank/finance' });
  expect(data).toMatchInlineSnapshot(`
    {
      "rows": [
        {
          "availableBytes": 36366254795779,
          "locked": false,
          "name": "tank/finance/2025",
          "type": "fs",
          "usedBytes": 34728031536,
        },
        {
          "availableBytes": 36366254795779,
          "locked": false,
          "name": "tank/finance/2026",
          "type": "fs",
          "usedBytes": 34381527938,
        },
      ],
      "shown": 2,
      "total": 2,
    }
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { parent: 'tank/medai' },
    'Invalid argument: "parent" names no dataset: "tank/medai"; did you mean "tank/media" or "tank/medical"?',
  ],
  [{ pool: 'TANK' }, 'Invalid argument: "pool" names no imported pool: "TANK"; did you mean "tank"?'],
  [
    { cursor: '50.abcdef' },
    'Invalid argument: "cursor" belongs to a question with other arguments; repeat the arguments of the "next:" line exactly, or leave the cursor out to start over',
  ],
  [
    { cursor: 'page 2' },
    'Invalid argument: "cursor" is not a cursor of this server; copy it from the "next:" line of the answer before',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('list_datasets', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ parent: 'tank/media/music' }, 'No datasets with parent=tank/media/music.'],
  [{ pool: 'tank', name: 'zzz' }, 'No datasets with pool=tank, name=zzz.'],
])('%j is empty, as what it is narrowed to exists', async (args, text) => {
  expect(await bench.ask('list_datasets', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ pool: '/mnt/tank/', limit: 1 }, 'datasets 1-1 of 29 with pool=/mnt/tank/'],
])('%j takes the name as people write it', async (args, heading) => {
  expect((await bench.ask('list_datasets', args)).split('\n')[0]).toBe(heading);
});
