/** `pool.*` on FreeBSD: rows without sizes, and members that are partitions by their GUID. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { doesNotExist } from '../../errors/exceptions.ts';
import type { GeliKey, GeliPool } from '../../world/legacy/core-state.ts';
import type { Pool } from '../../world/pools.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, fields } from '../legacy/base.ts';
import { coreTopology } from './topology.ts';

const FIELDS =
  'id name guid encrypt encryptkey path status scan topology healthy status_detail autotrim encryptkey_path is_decrypted';

const POOLS: CoreQuery = { namespace: 'pool', entity: 'Pool', rows: (context) => poolRows(context) };

export const POOL_METHODS: readonly SimMethod[] = [
  coreQuery(POOLS),
  coreInstance(POOLS),
  {
    name: 'pool.is_upgraded',
    description: 'True when all features of this version are on.',
    params: [['id', z.int()]],
    run: (context: MethodContext, id: number) => poolOf(context, id).isUpgraded,
  },
];

/** Rows of `pool.query`. */
export function poolRows(context: MethodContext): ApiRow[] {
  const { world } = context;
  const shown = baseRows(context, 'pool.query').map((row) => {
    const pool = world.pools.byName(String(row['name']));
    const topology = pool === undefined ? null : coreTopology(world, row['topology'] as ApiRow, pool);
    const key = world.legacy?.core?.geliKeys.get(String(row['name']));
    return fields(row, FIELDS, {
      ...{ encrypt: key?.encrypt ?? 0, encryptkey: key?.encryptkey ?? '', topology },
      ...{ encryptkey_path: key === undefined ? null : keyFile(key), is_decrypted: true },
    });
  });
  const locked = world.legacy?.core?.lockedPools ?? [];
  return [...shown, ...locked.map((pool) => lockedRow(pool))];
}

/** One whose disks are encrypted below ZFS, and that waits for its passphrase: nothing of it can be seen. */
function lockedRow(pool: GeliPool): ApiRow {
  const { id, name, guid, encryptkey, encrypt } = pool;
  return {
    ...{ id, name, guid, encrypt, encryptkey, path: `/mnt/${name}` },
    ...{ status: 'OFFLINE', scan: null, topology: null, healthy: false, status_detail: null },
    autotrim: { parsed: 'off', rawvalue: 'off', source: 'DEFAULT', value: 'off' },
    encryptkey_path: keyFile(pool),
    is_decrypted: false,
  };
}

function keyFile({ encryptkey }: GeliKey): string {
  return `/data/geli/${encryptkey}.key`;
}

function poolOf({ world }: MethodContext, id: number): Pool {
  const pool = world.pools.byId(id);
  if (pool === undefined) throw doesNotExist('Pool', id);
  return pool;
}
