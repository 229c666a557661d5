/** `pool.*`: the pools themselves, their scrubs and scrub tasks, and the boot pool. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { attachmentsOf } from '../world/attachments.ts';
import { followScrub } from '../world/history.ts';
import { diskNames, isScanning, type Pool, startScan } from '../world/pools.ts';
import type { Task } from '../world/tasks.ts';
import { DAY_MS } from '../world/units.ts';
import { type Options, ONLY_25_04, ONLY_27_0, readable, refuse, SINCE_25_10 } from './common.ts';
import { crud, optional, required } from './crud.ts';
import { attachmentRow } from './dataset-info.ts';
import { announceScan, poolById } from './pool-common.ts';
import { POOL_DISK_METHODS } from './pool-disks.ts';
import { POOL_EXPORT_METHODS } from './pool-export.ts';
import { POOL_IMPORT_METHODS } from './pool-import.ts';
import { allocatedBytes, poolRow } from './pool-row.ts';
import { scheduleModel } from './schedule.ts';

const read = ['POOL_READ'];
const byId = [['id', z.int()]] as const;

const SCRUB_ACTIONS = ['START', 'STOP', 'PAUSE'] as const;
type ScrubAction = (typeof SCRUB_ACTIONS)[number];

const WEEKLY = { minute: '00', hour: '00', dom: '*', month: '*', dow: '7' } as const;
const scrubSchedule = scheduleModel('ScrubSchedule', WEEKLY);

const scrubTasks = crud<Task>({
  namespace: 'pool.scrub',
  entity: 'PoolScrub',
  idParam: 'id_',
  what: 'scrub tasks',
  roles: ['POOL_SCRUB_READ'],
  writeRoles: ['POOL_SCRUB_WRITE'],
  fields: {
    pool: required(z.int().positive()),
    threshold: optional(z.int().min(0), 35),
    description: optional(text(), ''),
    schedule: optional(scrubSchedule, WEEKLY),
    enabled: optional(z.boolean(), true),
  },
  table: (world) => world.tasks.scrubs,
  check({ world }, { data, old, problems, at }) {
    const pool = world.pools.byId(Number(data.pool));
    if (pool === undefined) problems.add(`${at}.pool`, 'The specified volume does not exist');
    const isTaken = world.tasks.scrubs.rows().some((row) => row.id !== old?.id && row.pool === data.pool);
    if (isTaken) problems.add(`${at}.pool`, 'A scrub with this pool already exists');
    return { ...data, pool_name: pool?.name };
  },
});

export const POOL_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'pool',
    takesAnyIdBefore: true,
    entity: 'Pool',
    what: 'pools',
    roles: read,
    rows: ({ world }, _filters, options: Options) =>
      world.pools.all.map((pool) => ({
        ...poolRow(world, pool),
        ...(options.extra?.is_upgraded === true ? { is_upgraded: pool.isUpgraded } : {}),
      })),
  }),
  {
    name: 'pool.get_disks',
    description: 'Names of the disks of one pool, or of all.',
    roles: read,
    params: [['id', z.int().nullable().default(null)]],
    run: ({ world }: MethodContext, id: number | null) =>
      (id === null ? world.pools.all : [poolById(world, id)]).flatMap(diskNames),
  },
  {
    name: 'pool.is_upgraded',
    description: 'True when all feature flags of a pool are on.',
    roles: read,
    params: byId,
    run: ({ world }: MethodContext, id: number) => poolById(world, id).isUpgraded,
  },
  {
    name: 'pool.attachments',
    description: 'Shares and other things that use a pool.',
    roles: read,
    params: byId,
    run({ world }: MethodContext, id: number) {
      const root = world.datasets.get(poolById(world, id).name);
      return root === undefined ? [] : attachmentsOf(world, root).map(attachmentRow);
    },
  },
  {
    name: 'pool.processes',
    description: 'Processes that use a pool.',
    roles: read,
    params: byId,
    run({ world }: MethodContext, id: number) {
      poolById(world, id);
      return [];
    },
  },
  {
    name: 'pool.scrub',
    description: 'Starts, stops or pauses a scrub.',
    roles: ['POOL_WRITE'],
    params: [
      ['id', z.int()],
      ['action', z.enum(SCRUB_ACTIONS)],
    ],
    job: { transient: true },
    run: (context: MethodContext, id: number, action: ScrubAction) =>
      scrub(context, poolById(context.world, id), action),
  },
  ...scrubTasks,
  {
    name: 'pool.scrub.scrub',
    description: 'Starts, stops or pauses the scrub of a pool by its name, and waits for its end.',
    roles: ['POOL_WRITE'],
    params: [
      ['name', text()],
      ['action', z.enum(SCRUB_ACTIONS).default('START')],
    ],
    job: {
      // One that stops does not wait for the one that runs.
      lock: ([name, action]) => `${String(name)}-${typeof action === 'string' ? action : 'START'}`,
      description: ([name]) => `Scrub of pool '${String(name)}'`,
    },
    run: (context: MethodContext, name: string, action: ScrubAction) =>
      scrub(context, poolNamed(context, name), action),
  },
  {
    name: 'pool.scrub.run',
    description: 'Starts a scrub if the last one is longer ago than the threshold in days.',
    roles: ['POOL_WRITE'],
    params: [
      ['name', text()],
      ['threshold', z.int().default(35)],
    ],
    run(context: MethodContext, name: string, thresholdDays: number) {
      const pool = poolNamed(context, name);
      if (isDue(context, pool, thresholdDays) && !isScanning(pool, context.now())) start(context, pool);
      return null;
    },
  },
  {
    name: 'zpool.scrub.run',
    description: 'Starts, pauses or cancels a scrub; one that is not due yet is not started.',
    releases: ONLY_27_0,
    roles: ['POOL_WRITE'],
    params: [
      [
        'data',
        model('ZpoolScrubRun', {
          pool_name: text(),
          scan_type: z.enum(['SCRUB', 'ERRORSCRUB']).default('SCRUB'),
          action: z.enum(['START', 'PAUSE', 'CANCEL']).default('START'),
          threshold: z.int().default(35),
        }),
      ],
    ],
    job: {},
    run: runScrub,
  },
  {
    name: 'pool.resilver.config',
    description: 'When resilvers go first.',
    roles: read,
    run: () => ({ id: 1, begin: '18:00', end: '9:00', enabled: true, weekday: [1, 2, 3, 4, 5, 6, 7] }),
  },
  {
    name: 'boot.get_state',
    description: 'The boot pool.',
    roles: ['READONLY_ADMIN'],
    run: ({ world }: MethodContext) => poolRow(world, world.pools.boot),
  },
  ...bootDisks(),
  ...POOL_DISK_METHODS,
  ...POOL_EXPORT_METHODS,
  ...POOL_IMPORT_METHODS,
];

function bootDisks(): SimMethod[] {
  const shared = {
    name: 'boot.get_disks',
    description: 'Names of the disks of the boot pool.',
    run: ({ world }: MethodContext) => diskNames(world.pools.boot),
  };
  return [
    { ...shared, releases: ONLY_25_04, roles: ['READONLY_ADMIN'] },
    { ...shared, releases: SINCE_25_10, roles: ['DISK_READ'] },
  ];
}

/** Whatever keeps a scrub from starting is no error here. */
async function runScrub(
  context: MethodContext,
  data: { pool_name: string; action: 'START' | 'PAUSE' | 'CANCEL'; threshold: number },
): Promise<null> {
  const pool = poolNamed(context, data.pool_name);
  if (data.action !== 'START') return scrub(context, pool, data.action === 'CANCEL' ? 'STOP' : 'PAUSE');
  const isPaused = isScanning(pool, context.now()) && pool.scan?.pausedMs !== null;
  if (isPaused) resume(context, pool);
  else if (isDue(context, pool, data.threshold) && !isScanning(pool, context.now())) start(context, pool);
  return null;
}

