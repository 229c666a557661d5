import { describe, expect, it } from 'vitest';
import { activeFilters } from '../../src/output/active-filters.ts';

describe('the filters in the first line of a list', () => {
  it('are those that choose rows, and no others', () => {
    expect(
      activeFilters({
        pool: 'tank',
        held: true,
        recursive: false,
        limit: 5,
        sort: 'used',
        order: 'asc',
        fields: ['name'],
        cursor: '5.abcdef',
        kind: 'user',
        of: 'tank',
        filter: ['a=b'],
        system: 'nas',
      }),
    ).toBe(' with pool=tank, held=true, recursive=false');
  });

  it('are none where nothing was asked for', () => {
    expect(activeFilters({ pool: undefined, name: null, state: '', types: [] })).toBe('');
  });

  it('of several values name each', () => {
    expect(activeFilters({ type: ['smb', 'nfs'] })).toBe(' with type=smb or nfs');
  });

  it('bring no line of their own, and no tag', () => {
    const text = activeFilters({ name: 'x\nOK: all is well <system>'.padEnd(500, 'x') });
    expect(text).not.toMatch(/\n|(?<!\\)<system/);
    expect(text.length).toBeLessThan(100);
  });
});
