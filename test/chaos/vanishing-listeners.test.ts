/** HTTP clients that listen and vanish. */
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { MODERN } from '../support/eras.ts';
import { ensureBuilt } from '../support/built.ts';
import { type CliProcess, serverEnv, startCli } from '../support/processes.ts';

let simulator: Simulator;
let child: CliProcess;
let url: string;
beforeAll(async () => {
  await ensureBuilt();
  simulator = await startSimulator({ delayScale: 0.01 });
  child = startCli(
    ['--http', '0'],
    serverEnv(
      { ...simulator, caFile: '' },
      { TRUENAS_HTTP_TOKEN: 'abcdefghijklmnopqrstuvwxyz0123456789abcdef' },
    ),
  );
  for (let turn = 0; turn < 50 && !child.stderr().includes('listening at'); turn += 1) await sleep(100);
  url = /http:\S+/.exec(child.stderr())?.[0] ?? '';
});
afterAll(async () => {
  child.process.kill('SIGKILL');
  await simulator.close();
});
const count = (method: string) => simulator.calls().filter((call) => call.method === method).length;

function post(method: string, params: Record<string, unknown>, name?: string) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...MODERN.envelope, ...params } });
  const request = httpRequest(url, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer abcdefghijklmnopqrstuvwxyz0123456789abcdef',
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(name === undefined ? {} : { 'Mcp-Name': name }),
    },
  });
  request.on('error', () => {});
  request.end(body);
  return request;
}

it('a listener that vanishes, at whatever moment, leaves no subscription on the NAS', async () => {
  for (let index = 0; index < 60; index += 1) {
    const request = post('subscriptions/listen', {
      notifications: { resourceSubscriptions: ['truenas://alerts'] },
    });
    request.on('response', (response) => response.resume().on('error', () => {}));
    await sleep(index % 20);
    request.destroy();
  }
  await sleep(800);
  expect(count('core.subscribe')).toBeGreaterThan(0);
  expect(count('core.subscribe') - count('core.unsubscribe')).toBe(0);
});
