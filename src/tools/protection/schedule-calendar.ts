import * as z from 'zod';
import { judgeSchedules, judgeScrubs } from '../../findings/schedule.ts';
import { formatShort, formatZoned, type TimeZone } from '../../output/time-zone.ts';
import { formatDuration } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { timeOf } from '../support/clock.ts';
import { pageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { field, objectOf } from '../support/rows.ts';
import { type CalendarTask, MAX_TASKS } from './calendar/source.ts';
import { CALENDAR_USES, MAX_RUNS, readCalendar } from './calendar/tasks.ts';
import { readUnscrubbed } from './unscrubbed-pools.ts';
import { type Window, windowOf } from './calendar/window.ts';

const PAGE_ROWS = 25;

interface Row extends CalendarTask {
  readonly first: string | undefined;
  readonly count: string | undefined;
}

const COLUMNS: Columns<Row> = {
  first: { type: 'text', value: ({ first }) => first },
  task: { type: 'text', maxLength: 80, isKey: true, value: ({ label }) => label },
  about: { type: 'text', maxLength: 80 },
  runs: { type: 'text', value: ({ count }) => count },
  schedule: { type: 'text' },
  took: { type: 'text', value: ({ tookMs }) => (tookMs === null ? undefined : formatDuration(tookMs)) },
  note: { type: 'text' },
};

/** What runs in a stretch of time, every kind of task together. */
export const scheduleCalendar = defineTool({
  name: 'schedule_calendar',
  toolset: 'protection',
  isListedOnRequest: true,
  title: 'Schedule calendar',
  words:
    'what runs tonight this week upcoming scheduled tasks overlap maintenance window cron calendar next runs smart test scrub resilver',
  description: 'What runs tonight, this week or in a window: every scheduled task, and overlaps.',
  input: z.strictObject({
    from: z.string().optional().describe('tonight, 22:00 or date'),
    span: z.string().optional().describe('default 24h'),
    cursor: pageInputs.cursor,
  }),
  output: factsOutput,
  carriesFreeText: true,
  view: 'calendar',
  uses: [
    'system.info',
    'pool.resilver.config',
    'update.config',
    'update.get_auto_download',
    ...CALENDAR_USES,
  ],
  mayLack: [
    'system.info',
    'pool.resilver.config',
    'update.config',
    'update.get_auto_download',
    ...CALENDAR_USES,
  ].map((method) => ({ method })),
  examples: [
    { args: { from: 'tonight' }, why: 'what the night brings' },
    { args: { span: '7d' }, why: 'a week' },
    { args: { from: '2026-03-02 01:00', span: '3h' }, why: 'a window for maintenance' },
    { args: { from: 'soon' }, why: 'a time that is none' },
  ],
  async run(nas, input, context) {
    const time = await timeOf(nas, context.now());
    const { zone, nowMs } = time;
    const window = windowOf(input.from, input.span, zone, nowMs);
    const [calendar, apart] = await Promise.all([readCalendar(nas, window, zone), readApart(nas)]);
    const scrubs = await readUnscrubbed(nas, calendar);
    const at = (ms: number): string => formatShort(ms, zone, true);
    const coming = calendar.tasks.filter(
      ({ state, runs }) => state === 'unknown' || (state === 'planned' && (runs === null || runs.length > 0)),
    );
    const inOrder = coming.toSorted((a, b) => firstMs(a) - firstMs(b));
    const rows = inOrder.map((task) => rowOf(task, at));
    return reportAnswer({
      tool: 'schedule_calendar',
      release: await nas.release(),
      args: input,
      headline: headlineOf(
        coming,
        `${formatZoned(window.fromMs, zone)} to ${formatZoned(window.toMs, zone)}`,
      ),
      findings: [...judgeSchedules(calendar.tasks, at), ...judgeScrubs(scrubs.pools)],
      unjudged: [
        ...(zone === undefined ? ['when tasks run (the time zone of the NAS is not known)'] : []),
        ...calendar.gaps,
        ...scrubs.gaps,
        ...apart.gaps,
      ],
      lines: [
        ...time.notes,
        ...(zone === undefined ? [] : [`Times are by the clock of the NAS, ${zone.name}.`]),
        ...runningLine(calendar.tasks),
        ...restLines(calendar.tasks),
        ...apart.lines,
        ...(calendar.cut.length === 0
          ? []
          : [`(only the first ${MAX_TASKS} of each of these were looked at: ${calendar.cut.join(', ')})`]),
        'Not told by any schedule: the scrub of the boot pool, what apps and machines do inside, other machines that send to or fetch from this NAS.',
      ],
      table: { noun: 'tasks', columns: COLUMNS, rows },
      pageRows: PAGE_ROWS,
      budgetTokens: context.budgetTokens,
      viewData: context.showsViews === true ? drawnRuns(inOrder, window, zone) : undefined,
    });
  },
});

function firstMs({ runs }: CalendarTask): number {
  return runs?.[0] ?? Number.MAX_SAFE_INTEGER;
}

/** Tasks, and runs of each, that a view draws. */
const MAX_DRAWN = 60;

/** The runs of each task as moments, in milliseconds since the epoch; null where nobody knows when it runs. */
function drawnRuns(
  tasks: readonly CalendarTask[],
  { fromMs, toMs }: Window,
  zone: TimeZone | undefined,
): Record<string, unknown> {
  return {
    fromMs,
    toMs,
    zone: zone?.name ?? null,
    tasks: tasks.slice(0, MAX_DRAWN).map(({ label, about, runs, tookMs }) => ({
      label: safeCell(label, 80),
      about: safeCell(about, 80),
      runsMs: runs?.slice(0, MAX_DRAWN) ?? null,
      moreRuns: Math.max(0, (runs?.length ?? 0) - MAX_DRAWN),
      tookMs,
    })),
    more: Math.max(0, tasks.length - MAX_DRAWN),
  };
}

function rowOf(task: CalendarTask, at: (ms: number) => string): Row {
  const [first] = task.runs ?? [];
  const count = task.runs?.length ?? 0;
  return {
    ...task,
    first: first === undefined ? 'unknown' : at(first),
    count: first === undefined ? 'unknown' : count >= MAX_RUNS ? `${MAX_RUNS} or more` : String(count),
  };
}

function headlineOf(coming: readonly CalendarTask[], window: string): string {
  const known = coming.filter(({ runs }) => runs !== null);
  if (known.length === 0 && coming.length > 0)
    return `when ${plural(coming.length, 'task')} run is not known, ${window}`;
  const runs = known.reduce((sum, task) => sum + (task.runs?.length ?? 0), 0);
  const least = known.some((task) => (task.runs?.length ?? 0) >= MAX_RUNS) ? 'at least ' : '';
  const unknown = coming.length - known.length;
  const rest = unknown === 0 ? '' : `; of ${plural(unknown, 'more task')} it is not known`;
  return `${plural(known.length, 'task')} with ${least}${plural(runs, 'run')}, ${window}${rest}`;
}

const MAX_NAMED = 5;

function firstFew(tasks: readonly CalendarTask[]): string {
  const names = tasks.slice(0, MAX_NAMED).map(({ label }) => label);
  return `${names.join(', ')}${tasks.length > MAX_NAMED ? ` and ${tasks.length - MAX_NAMED} more` : ''}`;
}

function runningLine(tasks: readonly CalendarTask[]): string[] {
  const running = tasks.filter(({ isRunning }) => isRunning);
  return [
    `Running now: ${running.length === 0 ? 'none of these tasks' : firstFew(running)}. Other jobs: list_jobs {"states":["RUNNING","WAITING"]}`,
  ];
}

const REST: readonly (readonly [CalendarTask['state'], string])[] = [
  ['on hold', 'ON HOLD, does not run'],
  ['locked', 'Left out by the NAS, as the dataset is locked'],
  ['off', 'Switched off'],
  ['by hand', 'Only by hand'],
];

/** Tasks that do not run, by the reason. */
function restLines(tasks: readonly CalendarTask[]): string[] {
  return REST.flatMap(([state, words]) => {
    const rest = tasks.filter((task) => task.state === state);
    return rest.length === 0 ? [] : [`${words}: ${firstFew(rest)}.`];
  });
}

const RESILVER = { enabled: field.flag, begin: field.text, end: field.text, weekday: field.numbers };
const DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the NAS does in a stretch of the day, or at a time of its own choice. */
async function readApart(nas: ReadClient): Promise<{ readonly lines: string[]; readonly gaps: string[] }> {
  const [resilver, update] = await Promise.all([
    readPart(nas, async (limited) => objectOf(await limited.call('pool.resilver.config', []), RESILVER)),
    readUpdate(nas),
  ]);
  const gap = gapText(resilver);
  const lines = 'value' in resilver ? resilverLine(resilver.value) : [];
  return {
    lines: [...lines, ...update.lines],
    gaps: [
      ...(gap === undefined ? [] : [`when resilvers go first ${gap}`]),
      ...('value' in resilver && resilver.value.enabled === null ? ['when resilvers go first'] : []),
      ...update.gaps,
    ],
  };
}

function resilverLine({
  enabled,
  begin,
  end,
  weekday,
}: ReturnType<typeof objectOf<typeof RESILVER>>): string[] {
  if (enabled !== true) return [];
  const days =
    weekday === null || weekday.length === 7 ? '' : ` (${weekday.map((day) => DAYS[day] ?? '?').join(', ')})`;
  return [`A resilver, should one run, goes first from ${begin ?? '?'} to ${end ?? '?'}${days}.`];
}

async function readUpdate(nas: ReadClient): Promise<{ readonly lines: string[]; readonly gaps: string[] }> {
  const isOld = await nas.has('update.get_auto_download');
  if (!isOld && !(await nas.has('update.config'))) return { lines: [], gaps: [] };
  const part = await readPart(nas, async (limited) =>
    isOld
      ? field.flag(await limited.call('update.get_auto_download', []))
      : objectOf(await limited.call('update.config', []), { autocheck: field.flag }).autocheck,
  );
  if ('gap' in part || part.value === null)
    return { lines: [], gaps: [`whether updates are looked for ${gapText(part) ?? 'is not told'}`] };
  const what = isOld ? 'downloads updates' : 'looks for updates';
  return {
    lines: part.value
      ? [`Once a day, at a time that it does not tell, the NAS ${what}; none installs itself.`]
      : [],
    gaps: [],
  };
}
