/** A NAS whose every answer is written by hand: rows in shapes that TrueNAS sends and the simulator does not. */
import type { ReadClient, WireValue } from '../../../src/truenas/index.ts';
import { NOW_MS, runTool, toolNamed } from '../../support/tools.ts';

const DAY = 86_400_000;

/** A date before the tests' clock. */
export const ago = (days: number): Date => new Date(NOW_MS - days * DAY);

/** Answers by method; what is not there answers with an empty list. */
export type Answers = Record<string, WireValue | ((params: readonly WireValue[]) => WireValue)>;

/** A NAS in perfect health, with single answers replaced. */
export function nasWith(answers: Answers, release = '25.10'): ReadClient {
  const all: Answers = {
    'system.info': {
      hostname: 'nas',
      version: `TrueNAS-${release}.1`,
      uptime_seconds: 90_000,
      physmem: 64 * 1024 ** 3,
    },
    'pool.query': [],
    'boot.get_state': {
      name: 'boot-pool',
      status: 'ONLINE',
      healthy: true,
      warning: false,
      size: 100,
      allocated: 10,
      free: 90,
      scan: null,
      topology: { data: [], log: [], cache: [], spare: [], special: [], dedup: [] },
    },
    'alert.list': [],
    'disk.temperatures': { sda: 35 },
    'service.query': [],
    ...answers,
  };
  return {
    release: async () => ({ family: release, version: `TrueNAS-${release}.1` }),
    has: async () => true,
    call: async (method: string, params: readonly WireValue[] = []) => {
      const answer = all[method] ?? [];
      return typeof answer === 'function' ? answer(params) : answer;
    },
  } as unknown as ReadClient;
}

/** Runs a tool on it. */
export const ask = async (
  answers: Answers,
  tool: string,
  args: Record<string, unknown> = {},
  release = '25.10',
) => runTool(nasWith(answers, release), toolNamed(tool), args);

const stats = (r = 0, w = 0, c = 0) => ({
  read_errors: r,
  write_errors: w,
  checksum_errors: c,
  size: 0,
  allocated: 0,
});

/** A disk of a vdev; without a name it is gone. */
export const leaf = (
  disk: string | null,
  status = 'ONLINE',
  more: Record<string, WireValue> = {},
): WireValue => ({
  name: disk === null ? '9154337582071534917' : `4f8e0a3c-${disk}`,
  type: 'DISK',
  path: `/dev/disk/by-partuuid/4f8e0a3c-${disk}`,
  guid: '9154337582071534917',
  status,
  stats: stats(),
  children: [],
  device: disk === null ? null : `${disk}1`,
  disk,
  unavail_disk: null,
  ...more,
});

/** A vdev with members. */
export const vdev = (
  name: string,
  type: string,
  status: string,
  children: WireValue[],
  more: Record<string, WireValue> = {},
): WireValue => ({
  name,
  type,
  path: null,
  guid: '1',
  status,
  stats: stats(),
  children,
  device: null,
  disk: null,
  unavail_disk: null,
  ...more,
});

/** A row of `pool.query`, in perfect health. */
export const pool = (
  more: Record<string, WireValue> = {},
  topology: Record<string, WireValue> = {},
): WireValue => ({
  id: 1,
  name: 'tank',
  guid: '77',
  status: 'ONLINE',
  path: '/mnt/tank',
  healthy: true,
  warning: false,
  status_code: 'OK',
  status_detail: null,
  size: 12 * 1024 ** 4,
  allocated: 6 * 1024 ** 4,
  free: 6 * 1024 ** 4,
  fragmentation: '4',
  autotrim: { value: 'off', rawvalue: 'off', parsed: false, source: 'DEFAULT' },
  expand: null,
  scan: {
    function: 'SCRUB',
    state: 'FINISHED',
    start_time: ago(8),
    end_time: ago(7),
    percentage: 100,
    errors: 0,
    pause: null,
    bytes_to_process: 1,
    bytes_processed: 1,
    bytes_issued: 1,
    total_secs_left: null,
  },
  topology: { data: [], log: [], cache: [], spare: [], special: [], dedup: [], ...topology },
  ...more,
});
