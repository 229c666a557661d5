/** `pool.offline`, `pool.online`, `pool.replace` and `pool.upgrade`: what an administrator does to the disks of a pool. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import type { Disk } from '../world/disks.ts';
import { type Member, newMember, type Pool, startScan, type Vdev, vdevState } from '../world/pools.ts';
import { refuse } from './common.ts';
import { identifierOf } from './disk.ts';
import { announcePool, announceScan, poolById } from './pool-common.ts';
import { allocatedBytes } from './pool-row.ts';

/** Error numbers of libzfs; they have no name on the wire. */
const ZFS_BAD_DEVICE = 2018;
const ZFS_NO_REPLICAS = 2019;

const write = ['POOL_WRITE'];
const label = model('PoolLabel', { label: text() });

interface Replace {
  readonly label: string;
  readonly disk: string;
  readonly force: boolean;
  readonly preserve_settings: boolean;
  readonly preserve_description: boolean;
}

export const POOL_DISK_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.offline',
    audited: 'Disk offline',
    description: 'Takes a disk of a pool out of use.',
    roles: write,
    params: [
      ['id', z.int()],
      ['options', label],
    ],
    run(context: MethodContext, id: number, options: { label: string }) {
      const pool = poolById(context.world, id);
      const { vdev, member } = memberOf(pool, options.label, 'not found on this pool');
      if (member.state === 'OFFLINE') return true;
      const before = member.state;
      member.state = 'OFFLINE';
      if (vdevState(vdev) === 'FAULTED') {
        member.state = before;
        refuse(`cannot offline ${member.guid}: no valid replicas`, ZFS_NO_REPLICAS);
      }
      announcePool(context, pool);
      return true;
    },
  },
  {
    name: 'pool.online',
    audited: 'Disk online',
    description: 'Takes a disk that was taken out of use back in.',
    roles: write,
    params: [
      ['id', z.int()],
      ['options', label],
    ],
    run(context: MethodContext, id: number, options: { label: string }) {
      const pool = poolById(context.world, id);
      const { member } = memberOf(pool, options.label, 'not found on this pool');
      // A faulted disk stays so: it is not the administrator who keeps it away.
      if (member.state !== 'OFFLINE') return true;
      member.state = 'ONLINE';
      // Only what was written meanwhile is missing on it.
      resilver(context, pool, 0);
      return true;
    },
  },
  {
    name: 'pool.replace',
    description:
      'Puts another disk in the place of one of a pool; the data is copied after the job has ended.',
    roles: write,
    params: [
      ['id', z.int()],
      [
        'options',
        model('PoolReplace', {
          label: text(),
          disk: text(),
          force: z.boolean().default(false),
          preserve_settings: z.boolean().default(true),
          preserve_description: z.boolean().default(true),
        }),
      ],
    ],
    job: { lock: 'pool_replace' },
    run: replace,
  },
  {
    name: 'pool.upgrade',
    description: 'Turns on all features of the running ZFS; older ones can no longer read the pool.',
    roles: write,
    params: [['id', z.int()]],
    run(context: MethodContext, id: number) {
      const pool = poolById(context.world, id);
      pool.isUpgraded = true;
      announcePool(context, pool);
      return true;
    },
  },
];

function replace(context: MethodContext, id: number, options: Replace): boolean {
  const { world, job } = context;
  const pool = poolById(world, id);
  const disk = diskFor(context, options);
  const { vdev, member } = memberOf(pool, options.label, 'not found', ERRNO.ENOENT);
  if (member.replacement !== null) {
    refuse(`cannot replace ${member.guid}: already in replacing config`, ZFS_BAD_DEVICE);
  }
  const isTooSmall = vdev.members.some((each) => each.disk.sizeBytes > disk.sizeBytes);
  if (isTooSmall) {
    refuse(`cannot replace ${member.guid} with ${disk.name}: device is too small`, ZFS_BAD_DEVICE);
  }
  job?.progress(30, 'Replacing disk');
  const old = member.disk;
  if (options.preserve_settings) {
    disk.hddStandby = old.hddStandby;
    disk.advPowerMgmt = old.advPowerMgmt;
  }
  if (options.preserve_description) disk.description = old.description;
  member.replacement = newMember(world.random, pool.name, disk);
  const share = allocatedBytes(world, pool) / pool.vdevs.filter((each) => each.class === 'data').length;
  resilver(context, pool, share);
  return true;
}

/** The disk to put in. @throws ValidationErrors when there is none, or a pool has it already */
function diskFor({ world }: MethodContext, { disk: identifier, force }: Replace): Disk {
  const problems = new ValidationErrors();
  const disk = world.disks.all.find((each) => identifierOf(each) === identifier);
  if (disk === undefined) {
    throw problems.add('options.disk', `Disk '${identifier}' not found.`, ERRNO.ENOENT);
  }
  if (disk.pool !== null) {
    const text = `Disk '${identifier}' is in use by zpool '${disk.pool}'.`;
    throw problems.add('options.disk', text, ERRNO.EBUSY);
  }
  if (disk.exportedPool !== null && !force) {
    const text = `Disk '${identifier}' is associated to exported zpool '${disk.exportedPool}'. Force must be specified.`;
    throw problems.add('options.force', text);
  }
  return disk;
}

/** A disk of a pool by its guid or its partition. @throws ValidationErrors */
function memberOf(
  pool: Pool,
  wanted: string,
  complaint: string,
  errno: number = ERRNO.EINVAL,
): { vdev: Vdev; member: Member } {
  for (const vdev of pool.vdevs) {
    for (const member of vdev.members) {
      const { guid, partUuid, disk } = member;
      const names = [guid, partUuid, `disk/by-partuuid/${partUuid}`, disk.name];
      if (names.includes(wanted)) return { vdev, member };
    }
  }
  throw new ValidationErrors().add('options.label', `Label ${wanted} ${complaint}.`, errno);
}

function resilver(context: MethodContext, pool: Pool, bytes: number): void {
  startScan(pool, 'RESILVER', bytes, context.now());
  announceScan(context, pool);
  announcePool(context, pool);
}
