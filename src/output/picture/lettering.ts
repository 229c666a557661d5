/**
 * Letters as strokes. A font would have to be shipped or found, and a container has none; the names in a picture are those of
 * disks, pools and interfaces, which are nearly all ASCII.
 */
import type { Point } from './scene.ts';

/** The letters of a text as lines to draw, `at` being the left (or middle, or right) end of the base line. */
export function lettering(
  text: string,
  [x, y]: Point,
  height: number,
  anchor: 'start' | 'middle' | 'end',
): Point[][] {
  const unit = height / CAPITAL;
  const letters = lettersOf(text);
  const start = x - letteredWidth(text, height) * { start: 0, middle: 0.5, end: 1 }[anchor];
  return letters.flatMap((letter, index) =>
    strokesOf(letter).map((points) =>
      points.map(
        ([across, down]): Point => [start + (index * ADVANCE + across) * unit, y + (down - CAPITAL) * unit],
      ),
    ),
  );
}

/** Width of a text in pixels. */
export function letteredWidth(text: string, height: number): number {
  const count = lettersOf(text).length;
  return count === 0 ? 0 : ((count - 1) * ADVANCE + WIDTH) * (height / CAPITAL);
}

/** The text with its end left out where it is wider than so many pixels. */
export function fittingText(text: string, height: number, width: number): string {
  if (letteredWidth(text, height) <= width) return text;
  const most = Math.max(1, Math.floor((width / (height / CAPITAL) - WIDTH) / ADVANCE));
  return `${lettersOf(text).slice(0, most).join('')}…`;
}

/** Units of the grid that the letters are drawn on: from the base line to the top of a capital, across, and to the next letter. */
const CAPITAL = 6;
const WIDTH = 4;
const ADVANCE = 5.6;

/** Code points, without accents: é is drawn as e. */
function lettersOf(text: string): string[] {
  return Array.from(text.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC'));
}

/** Each pair of digits is a point, across and down; strokes are apart by a space. */
const STROKES: Readonly<Record<string, string>> = {
  ' ': '',
  '0': '103041453616050110 3115',
  '1': '112026 1636',
  '2': '01103041420646',
  '3': '0110304142334445361605 2333',
  '4': '300444 3036',
  '5': '400002324345361605',
  '6': '30100105163645443303',
  '7': '004016',
  '8': '103041423313020110 1304051636454433',
  '9': '43130201103041453616',
  A: '0602204246 0444',
  B: '003041423303 334445360600',
  C: '4130100105163645',
  D: '00304145360600',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 400346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  a: '12324346 441405163645',
  b: '0006 0312324345361605',
  c: '4332120305163645',
  d: '4046 4332120305163645',
  e: '04444332120305163645',
  f: '40302126 1232',
  g: '4332120304153544 4247381807',
  h: '0006 0312324346',
  i: '2226 2020',
  j: '32372818 3030',
  k: '0006 420446',
  l: '10202536',
  m: '0206 03122326 23324346',
  n: '0206 0312324346',
  o: '123243453616050312',
  p: '0208 0312324345361605',
  q: '4248 4332120305163645',
  r: '0206 04223243',
  s: '43321203143445361605',
  t: '10152636 0232',
  u: '0205163645 4246',
  v: '022642',
  w: '0216243642',
  x: '0246 4206',
  y: '0226 4218',
  z: '02420646',
  '.': '2626',
  ',': '2617',
  ':': '2323 2626',
  ';': '2323 2617',
  '-': '0444',
  '\u2013': '0444',
  _: '0747',
  '/': '4006',
  '\\': '0046',
  '(': '30212536',
  ')': '10212516',
  '[': '30202636',
  ']': '10202616',
  '{': '30212213242536',
  '}': '10212233242516',
  '%': '4006 0010110100 3545463635',
  '+': '0444 2226',
  '=': '0343 0545',
  '<': '410345',
  '>': '014305',
  '!': '2024 2626',
  '?': '01103041422324 2626',
  '*': '2225 1335 3315',
  '#': '1016 3036 0242 0444',
  '@': '453616050110304144242242',
  '&': '4602011021220405162644',
  $: '413010010213334445361605 2026',
  "'": '2021',
  '"': '1011 3031',
  '`': '1021',
  '^': '022042',
  '~': '04133544',
  '|': '2027',
  '°': '1021120110',
  '…': '0606 2626 4646',
  '·': '2424',
  '×': '0246 4206',
};

/** Stands for a letter that is not in the table. */
const UNKNOWN = '0040460600';

function strokesOf(letter: string): Point[][] {
  const strokes = Object.hasOwn(STROKES, letter) ? (STROKES[letter] ?? '') : UNKNOWN;
  return strokes
    .split(' ')
    .filter((stroke) => stroke !== '')
    .map((stroke) => (stroke.match(/../g) ?? []).map((pair): Point => [Number(pair[0]), Number(pair[1])]));
}
