/** The views of a NAS that a client can attach to a conversation, and follow. */
import { datasetNames, jobIds, poolNames } from '../completions/names.ts';
import { storage } from '../tools/storage/index.ts';
import { system } from '../tools/system/index.ts';
import type { Toolset } from '../tools/toolset.ts';
import { type Reading, type EventTrigger, viewOf } from './resource.ts';

const ALERTS: EventTrigger = { event: 'alert.list' };
// Told when a pool's layout changes; that its state changed shows first as an alert.
const POOLS: EventTrigger = { event: 'pool.query' };

export const READINGS: readonly Reading[] = [
  viewOf({
    uri: 'truenas://overview',
    name: 'overview',
    title: 'System overview',
    description: 'Health of the whole NAS: verdict and reasons.',
    ...toolOf(system, 'system_overview'),
    state: ({ verdict, reasons, unread }) => ({ verdict, reasons, unread }),
    triggers: [ALERTS, POOLS],
  }),
  viewOf({
    uri: 'truenas://alerts',
    name: 'alerts',
    title: 'Alerts',
    description: 'Active alerts, worst first.',
    ...toolOf(system, 'list_alerts'),
    triggers: [ALERTS],
  }),
  viewOf({
    uri: 'truenas://pool/{name}',
    name: 'pool',
    title: 'Pool',
    description: 'One pool: vdevs, disks, errors, space, scrub.',
    ...toolOf(storage, 'get_pool'),
    args: ({ name }) => ({ pool: name }),
    completions: { name: poolNames },
    triggers: [POOLS, ALERTS],
  }),
  viewOf({
    uri: 'truenas://dataset/{+id}',
    name: 'dataset',
    title: 'Dataset',
    description: 'One dataset or zvol, e.g. truenas://dataset/tank/media.',
    ...toolOf(storage, 'get_dataset'),
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
    ...toolOf(system, 'get_job'),
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

function toolOf(toolset: Toolset, tool: string) {
  const loadTool = toolset.load[tool];
  if (loadTool === undefined) throw new Error(`${toolset.name} has no tool ${tool}`);
  return { tool, loadTool };
}