function isDue(context: MethodContext, pool: Pool, thresholdDays: number): boolean {
  return context.now() - (pool.scan?.startedMs ?? 0) > thresholdDays * DAY_MS;
}

async function scrub(context: MethodContext, pool: Pool, action: ScrubAction): Promise<null> {
  const { world, job } = context;
  const isRunning = isScanning(pool, context.now());
  if (action === 'START') {
    if (isRunning && pool.scan?.pausedMs === null) {
      refuse(`Scrub or resilver already in progress on ${pool.name}`, ERRNO.EBUSY);
    }
    if (isRunning && pool.scan !== null) resume(context, pool);
    else start(context, pool);
    return job === undefined ? null : followScrub(world, pool.name, job);
  }
  if (!isRunning || pool.scan === null) refuse(`No active scan on ${pool.name}`, ERRNO.EFAULT);
  if (action === 'STOP') pool.scan.canceledMs = context.now();
  else pool.scan.pausedMs = context.now();
  announceScan(context, pool);
  return null;
}

function start(context: MethodContext, pool: Pool): void {
  startScan(pool, 'SCRUB', allocatedBytes(context.world, pool), context.now());
  announceScan(context, pool);
}

/** Goes on where the scrub was paused: its end moves by the length of the pause. */
function resume(context: MethodContext, pool: Pool): void {
  const { scan } = pool;
  if (scan === null || scan.pausedMs === null) return;
  const pausedForMs = context.now() - scan.pausedMs;
  pool.scan = {
    ...scan,
    startedMs: scan.startedMs + pausedForMs,
    expectedEndMs: scan.expectedEndMs + pausedForMs,
    pausedMs: null,
  };
  announceScan(context, pool);
}

function poolNamed({ world }: MethodContext, name: string): Pool {
  const pool = world.pools.all.find((each) => each.name === name);
  if (pool === undefined)
    throw new ValidationErrors().add('name', `Pool ${name} does not exist`, ERRNO.ENOENT);
  return pool;
}
