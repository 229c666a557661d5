/**
 * Lines over time, as SVG. The whole chart is one slider: the arrow keys move a cursor whose values are told, Enter zooms
 * in around it; a pointer zooms by drawing a range. Lines differ by dashes as well as by colour.
 */
import { useState } from 'preact/hooks';
import {
  BOTTOM,
  type Charted,
  type Frame,
  frameOf,
  HEIGHT,
  LEFT,
  type Line,
  RIGHT,
  TOP,
} from './chart-frame.ts';
import { timeMarks } from './scale.ts';
import { useWidth } from './width.ts';

interface ChartProps extends Charted {
  readonly label: string;
  readonly moment: (ms: number) => string;
  readonly measured: (value: number) => string;
  /** Absent where the view cannot ask for another span. */
  readonly onZoom: ((fromMs: number, toMs: number) => void) | undefined;
}

/** The chart. */
export function LineChart(props: ChartProps) {
  const { label, lines, moment, measured } = props;
  const { box, width } = useWidth();
  const frame = frameOf(props, width);
  const { cursor, drawn, ...handlers } = useCursor(frame, props.onZoom, box);
  const spoken = `${moment(frame.middleMs(cursor))}: ${valuesAt(lines, cursor, measured)}`;
  return (
    <div>
      <div
        ref={box}
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={frame.parts - 1}
        aria-valuenow={cursor}
        aria-valuetext={spoken}
        {...handlers}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <Axes frame={frame} moment={moment} measured={measured} />
          {drawn !== undefined && <DrawnRange frame={frame} range={drawn} />}
          {lines.map(({ values, look }) => (
            <path class={`line look-${look}`} d={pathOf(values, frame)} />
          ))}
          <Cursor frame={frame} lines={lines} part={cursor} />
        </svg>
      </div>
      <p class="readout">{spoken}</p>
    </div>
  );
}

/** A span of time that a pointer draws: from where it went down to where it is, in milliseconds. */
type Range = readonly [number, number];

/** The part under the cursor, the range that is being drawn, and the handlers that move them. */
function useCursor(frame: Frame, onZoom: ChartProps['onZoom'], box: ReturnType<typeof useWidth>['box']) {
  const { parts, fromMs, toMs, x } = frame;
  const [wanted, setCursor] = useState(parts - 1);
  const [drawn, setDrawn] = useState<Range>();
  // Another span may have fewer parts.
  const cursor = Math.min(wanted, parts - 1);
  const msOf = ({ clientX }: PointerEvent) =>
    frame.msAt(clientX - (box.current?.getBoundingClientRect().left ?? 0));

  return {
    cursor,
    drawn,
    onKeyDown(event: KeyboardEvent) {
      const to = keyTarget(event, cursor, parts);
      if (to !== undefined) setCursor(to);
      else if (event.key === 'Enter' && onZoom !== undefined) {
        const middleMs = frame.middleMs(cursor);
        const eighthMs = (toMs - fromMs) / 8;
        onZoom(Math.max(fromMs, middleMs - eighthMs), Math.min(toMs, middleMs + eighthMs));
      } else return;
      event.preventDefault();
    },
    onPointerDown(event: PointerEvent & { readonly currentTarget: HTMLElement }) {
      event.currentTarget.setPointerCapture(event.pointerId);
      const ms = msOf(event);
      setCursor(frame.partAt(ms));
      setDrawn([ms, ms]);
    },
    onPointerMove(event: PointerEvent) {
      const ms = msOf(event);
      setCursor(frame.partAt(ms));
      if (drawn !== undefined) setDrawn([drawn[0], ms]);
    },
    onPointerUp() {
      if (drawn !== undefined && onZoom !== undefined) {
        const [one, other] = drawn;
        // A click moves the cursor alone.
        if (Math.abs(x(one) - x(other)) > 8) onZoom(Math.min(one, other), Math.max(one, other));
      }
      setDrawn(undefined);
    },
    onPointerCancel: () => setDrawn(undefined),
  };
}

/** The part that a key moves the cursor to; undefined for a key that moves nothing. */
function keyTarget({ key, shiftKey }: KeyboardEvent, at: number, parts: number): number | undefined {
  const step = shiftKey ? Math.max(1, Math.round(parts / 10)) : 1;
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    Home: 0,
    End: parts - 1,
  };
  const to = targets[key];
  return to === undefined ? undefined : Math.min(parts - 1, Math.max(0, to));
}

function Axes({ frame, moment, measured }: { frame: Frame } & Pick<ChartProps, 'moment' | 'measured'>) {
  const { width, marks, x, y, fromMs, toMs } = frame;
  return (
    <>
      {marks.map((mark) => (
        <g>
          <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} />
          <text class="axis" x={LEFT - 8} y={y(mark) + 4} text-anchor="end">
            {measured(mark)}
          </text>
        </g>
      ))}
      {timeMarks(fromMs, toMs, moment)
        .filter((_, index) => width >= 480 || index % 2 === 0)
        .map(({ ms, text }, index, { length }) => (
          <text
            class="axis"
            x={x(ms)}
            y={HEIGHT - 4}
            text-anchor={index === 0 ? 'start' : index === length - 1 ? 'end' : 'middle'}
          >
            {text}
          </text>
        ))}
    </>
  );
}

function DrawnRange({ frame: { x }, range: [one, other] }: { frame: Frame; range: Range }) {
  return (
    <rect
      class="drawn"
      x={Math.min(x(one), x(other))}
      width={Math.abs(x(other) - x(one))}
      y={TOP}
      height={HEIGHT - TOP - BOTTOM}
    />
  );
}

function Cursor({ frame, lines, part }: { frame: Frame; lines: readonly Line[]; part: number }) {
  const x = frame.x(frame.middleMs(part));
  return (
    <>
      <line class="cursor" x1={x} x2={x} y1={TOP} y2={HEIGHT - BOTTOM} />
      {lines.map(({ values, look }) => {
        const value = values[part];
        return value === undefined ? null : (
          <circle class={`dot look-${look}`} cx={x} cy={frame.y(value)} r="3.5" />
        );
      })}
    </>
  );
}

/** The line through the values; it ends at a gap, and a value between two gaps is a dash. */
function pathOf(values: readonly (number | undefined)[], { x, y, middleMs }: Frame): string {
  let path = '';
  for (const [part, value] of values.entries()) {
    if (value === undefined) continue;
    const isStart = values[part - 1] === undefined;
    const isAlone = isStart && values[part + 1] === undefined;
    path += `${isStart ? 'M' : 'L'}${x(middleMs(part)).toFixed(1)} ${y(value).toFixed(1)}${isAlone ? 'h2' : ''}`;
  }
  return path;
}

function valuesAt(lines: readonly Line[], part: number, measured: (value: number) => string): string {
  return lines
    .map(({ name, values }) => {
      const value = values[part];
      return `${name} ${value === undefined ? 'not measured' : measured(value)}`;
    })
    .join(', ');
}
