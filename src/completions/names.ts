/** Completions of the names that people type: filtered, sorted and limited on the NAS. */
import { escapePattern } from '../tools/support/inputs.ts';
import { datasetListExtra } from '../tools/storage/dataset-query.ts';
import { field, rowsOf } from '../tools/support/rows.ts';
import { query } from '../truenas/query.ts';
import { type Completed, type Completion, completed, MAX_VALUES } from './completion.ts';

/** Pool names. */
export const poolNames = namesOf('pool.query');

/** Disk names such as `sda`. */
export const diskNames = namesOf('disk.query');

/**
 * Dataset names, one level at a time as in a shell: `ta` gives `tank`, `tank/` its children. With thousands of datasets
 * the first hundred of all that begin with `tank` would be of no use.
 */
export const datasetNames: Completion = {
  uses: ['pool.dataset.query'],
  async complete(nas, prefix) {
    const parameters = query({
      filters: [['id', '~', `${escapePattern(prefix)}[^/]*$`]],
      select: ['id'],
      orderBy: ['id'],
      limit: MAX_VALUES + 1,
      extra: await datasetListExtra(nas, []),
    });
    return textsOf(await nas.call('pool.dataset.query', parameters), 'id');
  },
};

/** Jobs looked through; ids are numbers, and a NAS compares only texts with a beginning. */
const MAX_JOBS = 1000;

/** Job ids, newest first: those that this key may see. */
export const jobIds: Completion = {
  uses: ['core.get_jobs'],
  async complete(nas, prefix) {
    const parameters = query({ select: ['id'], orderBy: ['-id'], limit: MAX_JOBS });
    const rows = rowsOf(await nas.call('core.get_jobs', parameters), { id: field.number });
    const ids = rows.flatMap(({ id }) => (id === null ? [] : [String(id)]));
    return completed(ids.filter((id) => id.startsWith(prefix)));
  },
};

function namesOf(method: 'pool.query' | 'disk.query'): Completion {
  return {
    uses: [method],
    async complete(nas, prefix) {
      const parameters = query({
        filters: [['name', '^', prefix]],
        select: ['name'],
        orderBy: ['name'],
        limit: MAX_VALUES + 1,
      });
      return textsOf(await nas.call(method, parameters), 'name');
    },
  };
}

function textsOf(result: Parameters<typeof rowsOf>[0], key: 'id' | 'name'): Completed {
  const rows = rowsOf(result, { [key]: field.rawText });
  return completed(rows.flatMap((row) => row[key] ?? []));
}
