/** Who answers the calls that are measured: our server, and a server by hand that asks the NAS the same. */
import { startSimulator } from 'truenas-simulator';
import { type Bench, nasEnvironment, type SimulatedNas } from './measurement.ts';
import type { ServerProcess } from './process.ts';
import { startServer } from './process.ts';

/** The tool that is called, of our server and of the one by hand. */
export const TOOL = { name: 'list_pools', arguments: {} };
export const RAW_TOOL = { name: 'raw', arguments: {} };

/** One API call of a NAS. */
export interface UpstreamCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** One that answers calls; `pid` where the processor time of its process can be told apart. */
export interface Contestant {
  readonly pid?: number;
  readonly call: () => Promise<unknown>;
}

/** A server process whose tool is called. A call that fails ends the measurement. */
export function asking(server: ServerProcess, tool: Record<string, unknown>): Contestant {
  return {
    pid: server.pid,
    async call() {
      const result = await server.request('tools/call', tool);
      if (result.isError === true) throw new Error(`the call failed: ${JSON.stringify(result)}`);
    },
  };
}

/** Makes `count` calls, so many at a time. */
export async function inFlight({ call }: Contestant, count: number, atOnce: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The environment of the server by hand. */
export function byHandEnvironment(nas: SimulatedNas, calls: readonly UpstreamCall[]): Record<string, string> {
  return { ...nasEnvironment(nas), RAW_CALLS: JSON.stringify(calls) };
}

/** The API calls that the tool makes once it is warm, read from a recording simulator. */
export async function upstreamCalls({ cli }: Bench): Promise<UpstreamCall[]> {
  const recorder = await startSimulator();
  const { server } = await startServer([cli, 'serve'], nasEnvironment(recorder));
  await server.request('tools/call', TOOL);
  const before = recorder.calls().length;
  await server.request('tools/call', TOOL);
  const recorded = recorder.calls().slice(before);
  await server.stop();
  await recorder.close();
  return recorded.map(({ method, params }) => ({ method, params }));
}
