/** A pool as boxes: a row for each vdev, a box for each disk, and what is not in order stands out by colour, frame and mark. */
import { fittingText } from './lettering.ts';
import type { DrawnDisk, PoolPicture } from './picture.ts';
import { GREY, INK, type Point, type Scene, type Shape } from './scene.ts';

const WIDTH = 800;
const MARGIN = 20;
const DISK: Point = [88, 44];
const GAP = 8;
const PER_ROW = 7;
/** Disks drawn at most: more are not told apart any more. */
export const MOST_DISKS = 240;

interface Look {
  readonly fill: string;
  readonly border: string;
  readonly borderWidth: number;
}

const HEALTHY: Look = { fill: '#e6f4ea', border: '#2e7d32', borderWidth: 1 };
const WORN: Look = { fill: '#fff3d6', border: '#b26a00', borderWidth: 2 };
const BROKEN: Look = { fill: '#fde0dc', border: '#b3261e', borderWidth: 3 };
const UNKNOWN: Look = { fill: '#eceff1', border: '#607d8b', borderWidth: 2 };

function lookOf(status: string, errors: string): Look {
  if (/^(?:FAULTED|UNAVAIL|REMOVED|OFFLINE)$/.test(status)) return BROKEN;
  if (/^(?:ONLINE|AVAIL|INUSE)$/.test(status)) return errors === '' ? HEALTHY : WORN;
  return status === 'DEGRADED' ? WORN : UNKNOWN;
}

/** The map as shapes. */
export function poolScene(pool: PoolPicture): Scene {
  let y = 30;
  const shapes: Shape[] = [
    {
      kind: 'label',
      text: fittingText(`${pool.title}  ${pool.status}`, 11, WIDTH - 2 * MARGIN),
      at: [MARGIN, y],
      height: 11,
    },
  ];
  y += 14;
  if (pool.usedShare !== undefined) {
    const width = WIDTH - 2 * MARGIN;
    const share = Math.min(1, Math.max(0, pool.usedShare));
    shapes.push(
      { kind: 'box', at: [MARGIN, y], size: [width, 12], fill: '#eef1f4', border: GREY },
      { kind: 'box', at: [MARGIN, y], size: [width * share, 12], fill: share > 0.8 ? '#d55e00' : '#0072b2' },
    );
    y += 28;
  }
  if (pool.space !== '') {
    shapes.push({
      kind: 'label',
      text: fittingText(pool.space, 8, WIDTH - 2 * MARGIN),
      at: [MARGIN, y],
      height: 8,
    });
    y += 10;
  }
  let room = MOST_DISKS;
  let left = 0;
  for (const { vdevClass, name, status, disks } of pool.vdevs) {
    const shown = disks.slice(0, room);
    room -= shown.length;
    left += disks.length - shown.length;
    if (shown.length === 0) continue;
    y += 22;
    const heading = name === '' ? vdevClass : `${vdevClass}: ${name}  ${status}`;
    shapes.push({
      kind: 'label',
      text: fittingText(heading, 9, WIDTH - 2 * MARGIN),
      at: [MARGIN, y],
      colour: lookOf(status, '') === BROKEN ? BROKEN.border : INK,
    });
    y += 8;
    for (const [index, disk] of shown.entries())
      shapes.push(
        ...diskShapes(disk, [
          MARGIN + (index % PER_ROW) * (DISK[0] + GAP + 14),
          y + Math.floor(index / PER_ROW) * (DISK[1] + GAP),
        ]),
      );
    y += Math.ceil(shown.length / PER_ROW) * (DISK[1] + GAP);
  }
  const notes = [...(left > 0 ? [`${left} more disks are not drawn`] : []), ...pool.notes];
  for (const note of notes) {
    y += 18;
    shapes.push({
      kind: 'label',
      text: fittingText(note, 8, WIDTH - 2 * MARGIN),
      at: [MARGIN, y],
      height: 8,
    });
  }
  return { width: WIDTH, height: Math.ceil(y + 18), shapes };
}

function diskShapes({ name, status, errors }: DrawnDisk, at: Point): Shape[] {
  const look = lookOf(status, errors);
  const [x, y] = at;
  const width = DISK[0] - 12;
  return [
    { kind: 'box', at, size: DISK, ...look },
    { kind: 'label', text: fittingText(name, 8, width), at: [x + 6, y + 16], height: 8 },
    {
      kind: 'label',
      text: fittingText(errors === '' || look === BROKEN ? status : errors, 7, width),
      at: [x + 6, y + 33],
      colour: look === HEALTHY ? INK : look.border,
      height: 7,
    },
    // Colours alone tell nothing to some people.
    ...(look === BROKEN
      ? ([
          {
            kind: 'line',
            points: [
              [x + DISK[0] - 14, y + 5],
              [x + DISK[0] - 5, y + 14],
            ],
            colour: look.border,
            width: 2.5,
          },
          {
            kind: 'line',
            points: [
              [x + DISK[0] - 5, y + 5],
              [x + DISK[0] - 14, y + 14],
            ],
            colour: look.border,
            width: 2.5,
          },
        ] as const)
      : []),
  ];
}
