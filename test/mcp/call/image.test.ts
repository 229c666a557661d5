/** `render: "image"`: an image beside the text, of the same figures, redacted before it is drawn. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from 'truenas-simulator';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { createRunner } from '../../../src/mcp/call/run.ts';
import type { Picture } from '../../../src/output/picture/picture.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import type { Tool } from '../../../src/tools/define.ts';
import { getPool } from '../../../src/tools/storage/get-pool.ts';
import { getMetrics } from '../../../src/tools/system/get-metrics.ts';
import { openTrueNas, silentLog, type TrueNas } from '../../../src/truenas/index.ts';
import { accessTo } from '../../support/access.ts';
import { decodedPng } from '../../support/png.ts';

/** The optional package; without it no image comes, and the text says why. */
const isInstalled = await import('@resvg/resvg-js').then(
  () => true,
  () => false,
);
let nas: Simulator;
let opened: TrueNas;
const drawn: Picture[] = [];

beforeAll(async () => {
  nas = await startSimulator({ delayScale: 0 });
  const { url, apiKey, username, fingerprint } = nas;
  const tls = { fingerprintSha256: fingerprint };
  opened = openTrueNas({ url, apiKey, username, tls, timeoutMs: 10_000, log: silentLog });
});
afterAll(async () => {
  await opened.close();
  await nas.close();
});

function isPicture(value: unknown): value is Picture {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

async function call(tool: Tool, args: Readonly<Record<string, unknown>>) {
  const run = createRunner({
    nas: accessTo(() => Promise.resolve(opened.read), createRedactor({ ownSecrets: [] })),
    redacted: (value) => {
      if (isPicture(value)) drawn.push(value);
      return value;
    },
    now: Date.now,
    log: silentLog,
    budgetTokens: 6000,
  });
  const subject = { kind: 'tool', tool } as const;
  const { content } = await run({
    subject,
    args,
    caller: LOCAL_CALLER,
    signal: new AbortController().signal,
  });
  return content;
}

const textOf = (content: readonly { readonly type: string }[]) => {
  const [block] = content;
  return block !== undefined && 'text' in block ? String(block.text) : '';
};

it.skipIf(!isInstalled).each<[string, Tool, Record<string, unknown>]>([
  ['curves', getMetrics, { metric: 'load', range: '24h' }],
  ['forty curves', getMetrics, { metric: 'disk' }],
  ['a map', getPool, { pool: 'backup' }],
])('%s come as a PNG after the text, which is the same without', async (_what, tool, args) => {
  const plain = await call(tool, args);
  expect(plain.map(({ type }) => type)).toEqual(['text']);
  const [text, image, ...more] = await call(tool, { ...args, render: 'image' });
  expect(more).toEqual([]);
  if (image?.type !== 'image') throw new Error('no image');
  expect(image.mimeType).toBe('image/png');
  expect(image.data.length).toBeLessThan(134_000);
  expect(decodedPng(Buffer.from(image.data, 'base64')).width).toBe(800);
  // The NAS measures on between two calls.
  const lines = (block: unknown) => JSON.stringify(block).split('\\n').length;
  expect(lines(text)).toBe(lines(plain[0]));
});

it('the curves have the figures of the text, and run through its extremes', async () => {
  drawn.length = 0;
  const text = textOf(await call(getMetrics, { metric: 'load', range: '24h', render: 'image' }));
  const [picture] = drawn;
  if (picture?.kind !== 'chart') throw new Error('no chart');
  const rows = text.split('\n').filter((line) => line.startsWith('over '));
  expect(picture.curves.map(({ name }) => name)).toEqual(rows.map((row) => row.slice(0, 11).trim()));
  for (const [index, { figures, points }] of picture.curves.entries()) {
    const [, max = '-', maxAt = '-'] = /max ([\d.]+) at (\d\d:\d\d)/.exec(figures) ?? [];
    expect(rows[index]).toMatch(new RegExp(`${max} +${maxAt}`));
    const high = Math.max(...points.map((point) => point.high));
    expect(figures).toContain(`max ${Number(high.toPrecision(3))}`);
    expect(points.length).toBeGreaterThan(200);
  }
});

it('the map shows every disk of the pool with its state', async () => {
  drawn.length = 0;
  const text = textOf(await call(getPool, { pool: 'backup', render: 'image' }));
  const [picture] = drawn;
  if (picture?.kind !== 'pool') throw new Error('no map');
  const disks = picture.vdevs.flatMap((vdev) => vdev.disks);
  expect(disks.length).toBeGreaterThan(1);
  for (const { name, status } of disks) expect(text).toMatch(new RegExp(`${name} ${status}`));
  expect(text).toContain(picture.space);
});
