/** Pictures: they show the figures of the text, gaps as gaps, and no name in them becomes anything but strokes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartScene, MOST_CURVES, niceTop } from '../../../src/output/picture/chart.ts';
import { drawn, MOST_BYTES, sceneOf } from '../../../src/output/picture/draw.ts';
import { fittingText, lettering, letteredWidth } from '../../../src/output/picture/lettering.ts';
import type { ChartPicture, Curve, PoolPicture } from '../../../src/output/picture/picture.ts';
import { pngOf } from '../../../src/output/picture/png.ts';
import { MOST_DISKS } from '../../../src/output/picture/pool-map.ts';
import { type Scene, svgOf } from '../../../src/output/picture/scene.ts';
import { decodedPng } from '../../support/png.ts';

const isInstalled = await import('@resvg/resvg-js').then(
  () => true,
  () => false,
);
const WORDS = { value: (value: number) => `${value} u`, moment: (ms: number) => `t${ms}` };
const labelsOf = ({ shapes }: Scene) =>
  shapes.flatMap((shape) => (shape.kind === 'label' ? [shape.text] : []));
const linesOf = ({ shapes }: Scene) => shapes.filter(({ kind }) => kind === 'line');

function curve(name: string, values: readonly (number | undefined)[] = [1, 3, 2]): Curve {
  const points = values.flatMap((mean, index) =>
    mean === undefined ? [] : [{ ms: index * 10, mean, low: mean - 0.5, high: mean + 0.5 }],
  );
  return { name, figures: `max of ${name}`, points, gapMs: 15 };
}

function chart(curves: readonly Curve[], more: Partial<ChartPicture> = {}): ChartPicture {
  return { kind: 'chart', title: 'load', fromMs: 0, toMs: 100, isBinary: false, curves, notes: [], ...more };
}

const POOL: PoolPicture = {
  kind: 'pool',
  title: 'pool tank',
  status: 'DEGRADED',
  space: '1 TiB of 2 TiB used (50 %)',
  usedShare: 0.5,
  vdevs: [
    {
      ...{ vdevClass: 'data', name: 'mirror-0', status: 'DEGRADED' },
      disks: [
        { name: 'sda', status: 'ONLINE', errors: '' },
        { name: 'sdb', status: 'FAULTED', errors: '3 read errors' },
      ],
    },
    { vdevClass: 'spare', name: '', status: 'AVAIL', disks: [{ name: 'sdc', status: 'AVAIL', errors: '' }] },
  ],
  notes: [],
};

describe('a chart', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of %d series draws and names each', (count) => {
    const names = Array.from({ length: count }, (_, index) => `s${index}`);
    const scene = chartScene(chart(names.map((name) => curve(name))), WORDS);
    expect(scene.shapes.filter(({ kind }) => kind === 'area')).toHaveLength(count);
    for (const name of names) expect(labelsOf(scene)).toContain(`${name}  max of ${name}`);
    const looks = scene.shapes.flatMap((shape) =>
      shape.kind === 'line' && shape.width > 1 ? [`${shape.colour} ${shape.isDashed}`] : [],
    );
    expect(new Set(looks).size).toBe(count);
  });

  it('of more says how many are left out', () => {
    const many = Array.from({ length: MOST_CURVES + 3 }, (_, index) => curve(`s${index}`));
    expect(labelsOf(chartScene(chart(many), WORDS))).toContain('3 more series are not drawn');
  });

  it('draws no line over a gap, and a moment by itself as a dash', () => {
    const whole = linesOf(chartScene(chart([curve('s', [1, 2, 3, 4, 5])]), WORDS)).length;
    const gap = chartScene(
      chart([curve('s', [1, 2, undefined, undefined, 4, 5, undefined, undefined, 7])]),
      WORDS,
    );
    expect(linesOf(gap)).toHaveLength(whole + 2);
    expect(gap.shapes.filter(({ kind }) => kind === 'area')).toHaveLength(2);
  });

  it('of nothing is an empty plot that says so', () => {
    for (const empty of [chart([]), chart([curve('s', [])])]) {
      const labels = labelsOf(chartScene(empty, WORDS));
      expect(labels).toContain(empty.curves.length === 0 ? 'nothing was measured' : 's  max of s');
    }
  });

  it('has an axis that begins at zero, ends above the highest value, and goes below zero where values do', () => {
    const labels = labelsOf(chartScene(chart([curve('s', [-3, 6.5])]), WORDS));
    expect(labels).toEqual(expect.arrayContaining(['-4 u', '8 u', 't0', 't50', 't100']));
    expect(labelsOf(chartScene(chart([curve('s', [90])]), WORDS))).toEqual(
      expect.arrayContaining(['0 u', '100 u']),
    );
  });

  it('keeps every line within the picture', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 10 }),
        (values) => {
          const scene = chartScene(
            chart([curve('s', values)], { toMs: 10 * Math.max(1, values.length - 1) }),
            WORDS,
          );
          const points = scene.shapes.flatMap((shape) => ('points' in shape ? shape.points : []));
          const outside = points.filter(
            ([x, y]) => !(x >= 0 && x <= scene.width && y >= 0 && y <= scene.height),
          );
          expect(outside).toEqual([]);
        },
      ),
    );
  });

  it('ends at a round number', () => {
    const tops = [0, 0.7, 1, 3, 9.1, 100, 101].map((value) => niceTop(value, false));
    expect(tops).toEqual([1, 0.8, 1, 4, 10, 100, 200]);
    expect(niceTop(3_000_000_000, true)).toBe(2 ** 32);
  });
});

describe('a map of a pool', () => {
  it('names vdevs and disks, and marks what is out of service by frame and cross besides the colour', () => {
    const scene = sceneOf(POOL, WORDS);
    expect(labelsOf(scene)).toEqual([
      'pool tank  DEGRADED',
      '1 TiB of 2 TiB used (50 %)',
      'data: mirror-0  DEGRADED',
      ...['sda', 'ONLINE', 'sdb', 'FAULTED'],
      'spare',
      ...['sdc', 'AVAIL'],
    ]);
    expect(linesOf(scene)).toHaveLength(2);
    const borders = scene.shapes.flatMap((shape) => (shape.kind === 'box' ? [shape.borderWidth] : []));
    expect(borders.filter((width) => width === 3)).toHaveLength(1);
  });

  it.skipIf(!isInstalled)('of a thousand disks draws a part, says so, and stays small', async () => {
    const disks = Array.from({ length: 1000 }, (_, index) => ({
      name: `sd${index}`,
      status: 'ONLINE',
      errors: '',
    }));
    const large = { ...POOL, vdevs: [{ vdevClass: 'data', name: 'raidz2-0', status: 'ONLINE', disks }] };
    expect(labelsOf(sceneOf(large, WORDS))).toContain(`${1000 - MOST_DISKS} more disks are not drawn`);
    const image = await drawn(large, WORDS);
    expect('png' in image && image.png.byteLength).toBeLessThanOrEqual(MOST_BYTES);
  });
});

describe('hostile names', () => {
  const hostile = [
    '</svg><script>alert(1)</script>',
    '"><image href="http://evil/x"/>',
    '&lt;b&gt; &#60; ]]> <!--',
    "' onload='x'",
    '\u202Egnp.exe\u0000\n\r',
    'é Ü 漢字 🙂',
    '__proto__',
  ];

  it('are strokes: the picture holds boxes and paths alone, and no letter of any name', () => {
    for (const name of hostile) {
      const scenes = [
        sceneOf(chart([{ ...curve(name), figures: name }], { title: name, notes: [name] }), {
          value: () => name,
          moment: () => name,
        }),
        sceneOf(
          {
            ...POOL,
            ...{ title: name, status: name, space: name, notes: [name] },
            vdevs: [{ vdevClass: name, name, status: name, disks: [{ name, status: name, errors: name }] }],
          },
          WORDS,
        ),
      ];
      for (const scene of scenes)
        expect(svgOf(scene)).toMatch(
          /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [\w=". ]+>(?:<(?:rect|path) (?:[a-z-]+="[#\w. MLhZ-]*" ?)+\/>)+<\/svg>$/,
        );
    }
  });

  it('of any kind are drawn, and never wider than their room', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.integer({ min: 40, max: 800 }),
        (name, width) => {
          const text = fittingText(name, 8, width);
          expect(letteredWidth(text, 8)).toBeLessThanOrEqual(width + 8);
          for (const points of lettering(text, [0, 20], 8, 'start'))
            for (const [x, y] of points) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
        },
      ),
      {
        numRuns: 300,
        examples: [
          ['\u0000\u0000\uB355\u0000', 40],
          ['e\u0301'.repeat(40), 60],
        ],
      },
    );
  });

  it('that are letters of the keyboard have a form of their own each', () => {
    const letters = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(33 + index));
    const forms = letters.map((letter) => JSON.stringify(lettering(letter, [0, 0], 6, 'start')));
    expect(new Set(forms).size).toBe(94);
    expect(forms).not.toContain(JSON.stringify(lettering('漢', [0, 0], 6, 'start')));
  });
});

describe('the image', () => {
  it.skipIf(!isInstalled)('is a PNG on white with the colours that were drawn', async () => {
    const image = await drawn(chart([curve('s', [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5])]), WORDS);
    if (!('png' in image)) throw new Error(image.why);
    const { width, height, at } = decodedPng(image.png);
    expect(width).toBe(800);
    expect(at(2, 2)).toBe('#ffffff');
    const column = new Set(Array.from({ length: height }, (_, y) => at(400, y)));
    expect([...column].filter((colour) => /^#00[67]/.test(colour))).not.toEqual([]);
  });

  it.skipIf(!isInstalled)('has no line where nothing was measured', async () => {
    const values = [5, 5, 5, undefined, undefined, undefined, undefined, undefined, 5, 5, 5];
    const image = await drawn(chart([curve('s', values)]), WORDS);
    if (!('png' in image)) throw new Error(image.why);
    const { at } = decodedPng(image.png);
    const blue = (x: number) =>
      Array.from({ length: 240 }, (_, y) => at(x, 45 + y)).some((c) => /^#00[67]/.test(c));
    expect([blue(150), blue(435), blue(700)]).toEqual([true, false, true]);
  });

  it('of more colours than a palette has keeps to its size', () => {
    const pixels = new Uint8Array(64 * 64 * 4).map((_, index) => (index * 7919) % 256);
    const { width, height } = decodedPng(pngOf({ pixels, width: 64, height: 64 }));
    expect([width, height]).toEqual([64, 64]);
  });

  it('is told of in words where the optional package is not there, or fails', async () => {
    expect(await drawn(POOL, WORDS, () => Promise.resolve(undefined))).toEqual({
      why: expect.stringContaining('npm install @resvg/resvg-js') as string,
    });
    const Resvg = class {
      render(): never {
        throw new Error('out of memory');
      }
    };
    expect(await drawn(POOL, WORDS, () => Promise.resolve({ Resvg }))).toEqual({
      why: '(no image: it could not be drawn)',
    });
  });

  it('that would be too large is drawn smaller, and else told of', async () => {
    const widths: unknown[] = [];
    const noise = (size: number) =>
      class {
        constructor(_svg: string, options: Readonly<Record<string, unknown>>) {
          widths.push(options['fitTo']);
        }
        render() {
          let state = 1;
          const pixels = new Uint8Array(size * size * 4).map(() => {
            state = (state * 48_271) % 2_147_483_647;
            return state % 256;
          });
          return { pixels, width: size, height: size };
        }
      };
    expect(await drawn(POOL, WORDS, () => Promise.resolve({ Resvg: noise(600) }))).toEqual({
      why: '(no image: it would be too large; ask for less)',
    });
    expect(widths).toEqual([
      { mode: 'width', value: 800 },
      { mode: 'width', value: 400 },
    ]);
  });
});
