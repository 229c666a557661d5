/** What FreeBSD has that Linux has otherwise or not at all. */
import { guidOf, type Random } from '../random.ts';

/** A pool whose disks are encrypted below ZFS, and that is locked. */
export interface GeliPool {
  readonly id: number;
  readonly name: string;
  readonly guid: string;
  /** 1: by a key, 2: by key and passphrase. */
  readonly encrypt: 1 | 2;
  readonly encryptkey: string;
}

/** State of a FreeBSD release. */
export interface CoreState {
  /** Answers of `disk.temperatures` are kept, whatever disks they were about. */
  temperatures: { readonly untilMs: number; readonly answer: Readonly<Record<string, number | null>> } | null;
  readonly geliPools: readonly GeliPool[];
  /** Names of pools that are encrypted below ZFS, and open. */
  readonly geliOpen: readonly string[];
}

/** Id of a pool that no other has. */
const GELI_POOL_ID = 90;

/** Makes it; `hasTroubles` adds what stands in the way of leaving it. */
export function createCoreState(random: Random, hasTroubles: boolean): CoreState {
  const vault: GeliPool = {
    ...{ id: GELI_POOL_ID, name: 'vault', guid: guidOf('vault'), encrypt: 2 },
    encryptkey: random.fork('geli').uuid(),
  };
  return { temperatures: null, geliPools: hasTroubles ? [vault] : [], geliOpen: [] };
}
