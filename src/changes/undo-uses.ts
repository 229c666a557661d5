/**
 * What hangs on a dataset that an undo deletes. A NAS deletes shares and tasks together with their dataset: those that came
 * after it was made belong to somebody else.
 */
import { InputProblem } from '../output/problem.ts';
import { safeCell } from '../output/untrusted.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { StateRead, Target, UndoCall } from './change.ts';
import { readRow, valueAt } from './state.ts';

const DELETES = 'pool.dataset.delete';

/** The reads that {@link unusedTargets} makes. */
export function readsOfUses(calls: readonly UndoCall[]): StateRead[] {
  return deletedDatasets(calls).map(({ dataset }) => readOf(dataset));
}

/**
 * Nothing hangs on the datasets when they go: what the calls before take away is gone then.
 * @throws InputProblem when more hangs on one of them than those calls can take away
 */
export async function unusedTargets(calls: readonly UndoCall[], nas: ReadClient): Promise<Target[]> {
  const deleted = deletedDatasets(calls);
  const others = calls.length - deleted.length;
  return Promise.all(
    deleted.map(async ({ dataset, index }): Promise<Target> => {
      const read = readOf(dataset);
      const uses = usesOf(await readRow(nas, read));
      if (uses.length > others) {
        const some = [...new Set(uses)].slice(0, 5).map((use) => safeCell(use, 60));
        throw new InputProblem(
          'change',
          `${safeCell(dataset)} is used by now (${some.join(', ')}): undoing would take that away, too`,
          'delete_dataset shows what hangs on it, and takes it away one by one.',
        );
      }
      return {
        name: `uses of ${dataset} when it goes`,
        dataset,
        read,
        identity: [],
        changedBy: index,
        checkedFrom: index,
        before: { rows: [] },
        after: 'absent',
        isOnlyRead: true,
      };
    }),
  );
}

function deletedDatasets(calls: readonly UndoCall[]): { dataset: string; index: number }[] {
  return calls.flatMap(({ method, params: [dataset] }, index) =>
    method === DELETES && typeof dataset === 'string' ? [{ dataset, index }] : [],
  );
}

function readOf(dataset: string): StateRead {
  return { method: 'pool.dataset.attachments', params: [dataset], isList: true };
}

/** Kinds of what hangs on it, once for each thing; none for a dataset that is not there any more. */
function usesOf(row: Readonly<Record<string, unknown>> | undefined): string[] {
  const rows = valueAt(row, 'rows');
  return (Array.isArray(rows) ? rows : []).flatMap((each: unknown) => {
    const names = valueAt(each, 'attachments');
    const kind = valueAt(each, 'type');
    return (Array.isArray(names) ? names : [undefined]).map(() =>
      typeof kind === 'string' ? kind : 'something',
    );
  });
}
