/** One boot environment as the tools that change them see it. */
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { rowThing, type Thing } from '../support/targets.ts';

const ROW = {
  id: field.rawText,
  active: field.flag,
  activated: field.flag,
  keep: field.flag,
  can_activate: field.flag,
};
/** A boot environment; `active` runs now, `activated` starts next. */
export type Environment = RowOf<typeof ROW> & { readonly id: string };

/** All of them. Calls `boot.environment.query`. */
export async function readEnvironments(nas: ReadClient): Promise<readonly Environment[]> {
  return rowsOf(await nas.call('boot.environment.query', []), ROW).flatMap((row) =>
    row.id === null ? [] : [{ ...row, id: row.id }],
  );
}

/**
 * The one of this name, or the one that runs.
 * @throws InputProblem when there is none, naming near ones
 */
export function findEnvironment(all: readonly Environment[], wanted: string | undefined): Environment {
  const found = all.find(({ id, active }) => (wanted === undefined ? active === true : id === wanted));
  if (found !== undefined) return found;
  const names = all.map(({ id }) => id);
  const near = nearNames(wanted ?? '', names);
  const shown = (near.length > 0 ? near : names).slice(0, 10).map(shownName).join(', ');
  throw new InputProblem(
    'environment',
    wanted === undefined
      ? 'the NAS does not say which boot environment runs'
      : `no boot environment is called ${safeCell(wanted)}`,
    shown === '' ? 'The NAS shows none to the reading account.' : `boot environments: ${shown}`,
  );
}

/** One as a thing that a change touches. It hangs on no dataset that people work with: no scope covers it. */
export function environmentThing(id: string): Thing {
  return rowThing(`boot environment ${shownName(id)}`, 'boot.environment.query', ['id', '=', id], {
    identity: ['id', 'created'],
  });
}

/** Its name, safe to show. */
export function shownName(id: string): string {
  return safeCell(id, 80);
}
