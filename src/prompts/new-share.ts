import { datasetNames } from '../completions/names.ts';
import { definePrompt } from './prompt.ts';

/** A new share: where, for whom, and what it must not open. */
export const newShare = definePrompt({
  name: 'new_share',
  title: 'A new share',
  description: 'Where a new share belongs, who gets in, and what it must not open.',
  when: 'A new share, folder or export is wanted: where, for whom, and what it must not open.',
  arguments: [
    { name: 'purpose', description: 'for whom and what for, e.g. photos, family writes, children read' },
    { name: 'dataset', description: 'where; else proposed', completion: datasetNames },
  ],
  needs: ['list_shares', 'list_datasets'],
  aim: ({ purpose, dataset }) =>
    `Propose a new share on this TrueNAS${purpose === undefined ? '' : `: ${purpose}`}${dataset === undefined ? '' : ` (in ${dataset})`}.`,
  steps: ({ dataset }) => [
    {
      tool: 'list_shares',
      look: 'how others are set up here; one that does the job already; names that are taken',
    },
    {
      tool: 'list_datasets',
      args: { parent: dataset, recursive: dataset === undefined ? undefined : false, limit: 20 },
      look: 'a place of its own with room; never a pool itself, nor the folder of another share',
    },
    {
      tool: 'call_api_read',
      args: {
        method: 'group.query',
        filters: [['builtin', '=', false]],
        select: ['name', 'gid', 'smb', 'users'],
      },
      look: 'groups for those who write and those who only read',
    },
    { tool: 'list_services', look: 'whether the service runs and starts at boot' },
    { tool: 'backup_coverage', args: { dataset, limit: 5 }, look: 'whether a task will cover it' },
  ],
  knowHow: [
    'Give each share a dataset of its own: quota, snapshots and access lists belong to datasets. Never share a pool itself.',
    'One folder over SMB and NFS at once needs care: locks and rights differ.',
    'Set rights for groups, not for people; a share for Windows wants the access lists of NFSv4.',
    'Names of shares are at most 80 characters, and a name with $ at its end is hidden, not closed.',
  ],
  report:
    'Report: the proposal as one list (dataset, owner and access list, share and its own access list, service, snapshots), who then may do what, and what stays closed. Ask me what you cannot know: protocol, who reads, who writes, guests.',
});
