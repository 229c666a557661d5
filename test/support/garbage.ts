/** Tells what is still held after everything else was collected. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many of these objects something still holds. */
export async function stillHeld(objects: readonly WeakRef<object>[]): Promise<number> {
  // What a WeakRef was asked for in a turn is held until the turn ends.
  await sleep(10);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return objects.filter((object) => object.deref() !== undefined).length;
}
