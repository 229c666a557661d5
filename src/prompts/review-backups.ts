import { datasetNames } from '../completions/names.ts';
import { definePrompt } from './prompt.ts';

/** Would the data come back? */
export const reviewBackups = definePrompt({
  name: 'review_backups',
  title: 'Review backups',
  description: 'Snapshots, replication and cloud tasks: what is protected, what is not.',
  when: 'Asked what is backed up, whether data would come back after a theft or a fire, or why a backup fails.',
  arguments: [
    { name: 'dataset', description: 'one dataset and those below; else all', completion: datasetNames },
  ],
  needs: ['backup_coverage', 'list_datasets', 'list_snapshots'],
  aim: ({ dataset }) =>
    `Review how ${dataset === undefined ? 'the data of this TrueNAS' : `dataset ${dataset}`} is backed up.`,
  steps: ({ dataset }) => [
    {
      tool: 'backup_coverage',
      args: { dataset },
      look: 'the gaps with their sizes, and tasks that failed, wait or are on hold',
    },
    ...(dataset === undefined
      ? []
      : [{ tool: 'get_dataset', args: { dataset }, look: 'its own data and how many snapshots it has' }]),
    {
      tool: 'list_datasets',
      args: { parent: dataset, sort: 'used', order: 'desc', limit: 30 },
      look: dataset === undefined ? 'the datasets that hold data' : 'the datasets below it, if any',
    },
    {
      tool: 'list_snapshots',
      args: {
        dataset,
        recursive: dataset === undefined ? undefined : true,
        sort: 'created',
        order: 'desc',
        limit: 30,
      },
      look: 'the newest; then with a dataset each for the large ones',
    },
    {
      tool: 'list_alerts',
      args: { level: 'WARNING' },
      look: 'failed snapshots, replications and copies that the NAS reports',
    },
  ],
  knowHow: [
    'Three copies, two kinds of media, one elsewhere; and one that a thief with the password cannot delete.',
    'A replication whose base is gone copies nothing more: hold the newest common snapshot before old ones are deleted.',
    'Snapshots made by hand are kept for ever: retention follows the name and the task.',
    'Tasks on hold and tasks that are switched off raise no alert.',
    'A sync carries deletions and encryption by malware along; snapshots at the target make it a backup.',
    'An encrypted replica is of no use without its key: ask where the keys are kept.',
  ],
  report:
    'Report: a table of datasets with snapshots (newest, kept how long), copy on another machine, copy elsewhere; then the gaps, largest first. Snapshots alone are no backup; a sync that mirrors deletions is a weak one. End with: when was a restore last tried?',
});
