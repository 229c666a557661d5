/** What FreeBSD has that Linux has otherwise or not at all. */
import type { SharingTables } from './core-shares.ts';
import { createSharingTables } from './core-shares.ts';
import { createJails, type Jails } from './core-jails.ts';
import { createCoreSettings, type CoreSettings } from './core-settings.ts';
import { createCoreTunables, type CoreTunable } from './core-tunables.ts';
import { guidOf, type Random } from '../random.ts';
import type { Table } from '../table.ts';

/** Encryption of a pool's disks, below ZFS. */
export interface GeliKey {
  /** 1: by a key, 2: by key and passphrase. */
  readonly encrypt: 1 | 2;
  /** UUID, the name of the key file. */
  readonly encryptkey: string;
}

/** A pool of encrypted disks that is locked: nothing of it can be seen. */
export interface GeliPool extends GeliKey {
  readonly id: number;
  readonly name: string;
  readonly guid: string;
}

/** State of a FreeBSD release. */
export interface CoreState {
  /** Answers of `disk.temperatures` are kept, whatever disks they were about. */
  temperatures: { readonly untilMs: number; readonly answer: Readonly<Record<string, number | null>> } | null;
  readonly lockedPools: readonly GeliPool[];
  /** Open pools of encrypted disks, by name. */
  readonly geliKeys: ReadonlyMap<string, GeliKey>;
  readonly sharing: SharingTables;
  readonly jails: Jails;
  readonly settings: CoreSettings;
  readonly tunables: Table<CoreTunable>;
  /** True for a machine with a lot that cannot be taken along. */
  readonly hasTroubles: boolean;
}

/** Id of a pool that no other has. */
const LOCKED_POOL_ID = 90;

/** What it is made for. */
export interface CorePlan {
  /** Adds what stands in the way of leaving it. */
  readonly hasTroubles: boolean;
  /** Names of the data pools. */
  readonly poolNames: readonly string[];
  /** Directories of the first one that can be shared. */
  readonly directories: readonly string[];
}

/** Makes it. */
export function createCoreState(random: Random, plan: CorePlan): CoreState {
  const { hasTroubles, poolNames } = plan;
  const keys = random.fork('geli');
  const vault: GeliPool = {
    ...{ id: LOCKED_POOL_ID, name: 'vault', guid: guidOf('vault'), encrypt: 2, encryptkey: keys.uuid() },
  };
  const [first, second] = poolNames;
  const geliKeys = new Map<string, GeliKey>();
  if (hasTroubles && second !== undefined) geliKeys.set(second, { encrypt: 1, encryptkey: keys.uuid() });
  const directories = hasTroubles ? plan.directories : [];
  return {
    temperatures: null,
    lockedPools: hasTroubles ? [vault] : [],
    geliKeys,
    sharing: createSharingTables(directories),
    jails: createJails(random.fork('jails'), hasTroubles ? (first ?? null) : null),
    settings: createCoreSettings(random.fork('settings'), directories[0]),
    tunables: createCoreTunables(hasTroubles),
    hasTroubles,
  };
}
