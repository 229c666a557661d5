/** Reads a PNG as the pictures of this project are: a palette, and rows without filters. Written from the format's description, not from the writer. */
import { crc32, inflateSync } from 'node:zlib';

/** What is in it. */
export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb`. */
  readonly at: (x: number, y: number) => string;
}

/** @throws Error when it is no such PNG */
export function decodedPng(file: Uint8Array): DecodedPng {
  const bytes = Buffer.from(file);
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG signature');
  const chunks = new Map<string, Buffer>();
  let at = 8;
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== bytes.readUInt32BE(at + 8 + length)) throw new Error('wrong checksum');
    chunks.set(body.subarray(0, 4).toString('latin1'), body.subarray(4));
    at += 12 + length;
  }
  const [header, palette, data] = ['IHDR', 'PLTE', 'IDAT'].map((type) => chunks.get(type));
  if (header === undefined || palette === undefined || data === undefined || !chunks.has('IEND'))
    throw new Error(`only ${[...chunks.keys()].join(', ')}`);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header.subarray(8).join() !== '8,3,0,0,0') throw new Error('another form of pixels');
  const rows = inflateSync(data);
  if (rows.length !== (width + 1) * height) throw new Error('another number of pixels');
  return {
    width,
    height,
    at: (x, y) => {
      const index = rows[y * (width + 1) + 1 + x] ?? 0;
      return `#${palette.subarray(index * 3, index * 3 + 3).toString('hex')}`;
    },
  };
}
