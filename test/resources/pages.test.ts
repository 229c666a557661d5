import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { ACCESS_LEVELS } from '../../src/policy/levels.ts';
import { denialTable } from '../../src/policy/denials.ts';
import { datasetPropertiesText } from '../../src/resources/pages/dataset-properties.ts';
import { PAGES } from '../../src/resources/pages/index.ts';
import { queryFiltersText } from '../../src/resources/pages/query-filters.ts';
import { safetyText } from '../../src/resources/pages/safety.ts';
import { applyQuery } from 'truenas-simulator';
import { getDataset } from '../../src/tools/storage/get-dataset.ts';
import { TOOLSET_NAMES } from '../../src/tools/toolset.ts';
import { served } from './support/served.ts';

describe('the reference pages', () => {
  it.each(PAGES.map((page) => [page.name, page] as const))('%s is short', (_name, page) => {
    expect(countTokens(page.text())).toBeLessThanOrEqual(2500);
  });

  it('safety names every access level, every toolset and everything that is denied, with its reason', () => {
    const text = safetyText();
    for (const word of [...ACCESS_LEVELS, ...TOOLSET_NAMES]) expect(text).toContain(`\`${word}\``);
    const lines = text.split('\n');
    const missing = denialTable().filter(
      ({ methods, argument, reason }) =>
        !lines.some(
          (line) => line.replaceAll('`', '').includes(argument ?? methods) && line.includes(reason),
        ),
    );
    expect(missing).toEqual([]);
  });

  it('query-filters names operators that a NAS knows, and its claims hold', () => {
    const rows = [
      { id: 1, name: 'Alpha', state: 'FAILED', tags: ['a', 'b'], size: 5 },
      { id: 2, name: 'beta', state: 'SUCCESS', tags: [], size: null },
      { id: 3, name: 'Gamma', state: 'ABORTED', tags: ['b'] },
    ];
    const ids = (filters: unknown[], options = {}) =>
      (applyQuery(rows, filters, options) as { id: number }[]).map((row) => row.id);
    expect(ids([['state', 'in', ['FAILED', 'ABORTED']]])).toEqual([1, 3]);
    expect(ids([['name', 'rin', 'et']])).toEqual([2]);
    expect(ids([['tags', 'rin', 'b']])).toEqual([1, 3]);
    expect(ids([['name', '^', 'Al']])).toEqual([1]);
    expect(ids([['name', '$', 'ta']])).toEqual([2]);
    expect(ids([['name', '~', 'a']])).toEqual([]);
    expect(ids([['name', 'C^', 'a']])).toEqual([1]);
    expect(ids([['size', '!=', 5]])).toEqual([2]);
    expect(
      ids([
        [
          'OR',
          [
            ['id', '=', 1],
            [
              ['id', '=', 3],
              ['state', '=', 'ABORTED'],
            ],
          ],
        ],
      ]),
    ).toEqual([1, 3]);
    expect(ids([], { order_by: ['name', '-state'] })).toEqual([2, 1, 3]);
    const operators = [...queryFiltersText().matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, operator = '']) => operator),
    );
    expect(operators.toSorted()).toEqual(
      ['=', '!=', '>', '>=', '<', '<=', 'in', 'nin', 'rin', 'rnin', '^', '!^', '$', '!$', '~'].toSorted(),
    );
    for (const operator of operators) {
      const value = operator === 'in' || operator === 'nin' ? ['x'] : 'x';
      expect(() => applyQuery(rows, [['name', operator, value]], {})).not.toThrow();
    }
  });

  it('dataset-properties explains every size that get_dataset may show', async () => {
    const { nas } = await served();
    const context = { now: Date.now };
    const answer = await getDataset.run(nas.read, { dataset: 'tank/media' }, context);
    const shown = Object.keys(answer.data).flatMap((key) => /^(\w+)Bytes$/.exec(key)?.[1] ?? []);
    expect(shown.length).toBeGreaterThan(3);
    const explained = [...datasetPropertiesText().matchAll(/^\| (\w+) \|/gm)].map(([, name]) => name);
    expect(shown.filter((name) => !explained.includes(name))).toEqual([]);
  });
});
