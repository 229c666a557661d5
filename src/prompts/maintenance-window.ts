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
  duties: [
    {
      does: 'save the configuration with its secret seed: System > General Settings > Manage Configuration > Download File. It opens every stored password: no tool fetches it; keep it off this NAS and out of the chat',
    },
    {
      tool: 'keep_boot_environment',
      page: 'System > Boot',
      does: 'the system that runs stays as the way back',
    },
    {
      tool: 'stop_vm',
      args: { vm: 'VM' },
      page: 'Virtual Machines',
      does: 'what others need last',
    },
    {
      tool: 'stop_app',
      args: { app: 'APP' },
      page: 'Apps',
      does: 'where data or users want an orderly end',
    },
    {
      tool: 'install_update',
      page: 'System > Update',
      does: 'if one is wanted and upgrade_check found nothing against it; it does not restart',
    },
    {
      tool: 'reboot_system',
      args: { reason: 'REASON' },
      page: 'power button',
      does: 'unknown until the NAS answers again, after minutes; never sent twice',
    },
    {
      does: 'type passphrases of locked datasets; start what does not start by itself',
    },
    {
      does: 'the calls above again: compare; which boot environment runs',
    },
    {
      tool: 'activate_boot_environment',
      args: { environment: 'OLD' },
      page: 'System > Boot',
      does: 'only if it is worse than before; then restart',
    },
  ],
  knowHow: [
    'What was missed does not run later by itself: replications and copies run at their next time.',
    'A scrub and a resilver go on after a restart; a replication starts over where it cannot resume; a cloud sync starts over.',
    'The old boot environment has the settings of then. It may not open an upgraded pool: upgrade none in the window.',
    'iSCSI clients that lose their disk may need a check of their file system.',
  ],
  report:
    'Report: GO or WAIT (for what). Then the order: tell users, save the configuration, stop machines and apps, the work itself, and the checks afterwards (pools, locked datasets, services, shares, jobs that were missed), each with how to see that it is done. Keep these answers: they are compared with the same calls afterwards.',
});
