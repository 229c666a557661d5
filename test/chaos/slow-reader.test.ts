/** A client that asks for much, closes its end and reads late gets every answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { LEGACY } from '../support/eras.ts';
import { serverEnv } from '../support/processes.ts';

let simulator: Simulator;
beforeAll(async () => {
  await ensureBuilt();
  simulator = await startSimulator({ delayScale: 0.01 });
});
afterAll(() => simulator.close());

it.each([true, false])(
  'a client that closes its end gets every answer (reads while it asks: %s)',
  async (isReading) => {
    const child = spawn(process.execPath, [builtCli], {
      env: serverEnv({ ...simulator, caFile: '' }),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let answers = 0;
    const read = () =>
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        answers += text.split('\n').length - 1;
      });
    if (isReading) read();
    child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: LEGACY.hello.params })}\n`,
    );
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    for (let id = 1; id <= 600; id += 1)
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list' })}\n`);
    if (isReading) child.stdin.end();
    else {
      await sleep(700);
      read();
      await sleep(700);
      child.stdin.end();
    }
    await once(child, 'close');
    expect(answers).toBe(601);
  },
);
