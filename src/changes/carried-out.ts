/**
 * Judges which calls of a change were carried out. What the NAS answered is one half of it, the things as they were read
 * afterwards the other: a call that was answered may have done nothing, and one that failed or was lost may have worked.
 */
import type { Change } from './change.ts';
import type { Outcome, TargetOutcome } from './outcome.ts';

/** What is known of the calls of a change. */
export interface CarriedOut {
  /** Indexes of the calls that an undo has to take back. */
  readonly calls: ReadonlySet<number>;
  /** Answers by the index of their call, up to the last that is known. */
  readonly results: readonly unknown[];
  /** Index of a call of which nobody knows whether it was carried out. */
  readonly unknown?: number;
}

/** Judges the calls by their answers and by what a re-read found. */
export function carriedOut({ targets }: Change, { calls, targets: found }: Outcome): CarriedOut {
  const carried = new Set<number>();
  const results: unknown[] = [];
  let unknown: number | undefined;
  for (const [index, { state, result }] of calls.entries()) {
    const names = targets
      .filter(({ changedBy, isOnlyRead }) => changedBy === index && isOnlyRead !== true)
      .map(({ name }) => name);
    const things = found.filter(({ name }) => names.includes(name));
    const isWhole = things.length > 0 && things.length === names.length;
    if (state === 'done') {
      results.push(result);
      if (!isWhole || !things.every(isUntouched)) carried.add(index);
    } else if (state === 'unknown' && isWhole && things.every(isAsPlanned)) {
      carried.add(index);
      // What it made stands for the answer that was lost.
      results.push(things.length === 1 ? things[0]?.found : undefined);
    } else if (state === 'unknown') unknown = index;
    // What a call was to make and did not may have been made by somebody else.
    else if (state === 'failed' && things.some((each) => isAltered(each, targets))) carried.add(index);
  }
  return { calls: carried, results, ...(unknown === undefined ? {} : { unknown }) };
}

/** It was to change, and is as before. */
function isUntouched({ isAsBefore, differences }: TargetOutcome): boolean {
  return isAsBefore && differences.length > 0;
}

function isAsPlanned({ found, isAsBefore, differences }: TargetOutcome): boolean {
  return found !== 'unread' && !isAsBefore && differences.length === 0;
}

function isAltered({ name, found, isAsBefore }: TargetOutcome, targets: Change['targets']): boolean {
  const wasThere = targets.some((each) => each.name === name && each.before !== 'absent');
  return wasThere && found !== 'unread' && !isAsBefore;
}
