import { definePrompt } from './prompt.ts';

/** May this NAS be upgraded now? */
export const beforeUpgrade = definePrompt({
  name: 'before_upgrade',
  title: 'Before an upgrade',
  description: 'Is this NAS ready for an upgrade of TrueNAS?',
  when: 'Before an upgrade of TrueNAS: is it safe, what breaks, what to save first.',
  arguments: [{ name: 'target', description: 'release to upgrade to, e.g. 25.10' }],
  needs: ['upgrade_check', 'system_overview', 'list_jobs'],
  aim: ({ target }) =>
    `Judge whether this TrueNAS may be upgraded now${target === undefined ? '' : ` to ${target}`}.`,
  steps: ({ target }) => [
    {
      tool: 'upgrade_check',
      args: { target },
      look: 'what stands against it, worst first, and what the new release drops or changes',
    },
    { tool: 'system_overview', look: 'the release it runs; anything but OK comes first' },
    { tool: 'list_pools', look: 'all ONLINE; no resilver or scrub running' },
    {
      tool: 'list_jobs',
      args: { states: ['RUNNING', 'WAITING'] },
      look: 'replication, backups or scrubs that a restart would break',
    },
    { tool: 'list_items', args: { kind: 'boot_environment' }, look: 'a boot environment to go back to' },
    { tool: 'list_shares', look: 'kinds and settings that the target release changes or drops' },
    { tool: 'list_items', args: { kind: 'app' }, look: 'apps that do not work or want an update first' },
    { tool: 'list_alerts', look: 'warnings about the upgrade, deprecated APIs, failing disks' },
  ],
  knowHow: [
    'Go through each release train in order; read the notes of each. Upgrading pool features cannot be undone, and shuts out the old release.',
    'Save the configuration with its secret seed: without the seed stored passwords and keys cannot be read.',
    '25.10: virtual machines of 25.04 (Instances) change; SMART tests of 25.04 become cron jobs. 27: no REST API, so scripts and integrations on it stop.',
    'The boot pool needs room for one more system; keep the boot environment that runs now.',
  ],
  report:
    'Report: GO, GO AFTER (with the list) or NO. Then a checklist: save the configuration, check backups, tell users, plan the downtime, how to go back. Do not upgrade pool features before the new release has proved itself. Say which release notes I must read; do not guess their content.',
});
