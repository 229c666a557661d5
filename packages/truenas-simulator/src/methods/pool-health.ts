/** What a pool says of its health: status code, its text, and the two flags that each release derives in its own way. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import { isScanning, type Member, type Pool, poolState, type Vdev } from '../world/pools.ts';

/** The status codes that the simulated pools can have. */
type StatusCode = 'OK' | 'RESILVERING' | 'FAULTED_DEV_R' | 'FAILING_DEV' | 'OFFLINE_DEV' | 'FEAT_DISABLED';

/** The four fields of `pool.query` about health. */
export interface PoolHealth {
  readonly healthy: boolean;
  readonly warning: boolean;
  readonly status_code: StatusCode;
  readonly status_detail: string | null;
}

/** Codes that 25.x warns of and still calls healthy. It calls every other code but OK unhealthy, without a warning. */
const HARMLESS: readonly StatusCode[] = ['RESILVERING', 'FEAT_DISABLED'];

/** Codes that 27.0 warns of: errors that an administrator can put right. Healthy is there what is ONLINE. */
const RECOVERABLE: readonly StatusCode[] = ['FAULTED_DEV_R', 'FAILING_DEV'];

const DETAILS: Readonly<Record<StatusCode, string | null>> = {
  OK: null,
  RESILVERING:
    'One or more devices is currently being resilvered. ' +
    'The pool will continue to function, possibly in a degraded state.',
  FAULTED_DEV_R:
    'One or more devices are faulted in response to persistent errors. ' +
    'Sufficient replicas exist for the pool to continue functioning in a degraded state.',
  FAILING_DEV:
    'One or more devices has experienced an unrecoverable error. ' +
    'An attempt was made to correct the error. Applications are unaffected.',
  OFFLINE_DEV:
    'One or more devices has been taken offline by the administrator. ' +
    'Sufficient replicas exist for the pool to continue functioning in a degraded state.',
  FEAT_DISABLED:
    'Some supported features are not enabled on the pool. ' +
    'The pool can still be used, but some features are unavailable.',
};

/** Where the texts of 27.0 differ: other words, and two spaces after some sentences. */
const DETAILS_27: Partial<typeof DETAILS> = {
  RESILVERING:
    'One or more devices is currently being resilvered.  ' +
    'The pool will continue to function, possibly in a degraded state.',
  FAILING_DEV:
    'One or more devices has experienced an unrecoverable error.  ' +
    'An attempt was made to correct the error.  Applications are unaffected.',
  FEAT_DISABLED:
    'Some supported and requested features are not enabled on the pool. ' +
    'The pool can still be used, but some features are unavailable.',
};

/** Health of a pool as its release tells it. */
export function poolHealth(release: SimRelease, pool: Pool, nowMs: number): PoolHealth {
  const code = statusCode(pool, nowMs);
  if (!isAtLeast(release, '27.0')) {
    return {
      healthy: code === 'OK' || HARMLESS.includes(code),
      warning: HARMLESS.includes(code),
      status_code: code,
      status_detail: DETAILS[code],
    };
  }
  return {
    healthy: poolState(pool) === 'ONLINE',
    warning: RECOVERABLE.includes(code),
    status_code: code,
    status_detail: DETAILS_27[code] ?? DETAILS[code],
  };
}

/** The first that applies, in the order in which ZFS looks. */
function statusCode(pool: Pool, nowMs: number): StatusCode {
  if (pool.scan?.kind === 'RESILVER' && isScanning(pool, nowMs)) return 'RESILVERING';
  const members = pool.vdevs.flatMap(leaves);
  if (members.some(({ state }) => state === 'FAULTED')) return 'FAULTED_DEV_R';
  if (members.some(hasErrors)) return 'FAILING_DEV';
  if (members.some(({ state }) => state === 'OFFLINE')) return 'OFFLINE_DEV';
  return pool.isUpgraded ? 'OK' : 'FEAT_DISABLED';
}

/** Disks of a vdev; trouble of one that is being replaced is being cured, and does not count. */
function leaves({ members }: Vdev): readonly Member[] {
  return members.filter(({ replacement }) => replacement === null);
}

function hasErrors({ readErrors, writeErrors, checksumErrors }: Member): boolean {
  return readErrors + writeErrors + checksumErrors > 0;
}
