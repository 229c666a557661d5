/** What a picture is made of, before it is SVG. Labels are texts here, so that tests read what a person sees. */
import { lettering } from './lettering.ts';

/** A place, in pixels from the upper left. */
export type Point = readonly [x: number, y: number];

/** One thing that is drawn. */
export type Shape =
  | {
      readonly kind: 'box';
      readonly at: Point;
      readonly size: Point;
      readonly fill: string;
      readonly border?: string;
      readonly borderWidth?: number;
    }
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly colour: string;
      readonly width: number;
      readonly isDashed?: boolean;
    }
  | { readonly kind: 'area'; readonly points: readonly Point[]; readonly colour: string }
  | {
      readonly kind: 'label';
      readonly text: string;
      readonly at: Point;
      readonly colour?: string;
      readonly anchor?: 'start' | 'middle' | 'end';
      /** Height of a capital in pixels; 9 when absent. */
      readonly height?: number;
    };

/** A picture. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Colour of texts. */
export const INK = '#1f2933';
/** Colour of what is beside the point: axes, frames. */
export const GREY = '#8a949e';

/**
 * The picture as SVG on white. Letters are strokes and not text: no font is needed, and no name can become markup.
 */
export function svgOf({ width, height, shapes }: Scene): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...shapes.map(elementOf),
    '</svg>',
  ].join('');
}

function elementOf(shape: Shape): string {
  switch (shape.kind) {
    case 'box': {
      const { at, size, fill, border, borderWidth = 1 } = shape;
      const edge = border === undefined ? '' : ` stroke="${border}" stroke-width="${borderWidth}"`;
      return `<rect x="${short(at[0])}" y="${short(at[1])}" width="${short(size[0])}" height="${short(size[1])}" rx="2" fill="${fill}"${edge}/>`;
    }
    case 'line': {
      const dashes = shape.isDashed === true ? ' stroke-dasharray="6 3"' : '';
      return `<path d="${pathOf(shape.points)}" fill="none" stroke="${shape.colour}" stroke-width="${shape.width}" stroke-linejoin="round" stroke-linecap="round"${dashes}/>`;
    }
    case 'area':
      return `<path d="${pathOf(shape.points)}Z" fill="${shape.colour}" fill-opacity="0.15"/>`;
    case 'label': {
      const { text, at, colour = INK, anchor = 'start', height = 9 } = shape;
      const strokes = lettering(text, at, height, anchor);
      return `<path d="${strokes.map((points) => `${pathOf(points)}h.01`).join('')}" fill="none" stroke="${colour}" stroke-width="${short(height / 7)}" stroke-linejoin="round" stroke-linecap="round"/>`;
    }
  }
}

function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
