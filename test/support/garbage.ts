/** Tells what is still held after everything else was collected. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many of these objects something still holds. */
export async function stillHeld(objects: readonly WeakRef<object>[]): Promise<number> {
  await collect();
  return objects.filter((object) => object.deref() !== undefined).length;
}

/** Bytes held by this process, buffers included. */
export async function heldBytes(): Promise<number> {
  await collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const run = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    // What a WeakRef was asked for in a turn is held until the turn ends.
    await sleep(10);
    run();
  }
}
