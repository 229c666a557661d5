/** The scrub or resilver of one pool, for changes of it. */
import { InputProblem } from '../../output/problem.ts';
import { formatDuration, isoInstant } from '../../output/time.ts';
import { formatPercent } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { bootPoolNamed } from './boot-pool.ts';
import { unknownPool } from './find.ts';

const POOL = {
  id: field.integer,
  name: field.rawText,
  status: field.text,
  scan: field.object({
    function: field.text,
    state: field.text,
    start_time: field.time,
    end_time: field.time,
    percentage: field.number,
    pause: field.unknown,
    total_secs_left: field.number,
  }),
};

/** A pool and what checks or rebuilds it. */
export interface ScrubbedPool {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly scan: RowOf<typeof POOL>['scan'];
}

/** Reads it. Calls `pool.query` and `boot.get_state`. @throws InputProblem with near names, and for the boot pool */
export async function scrubbedPool(nas: ReadClient, name: string): Promise<ScrubbedPool> {
  const parameters = query({ filters: [['name', '=', name]], select: Object.keys(POOL) });
  const [pool] = rowsOf(await nas.call('pool.query', parameters), POOL);
  if (pool?.id === undefined || pool.id === null) {
    const boot = await bootPoolNamed(nas, name, { name: field.text });
    if ('value' in boot && boot.value.length > 0) {
      throw new InputProblem(
        'pool',
        'is the boot pool, which the NAS checks by itself',
        'The web interface shows it under System, Boot.',
      );
    }
    throw await unknownPool(nas, 'pool', name);
  }
  return { id: pool.id, name: pool.name ?? name, status: pool.status ?? 'UNKNOWN', scan: pool.scan };
}

/** True while something runs or is paused. */
export function isScanning({ scan }: ScrubbedPool): boolean {
  return scan?.state === 'SCANNING';
}

/** True for a scrub that was paused: only going on or stopping ends that. */
export function isPaused({ scan }: ScrubbedPool): boolean {
  return scan?.state === 'SCANNING' && scan.pause !== null && scan.pause !== undefined;
}

/** `scrub, 41 % done, 2 h left`. */
export function scanText({ scan }: ScrubbedPool): string {
  const kind = scan?.function?.toLowerCase() ?? 'scan';
  const done = scan?.percentage ?? null;
  const left = scan?.total_secs_left ?? null;
  return [
    kind,
    ...(done === null ? [] : [`${formatPercent(done)} done`]),
    ...(left === null ? [] : [`${formatDuration(left * 1000)} left`]),
  ].join(', ');
}

/** When the last one ended. */
export function lastScanText({ scan }: ScrubbedPool): string {
  const ended = scan?.end_time ?? null;
  if (scan?.state === 'FINISHED' && ended !== null)
    return `The last ${scan.function?.toLowerCase() ?? 'scan'} ended at ${isoInstant(ended)}.`;
  return scan?.state === 'CANCELED'
    ? 'The last one was broken off.'
    : 'When the last one ended is not known.';
}
