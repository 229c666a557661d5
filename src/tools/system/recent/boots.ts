/** Boots, and versions that were installed. */
import { safeCell } from '../../../output/untrusted.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import { isWithin, type Source } from './period.ts';

export const BOOTS: Source = {
  noun: 'last boot',
  uses: ['system.info'],
  async read(nas, period) {
    const info = objectOf(await nas.call('system.info', []), { boottime: field.time, version: field.text });
    const { boottime: atMs, version } = info;
    if (atMs === null) return { happenings: [], unread: ['time of the last boot'] };
    const what = `the NAS started, version ${safeCell(version ?? 'UNKNOWN', 40)}`;
    return { happenings: isWithin(atMs, period) ? [{ sort: 'boot', atMs, who: null, what }] : [] };
  },
};

const ENVIRONMENT = { id: field.text, created: field.time };

export const UPDATES: Source = {
  noun: 'boot environments',
  uses: ['boot.environment.query'],
  async read(nas, period) {
    const rows = rowsOf(await nas.call('boot.environment.query', []), ENVIRONMENT);
    const isOdd = rows.some(({ created }) => created === null);
    return {
      happenings: rows
        .filter(({ created }) => created !== null && isWithin(created, period))
        .map(({ id, created }) => ({
          sort: 'update' as const,
          atMs: created,
          who: undefined,
          what: `boot environment ${safeCell(id ?? 'UNKNOWN', 60)} was made`,
        })),
      ...(isOdd ? { unread: ['age of some boot environments'] } : {}),
    };
  },
};
