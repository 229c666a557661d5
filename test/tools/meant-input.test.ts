/** What is meant clearly is taken, by the tools themselves. */
import { describe, expect, test } from 'vitest';
import { useTools } from '../support/tools.ts';

const bench = useTools();
describe('what is meant clearly is taken', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['list_datasets', { limit: '5', sort: '-used', locked: 'false' }, 'datasets 1-5 of'],
    ['list_shares', { kind: 'cifs', pool: null, name: '' }, '6 shares'],
    ['list_jobs', { states: 'failed', since: '1 week' }, ' job'],
    ['get_dataset', { dataset: String.raw`tank\media` }, 'dataset tank/media'],
    ['list_services', { state: 'running' }, ' services'],
    ['list_datasets', { parent: String.raw`tank\home`, recursive: 'false' }, 'tank/home/'],
    ['list_datasets', { pool: '/mnt/tank' }, 'tank'],
    ['list_snapshots', { dataset: '/mnt/tank/home/' }, 'tank/home@'],
    ['list_snapshots', { dataset: String.raw`tank\home` }, 'tank/home@'],
    ['list_shares', { pool: '/mnt/tank/' }, ' share'],
    ['list_disks', { pool: '/mnt/tank' }, ' disk'],
    ['get_pool', { pool: '/mnt/tank/' }, 'pool tank'],
    ['get_share', { share: String.raw`\mnt\tank\iso` }, 'iso'],
    ['get_disk', { disk: ' sda ' }, 'disk sda'],
    ['list_jobs', { since: 'yesterday' }, 'job'],
    ['list_jobs', { since: 'Yesterday', limit: '2' }, 'job'],
    ['get_metrics', { metric: 'CPU', from: 'yesterday' }, 'cpu, '],
    ['get_metrics', { metric: 'cpu', range: '1 week' }, 'cpu, '],
    ['get_metrics', { metric: 'cpu', range: '3 days' }, 'cpu, '],
    ['get_job', { id: '1' }, 'job 1'],
  ])('%s %j', async (name, args, text) => {
    expect(await bench.ask(name, args)).toContain(text);
  });

  test('a name for the one argument that is missing is told as the call that was meant', async () => {
    expect(await bench.ask('get_pool', { name: 'tank' })).toBe(
      [
        'Invalid arguments for get_pool:',
        '- "pool" is missing: a text in quotes',
        '- "name" is not an argument',
        'Was this meant: get_pool {"pool":"tank"}',
        'get_pool takes: pool, render',
      ].join('\n'),
    );
  });
});
