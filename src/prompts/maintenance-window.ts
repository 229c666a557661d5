import { definePrompt } from './prompt.ts';

/** The NAS goes down for a while: what runs, who is connected, and in which order. */
export const maintenanceWindow = definePrompt({
  name: 'maintenance_window',
  title: 'Maintenance window',
  description: 'May the NAS go down now: what runs, what starts soon, who is connected, in which order.',
  when: 'Before the NAS is restarted, switched off, moved or worked on: what runs, who is connected, in which order.',
  arguments: [{ name: 'window', description: 'when and how long, e.g. tonight 22:00, two hours' }],
  needs: ['system_overview', 'list_jobs'],
  aim: ({ window }) =>
    `Prepare a maintenance window of this TrueNAS${window === undefined ? '' : ` (${window})`}: it will be restarted or be away.`,
  steps: () => [
    { tool: 'system_overview', look: 'troubles that come first: a degraded pool is no time for a restart' },
    {
      tool: 'schedule_calendar',
      args: { from: 'now' },
      look: 'with the from and span of the window: what would run meanwhile and be missed, and a calmer hour',
    },
    {
      tool: 'list_jobs',
      args: { states: ['RUNNING', 'WAITING'] },
      look: 'what would break off, and how long it still takes',
    },
    { tool: 'list_pools', look: 'a scrub goes on after a restart; a resilver should end first' },
    {
      tool: 'list_datasets',
      args: { encrypted: true, limit: 20, fields: ['name', 'locked', 'encrypted'] },
      look: 'datasets that are locked after a restart until somebody types the passphrase',
    },
    {
      tool: 'list_shares',
      look: 'what people and machines lose meanwhile; iSCSI and NFS clients are told before',
    },
    {
      tool: 'list_services',
      args: { at_boot: false, state: 'RUNNING' },
      look: 'what does not come back by itself',
    },
    {
      tool: 'call_api_read',
      args: { method: 'vm.query', select: ['name', 'autostart', 'status'] },
      look: 'machines to stop first, and those that do not start again',
    },
  ],
  knowHow: [
    'What was missed does not run later by itself: replications and copies run at their next time.',
    'A scrub and a resilver go on after a restart; a replication starts over where it cannot resume; a cloud sync starts over.',
    'Datasets with a passphrase stay locked after a restart, and apps and shares in them fail until somebody unlocks them.',
    'Stop in order: machines and apps, then shares. iSCSI clients that lose their disk may need a check of their file system.',
  ],
  report:
    'Report: GO or WAIT (for what). Then the order: tell users, save the configuration, stop machines and apps, the work itself, and the checks afterwards (pools, locked datasets, services, shares, jobs that were missed), each with how to see that it is done.',
});
