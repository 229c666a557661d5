/** The views of a NAS that a client can attach to a conversation, and follow. */
import { datasetNames, jobIds, poolNames } from '../completions/names.ts';
import { getDataset } from '../tools/storage/get-dataset.ts';
import { getPool } from '../tools/storage/get-pool.ts';
import { getJob } from '../tools/system/get-job.ts';
import { listAlerts } from '../tools/system/list-alerts.ts';
import { systemOverview } from '../tools/system/system-overview.ts';
import { type EventTrigger, type LiveResource, viewOf } from './resource.ts';

const ALERTS: EventTrigger = { event: 'alert.list' };
// Told when a pool's layout changes; that its state changed shows first as an alert.
const POOLS: EventTrigger = { event: 'pool.query' };

export const LIVE_RESOURCES: readonly LiveResource[] = [
  viewOf({
    uri: 'truenas://overview',
    name: 'overview',
    title: 'System overview',
    description: 'Health of the whole NAS: verdict and reasons.',
    tool: systemOverview,
    state: ({ verdict, reasons, unread }) => ({ verdict, reasons, unread }),
    triggers: [ALERTS, POOLS],
  }),
  viewOf({
    uri: 'truenas://alerts',
    name: 'alerts',
    title: 'Alerts',
    description: 'Active alerts, worst first.',
    tool: listAlerts,
    triggers: [ALERTS],
  }),
  viewOf({
    uri: 'truenas://pool/{name}',
    name: 'pool',
    title: 'Pool',
    description: 'One pool: vdevs, disks, errors, space, scrub.',
    tool: getPool,
    args: ({ name }) => ({ pool: name }),
    completions: { name: poolNames },
    triggers: [POOLS, ALERTS],
  }),
  viewOf({
    uri: 'truenas://dataset/{+id}',
    name: 'dataset',
    title: 'Dataset',
    description: 'One dataset or zvol, e.g. truenas://dataset/tank/media.',
    tool: getDataset,
    args: ({ id }) => ({ dataset: id }),
    completions: { id: datasetNames },
    triggers: [
      { event: 'pool.dataset.query', concerns: (event, { id }) => !('id' in event) || event.id === id },
    ],
  }),
  viewOf({
    uri: 'truenas://job/{id}',
    name: 'job',
    title: 'Job',
    description: 'One job: state, progress, error, end of its log.',
    tool: getJob,
    args: ({ id = '' }) => ({ id: /^\d{1,15}$/u.test(id) ? Number(id) : id }),
    completions: { id: jobIds },
    triggers: [
      {
        event: 'core.get_jobs',
        concerns: (event, { id }) => !('id' in event) || event.id === Number(id),
      },
    ],
  }),
];
