import { definePrompt } from './prompt.ts';

/** How does this TrueNAS CORE become a later release without losing data? */
export const leaveCore = definePrompt({
  name: 'leave_core',
  title: 'Before leaving TrueNAS CORE',
  description: 'What breaks when this TrueNAS CORE moves to a release on Linux, and the way there.',
  when: 'Before a move from TrueNAS CORE (FreeBSD) to SCALE: what breaks, what is lost, what to do first.',
  arguments: [{ name: 'target', description: 'release to move to, e.g. 25.10' }],
  needs: ['migration_check', 'list_pools'],
  aim: ({ target }) =>
    `Plan the move of this TrueNAS CORE${target === undefined ? '' : ` to ${target}`} so that no data is lost.`,
  steps: ({ target }) => [
    {
      tool: 'migration_check',
      args: { target },
      look: 'what blocks, what is done before, what changes; what could not be read',
    },
    {
      tool: 'migration_check',
      args: { target, detail: 'full' },
      look: 'the steps of each finding, in their order',
    },
    { tool: 'list_pools', look: 'size and health; where a copy of a GELI pool would fit' },
    { tool: 'backup_coverage', look: 'data without a backup: nothing moves before it has one' },
    { tool: 'list_shares', look: 'who uses the NAS, and has to be told' },
  ],
  knowHow: [
    'It is one way: a boot environment of CORE must not be started afterwards. Another boot device, with the old one kept, is the surest way back.',
    'Save the configuration with its secret seed, and apart from it the keys of encrypted datasets, GELI keys and passphrases: whoever loses them loses the data.',
    'GELI is not taken off in place: it takes a second pool of the same size, replication of all snapshots, and a comparison.',
    'Pool features stay as they are until weeks after the move; then nothing older imports the pool.',
    'Jails and plugins become apps: dump databases from within before, files stay in the dataset iocage.',
  ],
  report:
    'Report: what blocks and how long it takes (a GELI copy is days); then a checklist in order: before, on the day, after, each step with what shows that it worked, and the point of no return. List what could not be read and what is to be looked at by hand. Do not guess what release notes say.',
});
