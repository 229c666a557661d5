/** When which task runs: a line for each task over the window, with a mark for each run; runs that come together stand below each other. */
import { plural } from '../../../output/units.ts';
import { type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { reportOf } from '../parts/report.tsx';
import { momentWords, timeMarks } from '../parts/scale.ts';
import { useWidth } from '../parts/width.ts';
import type { View } from '../view.ts';

interface Task {
  readonly label: string;
  readonly about: string | undefined;
  /** Undefined where nobody knows when it runs. */
  readonly runsMs: readonly number[] | undefined;
  readonly moreRuns: number;
  readonly tookMs: number;
}

/** Draws the answer of schedule_calendar. */
export const calendar: View = {
  name: 'calendar',
  tools: ['schedule_calendar'],
  draw({ data, viewData }) {
    const fromMs = numberOf(viewData?.['fromMs']);
    const toMs = numberOf(viewData?.['toMs']);
    const tasks = tasksOf(viewData);
    const isDrawn = fromMs !== undefined && toMs !== undefined && toMs > fromMs && tasks.length > 0;
    return reportOf(
      data,
      'calendar',
      isDrawn ? (
        <Timeline
          tasks={tasks}
          fromMs={fromMs}
          toMs={toMs}
          zone={textOf(viewData?.['zone'])}
          more={numberOf(viewData?.['more']) ?? 0}
        />
      ) : (
        <p class="line-note">No runs can be drawn: see the answer as text.</p>
      ),
    );
  },
};

function tasksOf(viewData: JsonObject | undefined): readonly Task[] {
  return objectsOf(viewData?.['tasks']).map((task) => {
    const { runsMs } = task;
    return {
      label: textOf(task['label']) ?? 'unnamed',
      about: textOf(task['about']),
      runsMs: Array.isArray(runsMs) ? runsMs.map(numberOf).filter((ms) => ms !== undefined) : undefined,
      moreRuns: numberOf(task['moreRuns']) ?? 0,
      tookMs: numberOf(task['tookMs']) ?? 0,
    };
  });
}

interface TimelineProps {
  readonly tasks: readonly Task[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly zone: string | undefined;
  readonly more: number;
}

function Timeline({ tasks, fromMs, toMs, zone, more }: TimelineProps) {
  const moment = momentWords(toMs - fromMs, zone);
  const whole = momentWords(toMs - fromMs, zone, true);
  return (
    <section>
      <h2>Runs</h2>
      <p class="quiet">
        {whole(fromMs)} to {whole(toMs)} {zone ?? 'UTC, as the time zone of the NAS is not known'}
      </p>
      <Axis fromMs={fromMs} toMs={toMs} moment={moment} />
      <ol class="tasks">
        {tasks.map((task) => (
          <li>
            <div class="task">
              <span>{task.label}</span>
              <span class="quiet">{runWords(task, whole)}</span>
            </div>
            {task.about !== undefined && task.about !== '-' && !task.label.includes(task.about) && (
              <div class="quiet">{task.about}</div>
            )}
            <Runs task={task} fromMs={fromMs} toMs={toMs} />
          </li>
        ))}
      </ol>
      {more > 0 && <p class="line-note">{more} more tasks are not drawn.</p>}
    </section>
  );
}

function Axis({
  fromMs,
  toMs,
  moment,
}: Pick<TimelineProps, 'fromMs' | 'toMs'> & { readonly moment: (ms: number) => string }) {
  const { box, width } = useWidth();
  return (
    <div ref={box}>
      <svg width={width} height="18" aria-hidden="true">
        {timeMarks(fromMs, toMs, moment)
          .filter((_, index) => width >= 480 || index % 2 === 0)
          .map(({ ms, text }, index, { length }) => (
            <text
              class="axis"
              x={((ms - fromMs) / (toMs - fromMs)) * width}
              y="13"
              text-anchor={index === 0 ? 'start' : index === length - 1 ? 'end' : 'middle'}
            >
              {text}
            </text>
          ))}
      </svg>
    </div>
  );
}

/** Marks of the runs, as long as the last one took; no time is so short that it would not be seen. */
function Runs({
  task: { runsMs, tookMs },
  fromMs,
  toMs,
}: {
  readonly task: Task;
  readonly fromMs: number;
  readonly toMs: number;
}) {
  const share = (ms: number) => `${(100 * Math.max(0, ms)) / (toMs - fromMs)}%`;
  return (
    <svg class={`runs ${runsMs === undefined ? 'unknown' : ''}`} width="100%" height="14" aria-hidden="true">
      <rect class="runs-all" width="100%" height="14" rx="3" />
      {runsMs?.map((ms) => (
        <g>
          <rect class="run" x={share(ms - fromMs)} width={share(tookMs)} height="14" />
          <rect class="run" x={share(ms - fromMs)} width="3" height="14" />
        </g>
      ))}
    </svg>
  );
}

function runWords({ runsMs, moreRuns }: Task, whole: (ms: number) => string): string {
  if (runsMs === undefined) return 'nobody knows when';
  const [first] = runsMs;
  if (first === undefined) return 'no run in this time';
  const count = runsMs.length + moreRuns;
  return count === 1 ? whole(first) : `${plural(count, 'run')}, first ${whole(first)}`;
}
