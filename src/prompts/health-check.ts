import { definePrompt } from './prompt.ts';

/** Is the NAS well? */
export const healthCheck = definePrompt({
  name: 'health_check',
  title: 'Health check',
  description: 'Is this NAS well, and what should be done first?',
  when: 'Asked whether the NAS is well, what its alerts or mails mean, or what to look at first.',
  arguments: [],
  needs: ['system_overview'],
  aim: () => 'Check the health of this TrueNAS.',
  steps: () => [
    { tool: 'system_overview', look: 'the verdict and its reasons; parts that could not be read' },
    {
      tool: 'list_alerts',
      look: 'what is behind each reason, since when, and whether several have one cause',
    },
    {
      tool: 'list_pools',
      look: 'pools that are not ONLINE, above 80 % full, or without a scrub in 35 days; for each, get_pool gives vdevs and error counts',
    },
    {
      tool: 'list_jobs',
      args: { states: ['FAILED'], since: '7d' },
      look: 'failures that repeat; the error of each kind once',
    },
    { tool: 'list_services', look: 'services that start at boot and do not run' },
    {
      tool: 'list_disks',
      args: { sort: 'temp', limit: 10, fields: ['type', 'model', 'pool', 'temp'] },
      look: 'hard disks above 50 °C, NVMe above 70 °C; get_disk gives the last week',
    },
  ],
  knowHow: [
    'An alert that was dismissed is hidden, not solved; several alerts often have one cause: a disk, a full pool, a certificate.',
    'A pool above 80 % gets slower and above 95 % hard to repair, as deleting takes space too.',
    'ONLINE with error counts that grow is no healthy pool. FAULTED, UNAVAIL and SUSPENDED come before everything else.',
    'A task that never runs raises no alert: backup_coverage finds it.',
  ],
  report:
    'Report: one line with the verdict; then findings, worst first, each with its evidence, what it means for the data, and the next step; last, what is fine in one sentence.',
});
