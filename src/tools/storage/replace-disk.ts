/** `replace_disk`: puts a free disk in the place of one of a pool; the data is rebuilt on it afterwards. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatExactBytes } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { presentTarget } from '../support/targets.ts';
import { memberTarget } from './member-target.ts';
import { type NewDisk, newDisk } from './new-disk.ts';
import { memberName, type PoolMember, poolMember } from './pool-member.ts';
import { smallestReplacement } from './replacement.ts';
import { redundancyText } from './vdev-redundancy.ts';

export const replaceDisk = defineChange({
  name: 'replace_disk',
  toolset: 'storage',
  access: 'destroy',
  title: 'Replace a disk of a pool',
  words: 'swap exchange failed failing broken dead faulted drive resilver new',
  description: 'Puts a free disk in the place of a disk of a pool. get_disk tells which free disks fit.',
  input: z.strictObject({
    pool: z.string().min(1).max(100),
    old: z.string().min(1).max(120).describe('Name, serial number or vdev guid'),
    new: z.string().min(1).max(120).describe('Name or serial number of a free disk'),
  }),
  uses: ['disk.details', 'disk.query', 'pool.query'],
  writes: ['pool.replace'],
  examples: [{ args: { pool: 'backup', old: 'sdi', new: 'sdn' }, why: 'one that has failed' }],
  async plan(nas, input): Promise<Change> {
    const pool = input.pool.trim();
    const member = await poolMember(nas, 'old', pool, input.old);
    checkMayBeReplaced(member);
    const disk = await newDisk(nas, 'new', input.new);
    const size = await sizeLines(nas, member, disk);
    const name = memberName(member);
    return {
      summary: `Replace ${name} of pool ${pool} by ${disk.name} (serial ${disk.serial})`,
      calls: [
        {
          method: 'pool.replace',
          params: [member.poolId, { label: member.guid, disk: disk.identifier, force: false }],
          purpose: `put ${disk.name} in the place of ${name}`,
        },
      ],
      targets: [await memberTarget(nas, member, 'present'), await diskTarget(nas, disk, pool)],
      impact: [
        `Lost: whatever is on ${disk.text}. No pool and no partition on it is known.`,
        ...size,
        ...resilverLines(member),
        `Pull only the disk with serial ${member.serial ?? 'number as get_pool shows it'}, and only when get_pool shows that the resilver has ended.`,
      ],
      undo: {
        impossible: `while the data is rebuilt, a person can detach ${disk.name} in the web interface; afterwards the old disk is no part of the pool any more`,
      },
    };
  },
});

/** @throws InputProblem where a replacement makes no sense or nothing can be rebuilt */
function checkMayBeReplaced(member: PoolMember): void {
  const { vdevClass, isPaired, poolStatus, pool } = member;
  const name = memberName(member);
  if (vdevClass === 'spare' || vdevClass === 'cache') {
    throw new InputProblem(
      'old',
      `${name} is a ${vdevClass} disk, which holds no data of the pool`,
      'It is removed, and another added, in the web interface.',
    );
  }
  if (isPaired)
    throw new InputProblem('old', `${name} is being replaced already, or a spare stands in for it`);
  if (poolStatus !== 'ONLINE' && poolStatus !== 'DEGRADED') {
    throw new InputProblem(
      'pool',
      `${pool} is ${poolStatus}: nothing can be rebuilt from it`,
      'Bring the missing disks back first.',
    );
  }
}

/** @throws InputProblem for a disk that is too small */
async function sizeLines(nas: ReadClient, member: PoolMember, disk: NewDisk): Promise<string[]> {
  const place = { pool: member.pool, entry: member.vdev, vdev: member.vdev, members: member.members };
  const part = await readPart(nas, (limited) => smallestReplacement(limited, { ...place, alsoSpareOf: [] }));
  const gap = gapText(part);
  if (gap !== undefined) return [`The size it needs ${gap}; the NAS refuses a disk that is too small.`];
  const needed = valueOr(part, undefined);
  if (needed === undefined)
    return ['The size it needs is not known; the NAS refuses a disk that is too small.'];
  if (disk.sizeBytes < needed.bytes) {
    throw new InputProblem(
      'new',
      `${disk.name} is too small: ${formatExactBytes(disk.sizeBytes)}, and ${member.vdev.name} needs at least ${formatExactBytes(needed.bytes)}`,
      'get_disk of the old one names free disks that fit.',
    );
  }
  return disk.sizeBytes > needed.bytes
    ? [
        `It is larger than needed (${formatExactBytes(needed.bytes)}): the rest stays unused until all disks of ${member.vdev.name} are as large.`,
      ]
    : [];
}

function resilverLines({ vdev, members, status, pool, scan }: PoolMember): string[] {
  const redundancy = redundancyText(vdev, members);
  const old =
    status === 'ONLINE'
      ? 'The old disk works on until then, and leaves the pool at its end.'
      : `The old disk is ${status}, and leaves the pool at its end.`;
  return [
    `Afterwards the data is rebuilt on it (a resilver), for hours or days: ${pool} stays usable, slower. ${old}`,
    ...(redundancy === undefined ? [] : [`Until it has ended, ${redundancy}.`]),
    ...(scan === undefined
      ? []
      : [`A ${scan.toLowerCase()} of ${pool} runs: a scrub is broken off by it, a resilver begins anew.`]),
  ];
}

/** The new disk, told by its serial number, which is in no pool and then in this one. */
async function diskTarget(nas: ReadClient, { name, identifier }: NewDisk, pool: string) {
  return presentTarget(
    nas,
    {
      name: `disk ${name}`,
      read: {
        method: 'disk.query',
        params: query({ filters: [['identifier', '=', identifier]], extra: { pools: true } }),
      },
      identity: ['identifier', 'serial', 'name'],
    },
    { pool },
    { absent: () => new InputProblem('new', `${name} is not there any more`) },
  );
}
