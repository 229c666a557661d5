/** The size of what call_api_read fetches from a NAS that holds a lot. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { problemText } from '../../../src/output/problem.ts';
import { readableClient } from '../../../src/access/readable-client.ts';
import { callApiRead } from '../../../src/tools/api/call-api-read.ts';
import { useTools } from '../../support/tools.ts';

describe.each(['25.04', '25.10', '27.0'] as const)(
  '%s with 10,000 datasets and 100,000 snapshots',
  (release) => {
    const bench = useTools({ datasets: 10_000, snapshots: 100_000, release });
    const snapshots = release === '25.04' ? 'zfs.snapshot.query' : 'pool.snapshot.query';

    test.each<[what: string, args: Record<string, unknown>]>([
      ['whole datasets', { method: 'pool.dataset.query' }],
      ['many whole datasets', { method: 'pool.dataset.query', limit: 500 }],
      [
        'one dataset of a query',
        { method: 'pool.dataset.query', params: [[['id', '=', 'tank']], { get: true }] },
      ],
      ['a root dataset', { method: 'pool.dataset.get_instance', params: ['tank'] }],
      [
        'a root dataset with all below',
        { method: 'pool.dataset.get_instance', params: ['tank', { extra: { retrieve_children: true } }] },
      ],
      ['the datasets below', { method: 'pool.dataset.query', select: ['id', 'children'] }],
      [
        'twelve fields of many datasets',
        {
          method: 'pool.dataset.query',
          limit: 500,
          select: 'id type used available quota refquota origin sync atime readonly exec recordsize'.split(
            ' ',
          ),
        },
      ],
      ['many whole snapshots', { method: snapshots, limit: 500 }],
      ['all properties of many snapshots', { method: snapshots, limit: 500, select: ['id', 'properties'] }],
      ['resources with all below', { method: 'zfs.resource.query', params: [{ get_children: true }] }],
      [
        'snapshots of everything',
        { method: 'zfs.resource.snapshot.query', params: [{ paths: ['tank'], recursive: true }] },
      ],
      [
        'counts of everything',
        { method: 'zfs.resource.snapshot.count', params: [{ paths: ['tank'], recursive: true }] },
      ],
    ])('%s: no answer of the NAS is over 256 KiB', async (_what, args) => {
      const { bytes } = await read(args);
      expect(Math.max(0, ...bytes)).toBeLessThanOrEqual(256 * 1024);
    });

    test('a page that was made smaller than asked for goes on where it ended', async () => {
      const args = { method: snapshots, limit: 500, order_by: ['id'] };
      const first = await callApiRead.run(readable(), callApiRead.input.parse(args), context());
      expect(first.data.total).toBe(100_000);
      const { next = '' } = first.data;
      const second = JSON.parse(next.slice(next.indexOf(' ')));
      expect(second.offset).toBe(first.data.rows?.length);
      const { data } = await callApiRead.run(readable(), callApiRead.input.parse(second), context());
      expect(data.rows?.[0]?.['id']).not.toBe(first.data.rows?.at(-1)?.['id']);
    });

    test('the data of an answer is not much longer than its text may be', async () => {
      const args = callApiRead.input.parse({ method: snapshots, limit: 500 });
      const { data } = await callApiRead.run(readable(), args, context());
      expect(countTokens(JSON.stringify(data))).toBeLessThanOrEqual(7500);
    });

    test('a dataset can still be read whole, and found below another', async () => {
      const { text } = await read({ method: 'pool.dataset.get_instance', params: ['tank/home'] });
      expect(text).toContain('name: tank/home');
      const rows = await read({
        method: 'pool.dataset.query',
        filters: [['id', '^', 'tank/media/']],
        select: ['id'],
      });
      expect(rows.text).toMatch(/^tank\/media\/\S+$/mu);
    });

    const readable = () => readableClient(bench.nas);
    const context = () => ({ now: Date.now });

    async function read(args: Record<string, unknown>) {
      const before = bench.simulator.calls().length;
      const text = await callApiRead
        .run(readable(), callApiRead.input.parse(args), context())
        .then((answer) => answer.text, problemText);
      const calls = bench.simulator.calls().slice(before);
      const bytes = calls
        .filter(({ method }) => !method.startsWith('core.get_'))
        .map(({ bytesOut }) => bytesOut);
      return { text, bytes };
    }
  },
);
