/** PNG with a palette: a chart has few colours, and takes a fifth of what true colours take. */
import { crc32, deflateSync } from 'node:zlib';

/** Pixels as red, green, blue and alpha, row by row; nothing shines through. */
export interface Pixels {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The file. */
export function pngOf({ pixels, width, height }: Pixels): Buffer {
  const { palette, indexes } = indexed(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  // Each row begins with its filter: none.
  for (let y = 0; y < height; y += 1)
    rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, INDEXED, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS = 8;
const INDEXED = 3;
const MOST_COLOURS = 256;
/** Steps of each of red, green and blue: as fine as a palette has room for; the last is always coarse enough. */
const STEPS = [256, 32, 16, 8, 6];

/** Each pixel as its number in a palette. */
function indexed(pixels: Uint8Array): { readonly palette: number[]; readonly indexes: Uint8Array } {
  for (const steps of STEPS) {
    const found = indexedBy(pixels, steps);
    if (found !== undefined) return found;
  }
  throw new Error('six steps of each colour are 216 colours');
}

/** Undefined when there are too many colours. */
function indexedBy(pixels: Uint8Array, steps: number) {
  const size = 255 / (steps - 1);
  const known = new Map<number, number>();
  const palette: number[] = [];
  const indexes = new Uint8Array(pixels.length / 4);
  for (let pixel = 0; pixel < indexes.length; pixel += 1) {
    const [red, green, blue] = [0, 1, 2].map((part) =>
      Math.round(Math.round((pixels[pixel * 4 + part] ?? 0) / size) * size),
    ) as [number, number, number];
    const colour = (red << 16) | (green << 8) | blue;
    let index = known.get(colour);
    if (index === undefined) {
      if (known.size === MOST_COLOURS) return undefined;
      index = known.size;
      known.set(colour, index);
      palette.push(red, green, blue);
    }
    indexes[pixel] = index;
  }
  return { palette, indexes };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
