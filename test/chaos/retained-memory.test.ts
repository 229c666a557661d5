/** Requests retain no memory, however new their words: a server runs for months. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { ensureBuilt } from '../support/built.ts';
import { type Era, ERAS } from '../support/eras.ts';
import { type McpLine, mcpLine } from '../support/mcp-line.ts';
import { type CliProcess, serverEnv, startCli } from '../support/processes.ts';
import { isNightly } from 'truenas-simulator/testing/nightly';
import { READ, until } from './harness.ts';

const tellHeap = fileURLToPath(new URL('../support/tell-heap.cjs', import.meta.url));

const ROUND = 800;
const MOST_ROUNDS = 8;
const IN_FLIGHT = 8;
/** Noise of the measurement, per request; a forgotten listener or timer retains a kilobyte. */
const MOST_RETAINED_BYTES = 400;

type Ask = (line: McpLine, index: number) => Promise<unknown>;

const call =
  (name: string, args: (index: number) => Record<string, unknown>): Ask =>
  (line, index) =>
    line.request('tools/call', { name, arguments: args(index) });

const REQUESTS: Readonly<Record<string, Ask>> = {
  'a list': call(READ, () => ({})),
  'a dataset that does not exist': call('get_dataset', (index) => ({ dataset: `tank/none-${index}` })),
  'a search': call('search_api', (index) => ({ query: `what is number ${index}` })),
  'a generic read': call('call_api_read', (index) => ({
    method: 'pool.query',
    params: [[['name', '=', `none-${index}`]], { limit: 1 }],
  })),
  'an unknown tool': (line, index) => call(`tool_${index}`, () => ({}))(line, index),
  'a resource': (line) => line.request('resources/read', { uri: 'truenas://pool/tank' }),
  'a resource that does not exist': (line, index) =>
    line.request('resources/read', { uri: `truenas://pool/none-${index}` }),
  'a prompt': (line, index) =>
    line.request('prompts/get', { name: 'capacity_plan', arguments: { pool: `none-${index}` } }),
  'a completion': (line, index) =>
    line.request('completion/complete', {
      ref: { type: 'ref/prompt', name: 'capacity_plan' },
      argument: { name: 'pool', value: `t${index}` },
    }),
  'a call that is cancelled': async (line) => {
    const id = line.send('tools/call', { name: READ, arguments: {} });
    line.notify('notifications/cancelled', { requestId: id });
    await line.request('prompts/list');
  },
};

/** How clients of a revision subscribe, and stop. */
function subscribing(revision: string): Ask {
  if (revision === '2025-11-25') {
    return async (line, index) => {
      const uri = resourceOf(index);
      await line.request('resources/subscribe', { uri });
      await line.request('resources/unsubscribe', { uri });
    };
  }
  return async (line, index) => {
    const id = line.send('subscriptions/listen', {
      notifications: { resourceSubscriptions: [resourceOf(index)] },
    });
    await line.request('prompts/list');
    line.notify('notifications/cancelled', { requestId: id });
    await line.request('prompts/list');
  };
}

function order(revision: string): number {
  return ERAS.findIndex(([each]) => each === revision);
}

function resourceOf(index: number): string {
  return index % 2 === 0 ? 'truenas://alerts' : `truenas://pool/none-${index}`;
}

beforeAll(ensureBuilt);

// Windows has no such signal.
describe.skipIf(process.platform === 'win32').each(ERAS)('over stdio, %s', (revision, era) => {
  let simulator: Simulator;
  let child: CliProcess;
  let line: McpLine;

  beforeAll(async () => {
    ({ simulator, child, line } = await start(era));
  });
  afterAll(async () => {
    child.process.kill('SIGKILL');
    await child.ended;
    await simulator.close();
  });

  // What retains memory lies behind the revision: each kind of request is tried in one of them, and nightly in both.
  const own = Object.entries(REQUESTS).filter(
    (_request, index) => isNightly || index % ERAS.length === order(revision),
  );
  it.each([...own, ['a subscription', subscribing(revision)] as const])('%s', async (_what, ask) => {
    const retained: number[] = [];
    let asked = 0;
    let before = await heldBytes();
    // A leak shows in every round; what the engine compiles, or a bounded cache holds, only in the first ones.
    while (retained.length < MOST_ROUNDS && !retained.some((bytes) => bytes < MOST_RETAINED_BYTES)) {
      await askOften(ask, asked, ROUND);
      asked += ROUND;
      const after = await heldBytes();
      retained.push((after - before) / ROUND);
      before = after;
    }
    expect(
      Math.min(...retained),
      `bytes retained per request: ${retained.map(Math.round).join(', ')}`,
    ).toBeLessThan(MOST_RETAINED_BYTES);
  });

  async function askOften(ask: Ask, from: number, count: number): Promise<void> {
    let next = from;
    const asking = async () => {
      while (next < from + count) {
        next += 1;
        await ask(line, next);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, asking));
    await untilQuiet();
  }

  /** Work goes on after an answer: a subscription is closed on the NAS, a cancelled call let go of. */
  async function untilQuiet(): Promise<void> {
    for (let seen = -1; seen !== simulator.calls().length; await sleep(60)) seen = simulator.calls().length;
  }

  async function heldBytes(): Promise<number> {
    const told = () => [...child.stderr().matchAll(/^held (\d+)$/gm)];
    const known = told().length;
    child.process.kill('SIGUSR2');
    await until(() => told().length > known, 'the server tells what it holds');
    return Number(told().at(-1)?.[1]);
  }
});

async function start(era: Era) {
  const simulator = await startSimulator({ delayScale: 0.01 });
  // In quotes: there may be spaces in the path.
  const env = serverEnv(
    { ...simulator, caFile: '' },
    { NODE_OPTIONS: `--require ${JSON.stringify(tellHeap)}` },
  );
  const child = startCli([], env);
  const line = mcpLine(child, era);
  await line.initialize();
  return { simulator, child, line };
}
