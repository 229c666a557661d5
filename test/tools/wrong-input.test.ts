/** What a model reads when it asks for what does not exist, or in the wrong way. */
import { describe, expect, test } from 'vitest';
import { ALL_TOOLS } from '../support/registry.ts';
import { askTool, CURATED_TOOLS, refusing, useTools } from '../support/tools.ts';

const bench = useTools();

test.each<[string, Record<string, unknown>, string]>([
  ['get_pool', { pool: 'tnak' }, 'Invalid argument: "pool" names no pool: "tnak"; did you mean "tank"?'],
  [
    'get_pool',
    { pool: 'zzzzzz' },
    'Invalid argument: "pool" names no pool: "zzzzzz"; there is backup, fast, tank',
  ],
  [
    'get_dataset',
    { dataset: '/mnt/tank/hom/' },
    'Invalid argument: "dataset" names no dataset: "tank/hom"; did you mean "tank/home"?',
  ],
  [
    'get_dataset',
    { dataset: 'tnak/media' },
    'Invalid argument: "dataset" names no dataset: "tnak/media"; did you mean "tank/media", "tank/media/movies" or "tank/media/music"?',
  ],
  ['get_disk', { disk: 'sdii' }, 'Invalid argument: "disk" names no disk: "sdii"; did you mean "sdi"?'],
  [
    'get_share',
    { share: 'medai' },
    'Invalid argument: "share" names no share: "medai"; did you mean "media"?',
  ],
  [
    'get_metrics',
    { metric: 'disk', name: 'sdaa' },
    'Invalid argument: "name" names nothing that is measured: "sdaa"; did you mean "sda"?',
  ],
  [
    'get_metrics',
    { metric: 'cpu', name: 'sda' },
    'Invalid argument: "name" is only for disk, network and disk_temperature; leave it out',
  ],
  [
    'get_metrics',
    { metric: 'cpu', range: 'soon' },
    'Invalid argument: "range" is not a span of at least a minute; e.g. "1h", "24h" or "7d"',
  ],
  [
    'get_metrics',
    { metric: 'cpu', range: '1h', from: '2h' },
    'Invalid argument: "range" and from exclude each other; give one of them',
  ],
  [
    'get_metrics',
    { metric: 'cpu', from: '1h', to: '2h' },
    'Invalid argument: "from" must be at least a minute before to; e.g. from "2026-03-01T00:00Z" to "2026-03-02T00:00Z"',
  ],
  [
    'get_metrics',
    { metric: 'cpu', from: '2030-01-01', to: '2030-01-02' },
    'Invalid argument: "from" is not in the past; e.g. "2h" for two hours ago',
  ],
  [
    'list_jobs',
    { since: 'monday' },
    'Invalid argument: "since" is neither a span nor a date; e.g. "24h", "7d" or "2026-03-01"',
  ],
  [
    'list_datasets',
    { parent: 'tank/medai' },
    'Invalid argument: "parent" names no dataset: "tank/medai"; did you mean "tank/media" or "tank/medical"?',
  ],
  [
    'list_datasets',
    { pool: 'TANK' },
    'Invalid argument: "pool" names no imported pool: "TANK"; did you mean "tank"?',
  ],
  [
    'list_snapshots',
    { dataset: '/mnt/tank/hom', recursive: true },
    'Invalid argument: "dataset" names no dataset: "tank/hom"; did you mean "tank/home"?',
  ],
  [
    'list_snapshots',
    { dataset: '' },
    'Invalid argument: "dataset" names no dataset: ""; there is backup, fast, tank',
  ],
  [
    'list_snapshots',
    { pool: 'nothing' },
    'Invalid argument: "pool" names no imported pool: "nothing"; there is backup, fast, tank',
  ],
  [
    'list_disks',
    { pool: 'bot-pool' },
    'Invalid argument: "pool" names no pool with disks: "bot-pool"; did you mean "boot-pool"?',
  ],
  [
    'list_datasets',
    { cursor: '50.abcdef' },
    'Invalid argument: "cursor" belongs to a question with other arguments; repeat the arguments of the "next:" line exactly, or leave the cursor out to start over',
  ],
  [
    'list_datasets',
    { cursor: 'page 2' },
    'Invalid argument: "cursor" is not a cursor of this server; copy it from the "next:" line of the answer before',
  ],
])('%s %j', async (name, args, text) => {
  expect(await bench.ask(name, args)).toBe(text);
});

test.each<[string, Record<string, unknown>, string]>([
  ['list_datasets', { parent: 'tank/media/music' }, 'No datasets.'],
  ['list_datasets', { pool: 'tank', name: 'zzz' }, 'No datasets.'],
  ['list_snapshots', { dataset: 'tank' }, 'No snapshots.'],
  ['list_snapshots', { pool: 'tank', name: 'zzz' }, 'No snapshots.'],
  ['list_disks', { pool: 'tank', unused: true }, 'No disks.'],
])('%s %j is empty, as what it is narrowed to exists', async (name, args, text) => {
  expect(await bench.ask(name, args)).toBe(text);
});

test.each<[string, Record<string, unknown>, string]>([
  ['list_datasets', { pool: '/mnt/tank/', limit: 1 }, 'datasets 1-1 of 29'],
  ['list_snapshots', { pool: '/mnt/tank', limit: 1 }, 'snapshots 1-1 of 340'],
  ['list_snapshots', { name: '/mnt/tank/media@*', limit: 1 }, 'snapshots 1-1 of 15'],
  ['list_disks', { pool: '/mnt/backup' }, '2 disks'],
  ['list_disks', { name: '/dev/sda' }, '1 disk'],
])('%s %j takes the name as people write it', async (name, args, heading) => {
  expect((await bench.ask(name, args)).split('\n')[0]).toBe(heading);
});

test('a key that may not read datasets is told that an empty list of snapshots was not checked', async () => {
  const nas = refusing(bench.nas, 'pool.dataset.query');
  expect(await askTool(nas, 'list_snapshots', { dataset: 'tank/hom' })).toBe(
    'No snapshots.\n(whether it exists could not be read (not allowed for this API key, role DATASET_READ))',
  );
});

test('a share whose name is not unique is asked back, with calls that tell them apart', async () => {
  const text = await bench.ask('get_share', { share: '1' });
  expect(text).toMatch(/"share" names \d shares; say which: \{"share":"1","kind":"smb"\}/u);
});

test('an unknown job says which is the newest', async () => {
  expect(await bench.ask('get_job', { id: 99_999 })).toMatch(
    /"id" names no job that this key may see: 99999 .*(the newest is \d+|list_jobs)/u,
  );
});

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
      expect(name).toMatch(/^[a-z]+(?:_[a-z]+)+$/u);
      expect(tool.description.length).toBeLessThanOrEqual(160);
      expect(tool.title).not.toBe('');
      expect(new Set(tool.uses).size).toBe(tool.uses.length);
    },
  );
});

test('names of tools are unique', () => {
  expect(new Set(ALL_TOOLS.map((tool) => tool.name)).size).toBe(ALL_TOOLS.length);
});
