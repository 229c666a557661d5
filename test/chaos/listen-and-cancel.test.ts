/** A client that cancels a subscription before it was acknowledged: both are done in the order in which they were sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { ensureBuilt } from '../support/built.ts';
import { LEGACY, MODERN } from '../support/eras.ts';
import { mcpLine } from '../support/mcp-line.ts';
import { type CliProcess, serverEnv, startCli } from '../support/processes.ts';

let simulator: Simulator;
let child: CliProcess;

beforeAll(ensureBuilt);
beforeEach(async () => {
  simulator = await startSimulator({ delayScale: 0.01 });
  child = startCli([], serverEnv({ ...simulator, caFile: '' }));
});
afterEach(async () => {
  child.process.kill('SIGKILL');
  await child.ended;
  await simulator.close();
});

const count = (method: string) => simulator.calls().filter((call) => call.method === method).length;

/** Subscriptions still open on the NAS, once no more calls arrive there. */
async function leftSubscribed(): Promise<number> {
  for (let seen = -1; seen !== simulator.calls().length; await sleep(300)) seen = simulator.calls().length;
  return count('core.subscribe') - count('core.unsubscribe');
}

it('resources/subscribe and unsubscribe leave no subscription on the NAS', async () => {
  const line = mcpLine(child, LEGACY);
  await line.initialize();
  child.process.stdin.cork();
  const asked = [
    line.send('resources/subscribe', { uri: 'truenas://alerts' }),
    line.send('resources/unsubscribe', { uri: 'truenas://alerts' }),
  ];
  child.process.stdin.uncork();
  await Promise.all(asked.map((id) => line.reply(id)));
  expect(await leftSubscribed()).toBe(0);
});

it('subscriptions/listen and its cancellation leave no subscription on the NAS', async () => {
  const line = mcpLine(child, MODERN);
  await line.initialize();
  child.process.stdin.cork();
  const id = line.send('subscriptions/listen', {
    notifications: { resourceSubscriptions: ['truenas://alerts'] },
  });
  line.notify('notifications/cancelled', { requestId: id });
  child.process.stdin.uncork();
  await line.request('prompts/list');
  expect(await leftSubscribed()).toBe(0);
});
