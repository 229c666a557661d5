import { expect, it } from 'vitest';
import { buildCall } from '../../../src/tools/api/build-call.ts';
import type { ApiMethod } from '../../../src/truenas/catalog/index.ts';

const OPTIONS = { properties: { limit: {}, offset: {}, order_by: {}, select: {}, count: {}, get: {} } };
const query: ApiMethod = {
  name: 'pool.query',
  summary: '',
  description: '',
  roles: ['READONLY_ADMIN'],
  needsNoRole: false,
  isJob: false,
  isFilterable: true,
  needsTransfer: false,
  parameters: ['filters', 'options'],
  accepts: [
    { name: 'filters', isRequired: false, schema: { type: 'array' } },
    { name: 'options', isRequired: false, schema: { type: 'object', ...OPTIONS } },
  ],
  returns: {},
};

it('a NAS is asked for whole fields only, as it answers parts of a field without hiding anything', () => {
  const { params, shown } = buildCall(query, {
    method: 'pool.query',
    select: ['name', 'scan.state', 'scan.errors'],
    order_by: ['-size.parsed'],
  });
  expect(params[1]).toMatchObject({ select: ['name', 'scan', 'size'], order_by: ['-size.parsed'] });
  expect(shown).toEqual(['name', 'scan.state', 'scan.errors']);
  const inParams = buildCall(query, { method: 'pool.query', params: [[], { select: ['scan.state'] }] });
  expect(inParams.params[1]).toMatchObject({ select: ['scan'] });
});

it('no query is sent without a limit, and none asks for all rows', () => {
  const limitOf = (options: object) =>
    (buildCall(query, { method: 'pool.query', params: [[], options] }).params[1] as { limit: unknown }).limit;
  expect(limitOf({})).toBe(21);
  expect(limitOf({ limit: 0 })).toBe(21);
  expect(limitOf({ limit: -5 })).toBe(21);
  expect(limitOf({ limit: 1_000_000, select: ['id'] })).toBe(501);
  // A row of a dataset or snapshot is a few kilobytes, and so are some fields.
  expect(limitOf({ limit: 1_000_000 })).toBe(41);
  expect(limitOf({ limit: 1_000_000, select: ['id', 'topology.data'] })).toBe(77);
  expect(limitOf({ limit: 'many' })).toBe('many');
});
