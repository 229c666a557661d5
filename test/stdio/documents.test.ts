import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { serverEnv } from '../support/processes.ts';

beforeAll(() => ensureBuilt());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A NAS of this process, so that the test can change it, and how to start the built server on it. */
async function nasAndServer() {
  const simulator = await startSimulator({ delayScale: 0.01 });
  closers.push(() => simulator.close());
  const env = serverEnv({ ...simulator, caFile: '' });
  return {
    simulator,
    command: { command: process.execPath, args: [builtCli], env, stderr: 'ignore' as const },
  };
}

/** Resolves when the alerts have been read for a watch, so that a change from now on is told. */
async function watched(simulator: Simulator): Promise<void> {
  const isWatched = () =>
    ['core.subscribe', 'alert.list'].every((name) => simulator.calls().some(({ method }) => method === name));
  while (!isWatched()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** All alerts are gone, and the NAS says that something happened. */
function clearAlerts({ control }: Simulator): void {
  control.next('alert.list', { kind: 'result', result: [] }, 100);
  control.publish({ collection: 'alert.list', msg: 'removed', id: 'x' });
}

describe('the built server over stdio', () => {
  it('tells a client of 2026-07-28 that listens', async () => {
    const { simulator, command } = await nasAndServer();
    const client = new Client(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    closers.push(() => client.close());
    await client.connect(new StdioClientTransport(command));
    const told = new Promise<string>((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri));
    });
    await client.listen({ resourceSubscriptions: ['truenas://alerts'] });
    await watched(simulator);
    clearAlerts(simulator);
    expect(await told).toBe('truenas://alerts');
  });

  it('tells a v1 client that subscribed, reads to it, and gives it a prompt', async () => {
    const { simulator, command } = await nasAndServer();
    const client = new ClientV1({ name: 'test', version: '1' });
    closers.push(() => client.close());
    await client.connect(new StdioClientTransportV1(command));
    const told = new Promise<string>((resolve) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri));
    });
    await client.subscribeResource({ uri: 'truenas://alerts' });
    await watched(simulator);
    clearAlerts(simulator);
    expect(await told).toBe('truenas://alerts');
    const { contents } = await client.readResource({ uri: 'truenas://alerts' });
    expect(contents).toEqual([{ uri: 'truenas://alerts', mimeType: 'text/plain', text: 'No alerts.' }]);
    const { messages } = await client.getPrompt({ name: 'health_check' });
    expect(messages).toHaveLength(1);
    await expect(client.readResource({ uri: 'truenas://nothing' })).rejects.toMatchObject({ code: -32_602 });
  });
});
