/** Curves over time: the mean as a line, the extremes as a band around it, gaps as gaps. */
import { fittingText } from './lettering.ts';
import type { ChartPicture, Curve, CurvePoint, PictureWords } from './picture.ts';
import { GREY, type Point, type Scene, type Shape } from './scene.ts';

const WIDTH = 800;
const PLOT = { left: 90, top: 40, right: 780, bottom: 290 } as const;
const LEGEND_LINE = 20;
/** Curves that one can still tell apart. */
export const MOST_CURVES = 8;

/** Told apart by people who see no red or green as well (Okabe and Ito). */
const COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#b8860b',
  '#56b4e9',
  '#6b4c9a',
  '#444444',
] as const;
/** From here on dashed, as colours alone grow alike. */
const DASHED_FROM = 4;

/** The chart as shapes; without curves an empty plot that says so. */
export function chartScene(chart: ChartPicture, words: PictureWords): Scene {
  const curves = chart.curves.slice(0, MOST_CURVES);
  const scale = scaleOf(chart, curves);
  const notes = [
    ...(chart.curves.length > curves.length
      ? [`${chart.curves.length - curves.length} more series are not drawn`]
      : []),
    ...chart.notes,
  ];
  const legendTop = PLOT.bottom + 50;
  const legend = curves.flatMap(({ name, figures }, index): Shape[] => {
    const y = legendTop + index * LEGEND_LINE;
    return [
      {
        ...strokeOf(index),
        points: [
          [20, y - 4],
          [48, y - 4],
        ],
      },
      label(fittingText(`${name}  ${figures}`, 8, WIDTH - 20 - 58), [58, y], { height: 8 }),
    ];
  });
  const notesTop = legendTop + curves.length * LEGEND_LINE;
  const lines = notes.map((note, index) =>
    label(fittingText(note, 8, WIDTH - 40), [20, notesTop + index * LEGEND_LINE], { height: 8 }),
  );
  return {
    width: WIDTH,
    height: notesTop + notes.length * LEGEND_LINE + 4,
    shapes: [
      label(fittingText(chart.title, 11, WIDTH - 40), [20, 24], { height: 11 }),
      ...axes(chart, scale, words),
      ...(curves.length === 0
        ? [label('nothing was measured', [WIDTH / 2, (PLOT.top + PLOT.bottom) / 2], { anchor: 'middle' })]
        : curves.flatMap((curve, index) => curveShapes(curve, index, scale))),
      ...legend,
      ...lines,
    ],
  };
}

interface Scale {
  readonly bottom: number;
  readonly top: number;
  readonly at: (ms: number, value: number) => Point;
}

function scaleOf({ fromMs, toMs, isBinary }: ChartPicture, curves: readonly Curve[]): Scale {
  const points = curves.flatMap((curve) => curve.points);
  const low = points.reduce((least, point) => Math.min(least, point.low), 0);
  const high = points.reduce((most, point) => Math.max(most, point.high), 0);
  const top = high <= 0 && low < 0 ? 0 : niceTop(high, isBinary);
  const bottom = low < 0 ? -niceTop(-low, isBinary) : 0;
  const [spanMs, span] = [Math.max(1, toMs - fromMs), Math.max(Number.MIN_VALUE, top - bottom)];
  return {
    ...{ bottom, top },
    at: (ms, value) => [
      PLOT.left + ((ms - fromMs) / spanMs) * (PLOT.right - PLOT.left),
      PLOT.bottom - ((value - bottom) / span) * (PLOT.bottom - PLOT.top),
    ],
  };
}

/** The next value of 1, 2, 4, 5 or 8 times a power of ten, or of a power of two for bytes, whose quarters are round as well. */
export function niceTop(value: number, isBinary: boolean): number {
  if (value <= 0) return 1;
  if (isBinary) return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  // The logarithm of a round number may miss it by a hair.
  return power * ([1, 2, 4, 5, 8].find((factor) => factor * power >= value * (1 - 1e-12)) ?? 10);
}

const PARTS = 4;

function axes({ fromMs, toMs }: ChartPicture, { bottom, top, at }: Scale, words: PictureWords): Shape[] {
  const shares = Array.from({ length: PARTS + 1 }, (_, index) => index / PARTS);
  return shares.flatMap((share): Shape[] => {
    const value = bottom + share * (top - bottom);
    const ms = fromMs + share * (toMs - fromMs);
    const [[, y], [x]] = [at(fromMs, value), at(ms, bottom)];
    return [
      {
        kind: 'line',
        points: [
          [PLOT.left, y],
          [PLOT.right, y],
        ],
        colour: share === 0 ? GREY : '#cbd2d9',
        width: 1,
      },
      label(fittingText(words.value(value), 8, PLOT.left - 16), [PLOT.left - 8, y + 4], {
        anchor: 'end',
        height: 8,
      }),
      {
        kind: 'line',
        points: [
          [x, PLOT.bottom],
          [x, PLOT.bottom + 4],
        ],
        colour: GREY,
        width: 1,
      },
      label(words.moment(ms), [x, PLOT.bottom + 18], {
        anchor: share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
        height: 8,
      }),
    ];
  });
}

function curveShapes(curve: Curve, index: number, { at }: Scale): Shape[] {
  const stroke = strokeOf(index);
  return stretchesOf(curve).flatMap((points): Shape[] => {
    const line = points.map(({ ms, mean }) => at(ms, mean));
    // A point by itself is a dash, as a line of no length is not seen.
    const [x, y] = line[0] ?? [0, 0];
    const drawn: readonly Point[] =
      line.length === 1
        ? [
            [x - 1, y],
            [x + 1, y],
          ]
        : line;
    const band = [
      ...points.map(({ ms, high }) => at(ms, high)),
      ...points.toReversed().map(({ ms, low }) => at(ms, low)),
    ];
    return [
      ...(line.length > 1 ? [{ kind: 'area', points: band, colour: stroke.colour } as const] : []),
      { ...stroke, points: drawn },
    ];
  });
}

/** The parts of a curve between its gaps. */
function stretchesOf({ points, gapMs }: Curve): CurvePoint[][] {
  const stretches: CurvePoint[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.ms - lastMs > gapMs) stretches.push([]);
    stretches.at(-1)?.push(point);
    lastMs = point.ms;
  }
  return stretches;
}

function strokeOf(index: number) {
  return {
    kind: 'line',
    colour: COLOURS[index % COLOURS.length] ?? GREY,
    width: 1.6,
    isDashed: index >= DASHED_FROM,
  } as const;
}

function label(
  text: string,
  at: Point,
  more: { readonly anchor?: 'start' | 'middle' | 'end'; readonly height?: number } = {},
): Shape {
  return { kind: 'label', text, at, ...more };
}
