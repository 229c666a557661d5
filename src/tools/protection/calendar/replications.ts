/** Replications in the calendar: by their own schedule, or after snapshot tasks. */
import { lastJob, lastState } from '../../items/protection/last-run.ts';
import { planFor, SCHEDULE } from '../../items/protection/schedule-columns.ts';
import { field, type RowOf } from '../../support/rows.ts';
import { runsAt } from '../../support/schedule-times.ts';
import {
  cell,
  COMMON,
  isRunning,
  named,
  planned,
  type PlannedTask,
  source,
  tookMs,
  unknownState,
} from './source.ts';

const REPLICATION_ROW = {
  ...COMMON,
  name: field.text,
  auto: field.flag,
  restrict_schedule: SCHEDULE,
  periodic_snapshot_tasks: field.objects({ enabled: field.flag, schedule: SCHEDULE }),
  source_datasets: field.texts,
  target_dataset: field.text,
  state: lastState,
  job: lastJob,
};

/** One without a schedule of its own starts when its snapshot tasks do. */
export const replications = source('replication', 'replication.query', REPLICATION_ROW, replicationOf);

function replicationOf(row: RowOf<typeof REPLICATION_ROW>): PlannedTask {
  const own = row.schedule !== null;
  const after = (row.periodic_snapshot_tasks ?? []).filter(({ enabled }) => enabled !== false);
  const plans = after.map(({ schedule }) => planFor(schedule, 'zettarepl'));
  const restriction = planFor(row.restrict_schedule, 'zettarepl');
  const isReadable =
    plans.every((plan) => plan !== undefined) &&
    row.periodic_snapshot_tasks !== null &&
    (row.restrict_schedule === null || restriction !== undefined);
  const base = planned(row, 'zettarepl');
  const isByHand = row.auto === false || (!own && row.periodic_snapshot_tasks?.length === 0);
  const isHeld = row.state?.state === 'HOLD';
  const states = { isByHand, isHeld };
  return {
    ...named('replication', row.id, row.name),
    ...base,
    ...(own
      ? {}
      : {
          schedule: 'after snapshot tasks',
          plans: isReadable ? plans.flatMap((plan) => plan ?? []) : null,
        }),
    state: replicationState(base.state, row.auto, states),
    about: cell(`${(row.source_datasets ?? ['?']).slice(0, 2).join(', ')} → ${row.target_dataset ?? '?'}`),
    isHeavy: true,
    tookMs: tookMs(row.job),
    isRunning: row.state?.state === 'RUNNING' || isRunning(row.job),
    unknown: unknownState(row.state),
    ...(restriction === undefined || own ? {} : { allows: (zone, ms) => runsAt(restriction, zone, ms) }),
  };
}

function replicationState(
  state: PlannedTask['state'],
  auto: boolean | null,
  { isByHand, isHeld }: { readonly isByHand: boolean; readonly isHeld: boolean },
): PlannedTask['state'] {
  if (state === 'off') return 'off';
  if (isByHand) return 'by hand';
  if (isHeld) return 'on hold';
  return auto === null ? 'unknown' : state;
}
