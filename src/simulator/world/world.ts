/** The state of the simulated NAS. */
import type { SimRelease } from '../releases.ts';

/** What a world is grown from. */
export interface WorldOptions {
  readonly seed: number;
  readonly release: SimRelease;
  readonly datasets?: number | undefined;
  readonly snapshots?: number | undefined;
  readonly now: () => number;
}

/** The state of the simulated NAS. */
export interface World {
  readonly release: SimRelease;
}

/** Grows a world from its seed. */
export function createWorld(options: WorldOptions): World {
  return { release: options.release };
}
