/** The frame of a line chart: its margins, and where times and values lie in it, in pixels. */
import { valueMarks } from './scale.ts';

/** One line. */
export interface Line {
  readonly name: string;
  /** Values at equal distances of time; undefined where nothing was measured. */
  readonly values: readonly (number | undefined)[];
  /** Number of its look in page.css, from 0. */
  readonly look: number;
}

/** Height of the chart, and its margins. */
export const HEIGHT = 220;
export const LEFT = 72;
export const RIGHT = 12;
export const TOP = 8;
export const BOTTOM = 22;

/** Everything that a chart of this width draws. */
export interface Charted {
  readonly lines: readonly Line[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly base: 1000 | 1024;
  /** The whole that the values are a share of: the scale goes from zero to it. */
  readonly most?: number | undefined;
}

/** Places of times and values. A part is one of the equal spans of time that have a value. */
export interface Frame extends Pick<Charted, 'fromMs' | 'toMs'> {
  readonly width: number;
  readonly parts: number;
  /** Values with a line of their own. */
  readonly marks: readonly number[];
  x(this: void, ms: number): number;
  y(this: void, value: number): number;
  middleMs(this: void, part: number): number;
  partAt(this: void, ms: number): number;
  /** @param x pixels from the left edge of the chart */
  msAt(this: void, x: number): number;
}

/** Makes the frame of a chart. @param width of the whole chart, in pixels */
export function frameOf({ lines, fromMs, toMs, base, most }: Charted, width: number): Frame {
  const parts = Math.max(1, ...lines.map(({ values }) => values.length));
  const partMs = (toMs - fromMs) / parts;
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const marks =
    all.length === 0
      ? [0, 1]
      : valueMarks(most === undefined ? Math.min(...all) : 0, Math.max(...all, most ?? 0), base);
  const [low = 0] = marks;
  const high = marks.at(-1) ?? 1;
  const innerWidth = width - LEFT - RIGHT;
  return {
    ...{ width, parts, marks, fromMs, toMs },
    x: (ms) => LEFT + ((ms - fromMs) / (toMs - fromMs)) * innerWidth,
    y: (value) => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM),
    middleMs: (part) => fromMs + (part + 0.5) * partMs,
    partAt: (ms) => Math.min(parts - 1, Math.floor((ms - fromMs) / partMs)),
    msAt: (x) => fromMs + Math.min(1, Math.max(0, (x - LEFT) / innerWidth)) * (toMs - fromMs),
  };
}
