/** The parts of the overview that look at periodic tasks: how did their last run end? */
import { z } from 'zod';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { rowsOf, wire, wireObject } from '../wire.ts';
import { type Part, QUOTE_LENGTH } from './overview-part.ts';
import type { Finding } from './verdict.ts';

/** Snapshots, replications and cloud copies. */
export const TASK_PARTS: readonly Part[] = [
  tasks('snapshot', 'pool.snapshottask.query', 'dataset', 'state.state', 'state.error'),
  tasks('replication', 'replication.query', 'name', 'state.state', 'state.error'),
  tasks('cloud sync', 'cloudsync.query', 'description', 'job.state', 'job.error'),
];

/**
 * A kind of periodic task whose last run may have failed. `name` is a key of its rows, `state` and `error` are paths. The
 * last job of a cloud sync carries logs and arguments: of it only these two are fetched.
 */
function tasks(kind: string, method: string, name: string, state: string, error: string): Part {
  const [parent = 'state', stateKey = 'state'] = state.split('.');
  const errorKey = error.split('.')[1] ?? 'error';
  const row = z.object({
    [name]: wire.text,
    [parent]: wireObject({ [stateKey]: wire.text, [errorKey]: wire.text }),
  });
  return {
    name: `${kind} tasks`,
    uses: [method],
    async read({ nas, signal }) {
      const parameters = query({
        filters: [['enabled', '=', true]],
        select: ['id', 'enabled', name, ...(parent === 'job' ? [state, error] : [parent])],
        orderBy: ['id'],
      });
      const rows = rowsOf(await nas.call(method, parameters, { signal }), row);
      const findings = rows.flatMap((task): Finding[] => {
        const last = task[parent];
        if (last === null || typeof last !== 'object') return [];
        const outcome = last[stateKey];
        if (outcome !== 'ERROR' && outcome !== 'FAILED') return [];
        const label = task[name];
        const reason = last[errorKey];
        const what = `${kind} ${safeCell(typeof label === 'string' ? label : '-', 60)} failed`;
        return [
          {
            level: 'WARNING',
            ...(typeof label === 'string' ? { repeats: [kind, label, 'failed'] } : {}),
            text: reason ? `${what}: ${safeCell(reason, QUOTE_LENGTH)}` : what,
            wholeText: `${what}: ${reason}`,
          },
        ];
      });
      return { findings, summary: plural(rows.length, `${kind} task`) };
    },
  };
}
