/** A simulated NAS for one test, and a client that pins its certificate; both closed after the test. */
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import type { TrueNas, TrueNasOptions } from '../../../src/truenas/index.ts';
import type { Timings } from '../../../src/truenas/connection/timings.ts';
import { clientForTest, closers } from './client.ts';

export interface SimulatedNas {
  readonly simulator: Simulator;
  readonly nas: TrueNas;
}

export async function nasForTest(
  simulatorOptions: SimulatorOptions = {},
  options: Partial<TrueNasOptions> = {},
  timings: Partial<Timings> = {},
): Promise<SimulatedNas> {
  const simulator = await startSimulator({ delayScale: 0.01, ...simulatorOptions });
  closers.push(() => simulator.close());
  const nas = clientForTest(
    simulator.url,
    {
      apiKey: simulator.apiKey,
      username: simulator.username,
      tls: { fingerprintSha256: simulator.fingerprint },
      ...options,
    },
    timings,
  );
  return { simulator, nas };
}

/** How often a method reached the NAS. */
export function timesCalled(simulator: Simulator, method: string): number {
  return simulator.calls().filter((call) => call.method === method).length;
}
