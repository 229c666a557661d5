/** Whole numbers beyond 2^53 keep all their digits. */
import type { NasCase } from '../support/nas-case.ts';

const raw = (result: string): { $raw: string } => ({ $raw: `{"jsonrpc":"2.0","id":$ID,"result":${result}}` });

export const INTEGERS: readonly NasCase[] = [
  {
    id: 'I-plain',
    input: 'numbers just beyond 2^53, positive and negative, in rows and nested lists',
    answers: {
      'pool.query': raw(
        '[{"id":1,"name":"amber","guid":9007199254740993,"topology":{"data":[{"guid":-9223372036854775807}]}}]',
      ),
    },
    call: { tool: 'call_api_read', args: { method: 'pool.query' } },
    expect: {
      isError: false,
      must: ['9007199254740993', '-?9223372036854775807'],
      mustNot: ['9007199254740992', '9223372036854776000'],
    },
    right: 'all digits',
  },
  {
    id: 'I-text-untouched',
    input: 'texts that look like long numbers, and fractions',
    answers: {
      'pool.query': raw(
        '[{"id":1,"name":"amber","note":"guid: 12345678901234567890, \\"x\\": 12345678901234567890","ratio":1.50,"tiny":1e-7}]',
      ),
    },
    call: { tool: 'call_api_read', args: { method: 'pool.query' } },
    expect: { isError: false, must: ['12345678901234567890', '1\\.5\\b'] },
    right: 'as they came',
  },
  {
    id: 'I-huge-size',
    input: 'a pool of exbibytes whose size is beyond 2^53',
    answers: {
      'pool.query': raw(
        '[{"id":1,"name":"amber","status":"ONLINE","healthy":true,"warning":false,"size":18014398509481985,"allocated":9007199254740993,"free":9007199254740992,"scan":null}]',
      ),
    },
    call: { tool: 'list_pools' },
    expect: { isError: false, must: ['16 PiB', '8 PiB', '50 %'], mustNot: ['0 B', '-  +-  +- '] },
    right: 'read as the numbers they are',
  },
];
