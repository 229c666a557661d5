/** Whether a call that takes long holds up a fast one. */
import { startSimulator } from 'truenas-simulator';
import { compare, type Measurement, nasEnvironment } from './measurement.ts';
import { startServer } from './process.ts';
import { summarise } from './statistics.ts';

const SLOW = { name: 'list_alerts', arguments: {} };
const FAST = { name: 'list_services', arguments: {} };
const SLOW_MS = 3000;
const ROUNDS = 3;
const CALLS = 100;

export const busy: Measurement = {
  title: 'A fast call beside a slow one',
  method: `\`${FAST.name}\` while \`${SLOW.name}\` waits ${SLOW_MS / 1000} s for the NAS, against the same without; ${CALLS} calls each, taken in turns.`,
  async measure({ cli }) {
    const nas = await startSimulator();
    const { server } = await startServer([cli, 'serve'], nasEnvironment(nas));
    const fastCalls = async (): Promise<number[]> => {
      const samples: number[] = [];
      for (let call = 0; call < CALLS; call += 1) {
        const startedMs = performance.now();
        await server.request('tools/call', FAST);
        samples.push(performance.now() - startedMs);
      }
      return samples;
    };
    await fastCalls();
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(...(await fastCalls()));
      nas.control.next('alert.list', { kind: 'delay', ms: SLOW_MS });
      let isSlowDone = false;
      const slow = server.request('tools/call', SLOW).then(() => {
        isSlowDone = true;
      });
      const samples = await fastCalls();
      // On a machine so busy that the slow call ended meanwhile, the figures would say nothing.
      if (!isSlowDone) beside.push(...samples);
      await slow;
    }
    await server.stop();
    await nas.close();
    if (beside.length === 0) return [];
    const [with_, alone] = [summarise(beside), summarise(without)];
    return [
      compare('a fast call', 'ms', with_, 'no slow call', alone),
      {
        name: 'added by the slow call',
        unit: 'ms',
        ours: summarise([with_.median - alone.median]),
        goal: '≤ 5 ms',
      },
    ];
  },
};
