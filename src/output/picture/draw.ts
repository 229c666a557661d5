/** Draws a picture as PNG, by an optional package that is loaded with the first picture. */
import { chartScene } from './chart.ts';
import type { Picture, PictureWords } from './picture.ts';
import { pngOf } from './png.ts';
import { poolScene } from './pool-map.ts';
import { type Scene, svgOf } from './scene.ts';

/** A PNG, or why there is none, as a line for the text. */
export type Drawn = { readonly png: Uint8Array } | { readonly why: string };

/** Most of an image: clients pass it on to a model that is paid by its size. */
export const MOST_BYTES = 100_000;

const NOT_INSTALLED =
  '(no image: it takes the optional package @resvg/resvg-js, which is not installed beside this server, or not for this system; npm install @resvg/resvg-js)';

/** The shapes of a picture. */
export function sceneOf(picture: Picture, words: PictureWords): Scene {
  return picture.kind === 'chart' ? chartScene(picture, words) : poolScene(picture);
}

/** Draws it; whatever goes wrong is told, and never an error: the text beside it stands. */
export async function drawn(picture: Picture, words: PictureWords, load = loadResvg): Promise<Drawn> {
  const resvg = await load();
  if (resvg === undefined) return { why: NOT_INSTALLED };
  const scene = sceneOf(picture, words);
  const svg = svgOf(scene);
  // One that has very much in it is drawn smaller.
  for (const width of [scene.width, Math.round(scene.width / 2)]) {
    try {
      const options = { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } };
      const png = pngOf(new resvg.Resvg(svg, options).render());
      if (png.byteLength <= MOST_BYTES) return { png };
    } catch {
      return { why: '(no image: it could not be drawn)' };
    }
  }
  return { why: '(no image: it would be too large; ask for less)' };
}

type Resvg = Pick<typeof import('@resvg/resvg-js'), 'Resvg'>;

async function loadResvg(): Promise<Resvg | undefined> {
  try {
    return await import('@resvg/resvg-js');
  } catch {
    return undefined;
  }
}
