import { diskNames } from '../completions/names.ts';
import { definePrompt, type PromptArguments, type Step } from './prompt.ts';

/** A disk makes trouble: which one, how bad, and how to replace it safely. */
export const failingDisk = definePrompt({
  name: 'failing_disk',
  title: 'A disk is failing',
  description: 'Which disk it is, how urgent it is, and how to replace it without losing data.',
  when: 'A disk fails, a pool is DEGRADED, SMART or read errors are reported, or a disk is to be replaced.',
  arguments: [{ name: 'disk', description: 'e.g. sda; else found', completion: diskNames }],
  needs: ['list_pools', 'get_pool', 'get_disk'],
  aim: ({ disk }) =>
    disk === undefined
      ? 'A disk of this TrueNAS seems to be failing. Find it and plan its replacement.'
      : `Disk ${disk} of this TrueNAS seems to be failing. Judge it and plan its replacement.`,
  steps: (args) => [
    ...find(args),
    {
      tool: 'get_disk',
      args: { disk: args.disk ?? 'DISK' },
      look: 'its pool, errors, temperature; model, serial and slot to find it by hand',
    },
    {
      tool: 'diagnose_problem',
      args: { subject: 'disk', name: args.disk ?? 'DISK' },
      look: 'the likely causes in order, each with its evidence and next step',
    },
    {
      tool: 'get_pool',
      args: { pool: 'POOL' },
      look: 'the pool of that disk: layout, error counts of each disk, a resilver that runs, and how many more disks its vdev can lose',
    },
    {
      tool: 'list_alerts',
      args: { level: 'WARNING' },
      look: 'what the NAS itself says of it, by name or by serial, and since when',
    },
    {
      tool: 'list_disks',
      args: { unused: true },
      look: 'a replacement at least as large that is already built in',
    },
    {
      tool: 'list_snapshots',
      args: { pool: 'POOL', sort: 'created', order: 'desc', limit: 5 },
      look: 'how recent the last ones are; they are on the same disks and no backup',
    },
  ],
  knowHow: [
    'Names such as sda change at a restart: go by the serial number, and compare it with the label before anything is pulled.',
    'Errors of several disks on one controller or backplane point to cable, controller or power; checksum errors alone rarely to the disk.',
    'Growing reallocated or pending sectors mean replace; CRC errors mean the cable.',
    'While one more failure loses the pool, copy what matters first and stop heavy work. A resilver reads every disk, and is when the next one fails.',
    'The new disk must be at least as large to the byte; one that held a pool has to be wiped, which is a change of its own.',
    'With a free slot, replace while the old disk is still in: redundancy is kept.',
  ],
  report:
    'Report: disk (name, model, serial, slot), how sure it is (disk, cable or controller), how urgent, what would be lost if one more disk failed, and the replacement in steps. Warn me not to pull a disk before its serial is checked, and to have a current backup first.',
});

function find({ disk }: PromptArguments): Step[] {
  return disk === undefined
    ? [{ tool: 'list_pools', look: 'pools that are not ONLINE or have errors; get_pool names their disks' }]
    : [];
}
