/** One answer of the NAS that is far too large for a model. */
import { heldBytes } from '../support/garbage.ts';
import { READ, startProgram } from './harness.ts';

/** The answer as the model sees it, and the memory that it retains. */
export interface GiantReport {
  /** The model got a text of a sensible length. */
  readonly isCut: boolean;
  /** The next call was answered, on the same connection. */
  readonly isAlive: boolean;
  /** Memory retained after it, in tenths of the answer. */
  readonly retainedTenths: number;
}

/** Lets the NAS answer a generic read with a text of so many megabytes. */
export async function giantAnswer(megabytes: number): Promise<GiantReport> {
  const program = await startProgram({ timeoutMs: 60_000 });
  const ask = () => program.ask('call_api_read', { method: 'system.info' });
  await ask();
  const before = await heldBytes();
  program.simulator.control.next('system.info', { kind: 'giant', megabytes });
  const seen = await ask();
  const next = await program.ask(READ);
  return {
    isCut: seen.text.length < 60_000,
    isAlive: !next.isError && program.nas.status().connections === 1,
    retainedTenths: Math.max(0, Math.floor((10 * ((await heldBytes()) - before)) / (megabytes * 1e6))),
  };
}
