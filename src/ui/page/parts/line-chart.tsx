/**
 * Lines over time, as SVG. The whole chart is one slider: the arrow keys move a cursor whose values are told, Enter zooms
 * in around it; a pointer zooms by drawing a range. Lines differ by dashes as well as by colour.
 */
import { useState } from 'preact/hooks';
import { timeMarks, valueMarks } from './scale.ts';
import { useWidth } from './width.ts';

/** One line. */
export interface Line {
  readonly name: string;
  /** Values at equal distances of time; undefined where nothing was measured. */
  readonly values: readonly (number | undefined)[];
  /** Which of the looks it has (page.css), from 0. */
  readonly look: number;
}

interface ChartProps {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly moment: (ms: number) => string;
  readonly measured: (value: number) => string;
  readonly base: 1000 | 1024;
  /** What the values are a share of: the scale then goes from zero to it. */
  readonly most?: number | undefined;
  /** Absent where nothing can be asked for. */
  readonly onZoom: ((fromMs: number, toMs: number) => void) | undefined;
}

const HEIGHT = 220;
const LEFT = 72;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 22;

/** The chart. */
export function LineChart({ label, lines, fromMs, toMs, moment, measured, base, most, onZoom }: ChartProps) {
  const { box, width } = useWidth();
  const parts = Math.max(1, ...lines.map(({ values }) => values.length));
  const [cursor, setCursor] = useState(parts - 1);
  const [drawn, setDrawn] = useState<readonly [number, number]>();
  const at = Math.min(cursor, parts - 1);
  const partMs = (toMs - fromMs) / parts;
  const middleMs = (part: number) => fromMs + (part + 0.5) * partMs;

  const all = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const marks =
    all.length === 0
      ? [0, 1]
      : valueMarks(most === undefined ? Math.min(...all) : 0, Math.max(...all, most ?? 0), base);
  const [low = 0] = marks;
  const high = marks.at(-1) ?? 1;
  const x = (ms: number) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const msAt = (clientX: number) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const share = (clientX - left - LEFT) / (width - LEFT - RIGHT);
    return fromMs + Math.min(1, Math.max(0, share)) * (toMs - fromMs);
  };
  const partAt = (ms: number) => Math.min(parts - 1, Math.floor((ms - fromMs) / partMs));
  const spoken = `${moment(middleMs(at))}: ${valuesAt(lines, at, measured)}`;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? Math.max(1, Math.round(parts / 10)) : 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      Home: 0,
      End: parts - 1,
    };
    const to = targets[event.key];
    if (to !== undefined) setCursor(Math.min(parts - 1, Math.max(0, to)));
    else if (event.key === 'Enter' && onZoom !== undefined) {
      const quarter = (toMs - fromMs) / 8;
      onZoom(Math.max(fromMs, middleMs(at) - quarter), Math.min(toMs, middleMs(at) + quarter));
    } else return;
    event.preventDefault();
  };
  const onPointerUp = () => {
    if (drawn !== undefined && onZoom !== undefined) {
      const [one, other] = drawn;
      // A click moves the cursor alone.
      if (Math.abs(x(one) - x(other)) > 8) onZoom(Math.min(one, other), Math.max(one, other));
    }
    setDrawn(undefined);
  };
  return (
    <div>
      <div
        ref={box}
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={parts - 1}
        aria-valuenow={at}
        aria-valuetext={spoken}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const ms = msAt(event.clientX);
          setCursor(partAt(ms));
          setDrawn([ms, ms]);
        }}
        onPointerMove={(event) => {
          const ms = msAt(event.clientX);
          setCursor(partAt(ms));
          if (drawn !== undefined) setDrawn([drawn[0], ms]);
        }}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrawn(undefined)}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
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
          {drawn !== undefined && (
            <rect
              class="drawn"
              x={Math.min(x(drawn[0]), x(drawn[1]))}
              width={Math.abs(x(drawn[1]) - x(drawn[0]))}
              y={TOP}
              height={HEIGHT - TOP - BOTTOM}
            />
          )}
          {lines.map(({ values, look }) => (
            <path class={`line look-${look}`} d={pathOf(values, (part) => x(middleMs(part)), y)} />
          ))}
          <line class="cursor" x1={x(middleMs(at))} x2={x(middleMs(at))} y1={TOP} y2={HEIGHT - BOTTOM} />
          {lines.map(({ values, look }) => {
            const value = values[at];
            return value === undefined ? null : (
              <circle class={`dot look-${look}`} cx={x(middleMs(at))} cy={y(value)} r="3.5" />
            );
          })}
        </svg>
      </div>
      <p class="readout">{spoken}</p>
    </div>
  );
}

/** The line through what was measured; it ends at a gap, and a value between two gaps is a dash. */
function pathOf(
  values: readonly (number | undefined)[],
  x: (part: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  for (const [part, value] of values.entries()) {
    if (value === undefined) continue;
    const isStart = values[part - 1] === undefined;
    const isAlone = isStart && values[part + 1] === undefined;
    path += `${isStart ? 'M' : 'L'}${x(part).toFixed(1)} ${y(value).toFixed(1)}${isAlone ? 'h2' : ''}`;
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
