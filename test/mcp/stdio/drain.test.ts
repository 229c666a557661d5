/** How the serving over standard streams comes to its end while requests are under way. */
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { finish } from '../../../src/cli/shutdown.ts';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { serveOnStdio } from '../../../src/mcp/stdio/serve.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { defineTool } from '../../../src/tools/define.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { silentLog } from '../../../src/truenas/log.ts';
import { accessTo } from '../../support/access.ts';
import { registryOf } from '../../support/registry.ts';
import { ERAS, type Era, LEGACY, MODERN } from '../../support/eras.ts';

/** Lets the tools under way come to an end. */
let release: () => void = () => undefined;
afterEach(() => release());

function stubbornTool(begun: () => void) {
  return defineTool({
    name: 'stubborn',
    toolset: 'system',
    title: 'Stubborn',
    description: 'Ends when the test says so, whatever it is told.',
    input: z.strictObject({}),
    output: z.object({}),
    uses: [],
    examples: [{ args: {}, why: 'the only call' }],
    run: async () => {
      begun();
      await new Promise<void>((resolve) => {
        const before = release;
        release = () => {
          before();
          resolve();
        };
      });
      return { text: 'late', data: {} };
    },
  });
}

const redactor = createRedactor({ ownSecrets: [] });
const NAS: ReadClient = {
  call: async () => null,
  has: async () => true,
  release: async () => ({ family: '25.10', version: '25.10.0' }),
};

/** A served pipe with so many calls under way, none of which will end by itself. */
async function underWay(era: Era, calls: number, stdout = new PassThrough({ highWaterMark: 1 << 24 })) {
  const messages: { id?: number; error?: { message: string }; result?: unknown }[] = [];
  stdout.on('data', (bytes: Buffer) => {
    for (const line of bytes.toString().trim().split('\n')) messages.push(JSON.parse(line) as object);
  });
  let begun = 0;
  const factory = createServerFactory({
    version: '2.0.0',
    tools: registryOf([stubbornTool(() => (begun += 1))]),
    nas: accessTo(async () => NAS, redactor),
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
  });
  const stdin = new PassThrough();
  const service = serveOnStdio(factory, { stdin, stdout }, silentLog);
  const send = (id: number, method: string, params: object) =>
    stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...era.envelope, ...params } })}\n`,
    );
  send(0, era.hello.method, era.hello.params);
  await expect.poll(() => messages.length).toBe(1);
  for (let id = 1; id <= calls; id += 1) send(id, 'tools/call', { name: 'stubborn', arguments: {} });
  await expect.poll(() => begun).toBe(calls);
  return { service, stdin, stdout, send, messages: () => messages.slice(1) };
}

describe.each(ERAS)('an end with calls of %s under way', (_revision, era) => {
  it('tells each that does not end in time that nobody knows what became of it, and says nothing after', async () => {
    const { service, messages } = await underWay(era, 100);
    await finish(service, { close: async () => undefined });
    await expect.poll(() => messages().length).toBe(100);
    expect(new Set(messages().map(({ id }) => id)).size).toBe(100);
    expect(new Set(messages().map(({ error }) => error?.message))).toEqual(
      new Set([expect.stringMatching(/server is ending.*not known/)]),
    );
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(messages()).toHaveLength(100);
  });

  it('comes, though the client reads nothing any more', async () => {
    const { service, stdout } = await underWay(era, 100);
    stdout.pause();
    await finish(service, { close: async () => undefined });
    expect(stdout.readableLength).toBeGreaterThan(0);
  });
});

describe('nothing is waited for', () => {
  it.each(ERAS)(
    'of a call of %s that was cancelled, nor is it answered at the end',
    async (_revision, era) => {
      const { service, stdin, messages } = await underWay(era, 1);
      const params = { ...era.envelope, requestId: 1, reason: 'changed my mind' };
      stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })}\n`);
      await new Promise((resolve) => setImmediate(resolve));
      await service.drained(600_000);
      await service.close();
      expect(messages()).toEqual([]);
    },
  );

  it('of a subscription, which is open until somebody closes it', async () => {
    const { service, send, messages } = await underWay(MODERN, 0);
    send(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    await expect.poll(() => messages().length).toBe(1);
    await service.drained(600_000);
    await service.close();
  });
});

it('many answers that wait for a slow reader are no leak of listeners', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on('warning', note);
  const { service, messages } = await underWay(LEGACY, 50, new PassThrough({ highWaterMark: 1 }));
  release();
  await expect.poll(() => messages().length).toBe(50);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).not.toContain('MaxListenersExceededWarning');
  await service.close();
});
