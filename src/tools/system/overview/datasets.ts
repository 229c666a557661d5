/** Datasets that are locked: their data cannot be reached. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { datasetListExtra, ENCRYPTION_PROPERTIES, listFilters } from '../../storage/dataset-query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import type { Subject } from './subject.ts';

const DATASET = { id: field.text };
/** Locked datasets read; of more there are only "at least" so many. */
const MAX_LOCKED = 100;

export const lockedDatasets: Subject = {
  name: 'locked datasets',
  uses: ['pool.dataset.query'],
  async read({ nas }) {
    const parameters = query({
      filters: listFilters([['locked', '=', true]]),
      select: ['id'],
      orderBy: ['id'],
      limit: MAX_LOCKED,
      extra: await datasetListExtra(nas, ENCRYPTION_PROPERTIES),
    });
    const rows = rowsOf(await nas.call('pool.dataset.query', parameters), DATASET);
    if (rows.length === 0) return { findings: [], summary: '' };
    const names = rows.slice(0, 3).map((row) => safeCell(row.id ?? '-', 60));
    const more = rows.length > names.length ? ', …' : '';
    const count = `${rows.length < MAX_LOCKED ? '' : 'at least '}${plural(rows.length, 'dataset')}`;
    return {
      findings: [
        {
          level: 'WARNING',
          text: `${count} locked (data unreachable): ${names.join(', ')}${more}`,
          next: 'list_datasets {"locked":true}',
        },
      ],
      summary: '',
    };
  },
};
