import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { meantArguments } from '../../src/output/meant-arguments.ts';

const input = z.strictObject({
  name: z.string(),
  note: z.string().optional(),
  limit: z.int().min(1).max(500).optional(),
  ratio: z.number().default(1),
  is_deep: z.boolean().optional(),
  order: z.enum(['asc', 'desc']).optional(),
  level: z.enum(['INFO', 'info', 'WARNING']).optional(),
  names: z.array(z.string()).optional(),
  sizes: z.array(z.int()).optional(),
  fields: z
    .array(z.enum(['USED', 'free']))
    .min(1)
    .optional(),
  values: z.array(z.unknown()).optional(),
});

describe('arguments are taken as they are meant', () => {
  it.each<[what: string, given: Record<string, unknown>, taken: Record<string, unknown>]>([
    ['numbers as text', { limit: '10', ratio: ' -2.5 ' }, { limit: 10, ratio: -2.5 }],
    ['switches as text', { is_deep: 'false' }, { is_deep: false }],
    ['switches as text in any case', { is_deep: 'True' }, { is_deep: true }],
    [
      'any case of a word',
      { order: 'DESC', fields: ['used', 'FREE'] },
      { order: 'desc', fields: ['USED', 'free'] },
    ],
    [
      'one value for a list',
      { names: 'a', sizes: 7, fields: 'used' },
      { names: ['a'], sizes: [7], fields: ['USED'] },
    ],
    ['an object for a list of anything', { values: { a: 1 } }, { values: [{ a: 1 }] }],
    [
      'a list as its JSON',
      { values: '[["a","=",1]]', sizes: '["1", 2]' },
      { values: [['a', '=', 1]], sizes: [1, 2] },
    ],
    ['null for nothing', { limit: null, names: null, ratio: null }, {}],
    ['an empty text for nothing', { limit: '', note: '', order: '' }, {}],
    [
      'nothing changed',
      { name: '10', note: 'true', values: ['1', null] },
      { name: '10', note: 'true', values: ['1', null] },
    ],
  ])('%s', (_what, given, taken) => {
    expect(meantArguments(input, given)).toEqual(taken);
  });

  it.each<[what: string, given: Record<string, unknown>]>([
    ['a number with a unit', { limit: '10 GB' }],
    ['an empty text for an argument that is needed', { name: '' }],
    ['null for an argument that is needed', { name: null }],
    ['a word that is no switch', { is_deep: 'yes' }],
    ['a word that is not known', { order: 'up' }],
    ['a word that may be either', { level: 'Info' }],
    ['a number that JavaScript cannot hold', { limit: '12345678901234567890' }],
    ['an argument that is not known', { lmit: '10', __proto__: null }],
  ])('%s is left for the schema', (_what, given) => {
    expect(meantArguments(input, given)).toEqual(given);
  });

  it('no arguments at all are an empty object, and what is no object is left', () => {
    expect([undefined, null].map((args) => meantArguments(input, args))).toEqual([{}, {}]);
    expect(meantArguments(input, 'name')).toBe('name');
    expect(meantArguments(input, [1])).toEqual([1]);
  });

  it('a name of a prototype reaches none', () => {
    const given = JSON.parse('{"__proto__":{"limit":5},"constructor":"x"}') as Record<string, unknown>;
    const taken = meantArguments(input, given) as Record<string, unknown>;
    expect(Object.keys(taken)).toEqual(['__proto__', 'constructor']);
    expect(taken['limit']).toBeUndefined();
  });
});

describe('words and directions that a tool knows', () => {
  const list = z.strictObject({
    kind: z.enum(['smb', 'nfs']).optional(),
    sort: z.enum(['name', 'used']).optional(),
    order: z.enum(['asc', 'desc']).optional(),
  });
  const meant = (args: Record<string, unknown>) => meantArguments(list, args, { kind: { cifs: 'smb' } });

  it.each<[given: Record<string, unknown>, taken: Record<string, unknown>]>([
    [{ kind: 'CIFS' }, { kind: 'smb' }],
    [{ sort: '-used' }, { sort: 'used', order: 'desc' }],
    [
      { sort: '+Name', order: null },
      { sort: 'name', order: 'asc' },
    ],
  ])('%j', (given, taken) => {
    expect(meant(given)).toEqual(taken);
  });

  it('a direction beside an order is left to the schema', () => {
    expect(meant({ sort: '-used', order: 'asc' })).toEqual({ sort: '-used', order: 'asc' });
  });
});
