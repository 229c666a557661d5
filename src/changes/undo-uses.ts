/**
 * What hangs on a dataset that an undo deletes. A NAS deletes shares and tasks together with their dataset: those that came
 * after it was made belong to somebody else.
 */
import { safeCell } from '../output/untrusted.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { StateRead, Target, UndoCall } from './change.ts';
import { readRow, valueAt } from './state.ts';

const DELETES = 'pool.dataset.delete';

/** The reads that {@link unusedTargets} makes. */
export function readsOfUses(calls: readonly UndoCall[]): StateRead[] {
  return deletedDatasets(calls).map(({ dataset }) => readOf(dataset));
}

/** Datasets that go, as targets, and what is to be said of those that are used. */
export interface Unused {
  readonly targets: readonly Target[];
  readonly impact: readonly string[];
}

/**
 * Nothing may hang on the datasets when they go: what the calls before take away is gone then. One on which more hangs than
 * those calls can take away is more than own work.
 */
export async function unusedTargets(calls: readonly UndoCall[], nas: ReadClient): Promise<Unused> {
  const deleted = deletedDatasets(calls);
  const others = calls.length - deleted.length;
  const impact: string[] = [];
  const targets = await Promise.all(
    deleted.map(async ({ dataset, index }): Promise<Target> => {
      const read = readOf(dataset);
      const uses = usesOf(await readRow(nas, read));
      const isUsed = uses.length > others;
      if (isUsed) {
        const some = [...new Set(uses)].slice(0, 5).map((use) => safeCell(use, 60));
        impact.push(
          `${safeCell(dataset)} is used by now (${some.join(', ')}): as long as it is, it is not deleted; delete_dataset takes its uses away one by one`,
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
        ...(isUsed ? {} : { isOnlyRead: true }),
      };
    }),
  );
  return { targets, impact };
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
