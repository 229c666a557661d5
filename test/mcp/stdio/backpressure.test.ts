/** A client that writes and does not read: its unread answers are bounded, and its end is noticed. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createServerFactory } from '../../../src/mcp/server.ts';
import { serveOnStdio } from '../../../src/mcp/stdio/serve.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS, registryOf } from '../../support/registry.ts';
import { silentLog } from '../../../src/truenas/index.ts';
import { LEGACY } from '../../support/eras.ts';

const redactor = createRedactor({ ownSecrets: [] });
const factory = () =>
  createServerFactory({
    version: '2.0.0',
    tools: registryOf(ALL_TOOLS),
    nas: accessTo(() => Promise.reject(new Error('none')), redactor),
    redactor,
    log: silentLog,
    maxResultTokens: 6000,
  });
const line = (message: Record<string, unknown>) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const init =
  line({ id: 0, method: 'initialize', params: LEGACY.hello.params }) +
  line({ method: 'notifications/initialized' });
const list = (id: number) => line({ id, method: 'tools/list' });

it('the end of the input is noticed while the server does not read, though the client reads nothing', async () => {
  const stdout = new Writable({
    highWaterMark: 65536,
    write() {
      /* never read */
    },
  });
  const stdin = new PassThrough({ highWaterMark: 65536 });
  const service = serveOnStdio(factory(), { stdin, stdout }, silentLog);
  let ended = false;
  void service.ended.then(() => {
    ended = true;
  });
  stdin.write(init);
  let id = 1;
  for (let round = 0; round < 400; round += 1) {
    let text = '';
    for (let i = 0; i < 5; i += 1) text += list(id++);
    stdin.write(text);
    await new Promise((r) => setTimeout(r, 1));
  }
  for (let i = 0; i < 3000; i += 1) stdin.write(list(id++));
  await new Promise((r) => setTimeout(r, 300));
  stdin.end();
  await expect.poll(() => ended, { timeout: 20_000 }).toBe(true);
  await service.close();
}, 30_000);

it('answers to the requests of one chunk stop while the client does not read', async () => {
  const stdout = new Writable({ highWaterMark: 65536, write() {} });
  const stdin = new PassThrough({ highWaterMark: 65536 });
  const service = serveOnStdio(factory(), { stdin, stdout }, silentLog);
  stdin.write(init);
  await new Promise((r) => setTimeout(r, 300));
  let id = 1;
  for (let i = 0; i < 20; i += 1) {
    let t = '';
    while (t.length < 65000) t += list(id++);
    stdin.write(t);
  }
  await new Promise((r) => setTimeout(r, 1500));
  expect(stdout.writableLength).toBeLessThan(16e6);
  await service.close();
}, 30_000);
