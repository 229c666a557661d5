import { poolNames } from '../completions/names.ts';
import { definePrompt } from './prompt.ts';

/** How long will the space last, and what takes it? */
export const capacityPlan = definePrompt({
  name: 'capacity_plan',
  title: 'Capacity plan',
  description: 'What fills the pools, how long it lasts, and what could be freed.',
  when: 'Asked when a pool is full, what takes the space, why deleting freed nothing, or what can be freed.',
  arguments: [{ name: 'pool', description: 'one pool; else all', completion: poolNames }],
  needs: ['list_pools', 'list_datasets'],
  aim: ({ pool }) =>
    `Plan the capacity of ${pool === undefined ? 'the pools' : `pool ${pool}`} of this TrueNAS.`,
  steps: ({ pool }) => [
    {
      tool: 'capacity_forecast',
      args: { pool },
      look: 'when 80, 90 and 100 % come, the range, how sure, and what drives it',
    },
    {
      tool: 'list_pools',
      args: {
        name: pool,
        sort: 'used%',
        order: 'desc',
        fields: ['status', 'size', 'used', 'used%', 'available', 'frag'],
      },
      look: 'how full, and how fragmented; size and used are raw, parity included',
    },
    {
      tool: 'list_datasets',
      args: { pool, recursive: false },
      look: 'the root datasets: used plus available is what can really be stored',
    },
    {
      tool: 'list_datasets',
      args: { pool, sort: 'used', order: 'desc', limit: 15 },
      look: 'the largest; used contains children, so count nothing twice',
    },
    {
      tool: 'space_report',
      args: { pool },
      look: 'what snapshots and reservations hold, and what deleting old snapshots frees at least and at most',
    },
    {
      tool: 'list_datasets',
      args: {
        pool,
        sort: 'available',
        order: 'asc',
        limit: 10,
        fields: ['name', 'used', 'available', 'quota', 'refquota'],
      },
      look: 'quotas that are nearly reached',
    },
  ],
  knowHow: [
    'Deleted files stay in snapshots: space comes back with the last snapshot that holds them. Summing the sizes of snapshots says too little, as what two share counts for neither.',
    'A quota bounds a dataset, a reservation takes from all others; a zvol that is not sparse holds its whole size at once.',
    'RAIDZ: raw sizes of a pool include parity; what can be stored is used plus available of its root dataset.',
    'Freeing goes on in the background: look again after a few minutes.',
    'Growth is no line: one copy of a camera card is no trend. Give the range, and how long it was watched.',
  ],
  report:
    'Report: a table per pool (usable size, used, free, percent); the largest users; what could be freed and what that would cost; when each pool reaches 80 and 100 %, with the range and how sure, or why that is not known; what to do first.',
});
