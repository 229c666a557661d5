/** Answers that mislead or cost a turn. */
import type { NasCase } from '../support/nas-case.ts';
import {
  cloudSync,
  daysAgo,
  disk,
  failedRun,
  job,
  nfsShare,
  pool,
  replication,
  smbShare,
  snapshotTask,
} from '../support/rows.ts';

/** A graph of one disk, at one temperature. */
const heat = (name: string, celsius: number) => [
  {
    name: 'disktemp',
    identifier: `${name} | Type: HDD | Model: ACME | Serial: ${name}`,
    data: [
      [1795693000, celsius - 1],
      [1795694000, celsius],
      [1795695000, celsius - 2],
    ],
    aggregations: { min: {}, mean: {}, max: {} },
    start: 1795692600,
    end: 1795696200,
    legend: ['time', 'temperature_value'],
  },
];
const LETTERS = 'a b c d e f g h i j k l m n o p q r s t'.split(' ');
const identifierOf = (letter: string) => `sd${letter} | Type: HDD | Model: ACME | Serial: sd${letter}`;

/** Twenty disks of which the last is hot. */
const TWENTY_DISKS = {
  'reporting.netdata_graphs': [{ name: 'disktemp', identifiers: LETTERS.map(identifierOf) }],
  'reporting.netdata_get_data': {
    $by: {
      path: [0, 0, 'identifier'],
      cases: Object.fromEntries(
        LETTERS.map((letter) => [identifierOf(letter), heat(`sd${letter}`, letter === 't' ? 68 : 35)]),
      ),
    },
  },
};

export const ANSWERS: readonly NasCase[] = [
  {
    id: 'S-hot-disk',
    input: 'the last of twenty disks is hot',
    answers: TWENTY_DISKS,
    call: { tool: 'get_metrics', args: { metric: 'disk_temperature' } },
    expect: { isError: false, must: ['sdt[^\\n]*68 °C'] },
    right: 'the worst series first, never hidden among those that are left out',
  },
  {
    id: 'S-when',
    input: 'when it was hottest',
    answers: TWENTY_DISKS,
    call: { tool: 'get_metrics', args: { metric: 'disk_temperature', name: 'sdt' } },
    expect: { isError: false, must: ['68 °C', '11:53|12:53'] },
    right: 'the time of the maximum: 11:53 by UTC, 12:53 by the NAS',
  },
  {
    id: 'S-job-of-cloud-sync',
    input: 'a key sees no jobs, but the failed run within a cloud sync',
    answers: {
      'core.get_jobs': [],
      'cloudsync.query': [
        cloudSync(1, 'docs to the cloud', {
          job: failedRun(88, 'cloudsync.sync', '[EFAULT] the token has expired'),
        }),
      ],
    },
    call: [{ tool: 'list_jobs' }, { tool: 'system_overview' }],
    expect: {
      isError: false,
      must: ['cloudsync\\.sync', 'the token has expired'],
      mustNot: ['No jobs', '0 failed jobs'],
    },
    right: 'the run is a job like any other',
  },
  {
    id: 'S-job-of-replication',
    input: 'a key sees no jobs, but the failed run within a replication',
    answers: {
      'core.get_jobs': [],
      'replication.query': [
        replication(1, 'docs', {
          job: failedRun(89, 'replication.run', '[EFAULT] the other side is read-only'),
        }),
      ],
    },
    call: { tool: 'list_jobs', args: { states: ['FAILED'] } },
    expect: { isError: false, must: ['replication\\.run'], mustNot: ['No jobs'] },
    right: 'the run is a job like any other',
  },
  {
    id: 'S-job-about',
    input: 'what a job was about',
    answers: {
      'core.get_jobs': [job(12, 'pool.scrub.scrub', { arguments: ['amber', 'START'] })],
    },
    call: [{ tool: 'get_job', args: { id: 12 } }],
    expect: { isError: false, must: ['amber'] },
    right: 'its arguments',
  },
  {
    id: 'S-job-secret',
    input: 'a job whose arguments hold a password',
    answers: {
      'core.get_jobs': [
        job(13, 'pool.dataset.unlock', {
          arguments: [
            'amber/vault',
            { datasets: [{ name: 'amber/vault', passphrase: 'correct horse battery' }] },
          ],
        }),
      ],
    },
    call: { tool: 'get_job', args: { id: 13 } },
    expect: { isError: false, must: ['amber/vault'], mustNot: ['correct horse'] },
    right: 'its arguments without the secret',
  },
  {
    id: 'S-crashed-app',
    input: 'an app has crashed',
    answers: {
      'app.query': [
        { id: 'photos', name: 'photos', state: 'CRASHED', upgrade_available: false, active_workloads: null },
      ],
    },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['app photos|photos[^\\n]*crashed'] },
    right: 'WARNING: app photos has crashed',
  },
  {
    id: 'S-certificate',
    input: 'a certificate ends in ten days',
    answers: {
      'certificate.query': [
        {
          id: 1,
          name: 'web-2025',
          common: 'filer.example.org',
          san: ['DNS:filer.example.org'],
          until: 'Sun Dec 6 10:00:00 2026',
          from: 'Sat Sep 6 10:00:00 2025',
          expired: false,
          cert_type_CSR: false,
        },
      ],
    },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['web-2025'] },
    right: 'WARNING: expires in 10 days',
  },
  {
    id: 'S-disabled-task',
    input: 'a snapshot task and a replication are turned off',
    answers: {
      'pool.snapshottask.query': [snapshotTask(1, 'amber/docs', { enabled: false })],
      'replication.query': [replication(1, 'docs to the cellar', { enabled: false })],
    },
    call: { tool: 'system_overview' },
    expect: { must: ['disabled|turned off|off'] },
    right: 'says that there are tasks which do not run',
  },
  {
    id: 'S-disk-size',
    input: 'a disk to be replaced',
    answers: { 'disk.query': [disk('sda'), disk('sdb')] },
    call: { tool: 'get_disk', args: { disk: 'sda' } },
    expect: { isError: false, must: ['8(?:\\.0)? TB', '8[,. ]?001[,. ]?563[,. ]?222[,. ]?016'] },
    right: 'decimal terabytes, as on its label, and exact bytes',
  },
  {
    id: 'S-share-guests',
    input: 'an SMB share without guests that can be written to',
    answers: {
      'sharing.smb.query': [
        smbShare(1, 'docs', { options: { hostsallow: [], hostsdeny: [], guestok: false } }),
      ],
    },
    call: { tool: 'get_share', args: { share: 'docs' } },
    expect: { isError: false, must: ['guests: not allowed', 'read only: no'] },
    right: 'both are said',
  },
  {
    id: 'S-share-root',
    input: 'an NFS export without any mapping',
    answers: { 'sharing.nfs.query': [nfsShare(1, '/mnt/amber/docs')] },
    call: { tool: 'get_share', args: { share: '/mnt/amber/docs' } },
    expect: { isError: false, must: ['root[^\\n]*(?:not mapped|no|nobody)', 'read only: no'] },
    right: 'that root is not mapped to anybody is said',
  },
  {
    id: 'S-pool-name-argument',
    input: 'get_pool is given a name instead of a pool',
    answers: {},
    call: { tool: 'get_pool', args: { name: 'amber' } },
    expect: { must: ['pool'] },
    right: 'says that pool is missing, and takes the hint',
  },
  {
    id: 'S-number-as-text',
    input: 'arguments that are meant clearly',
    answers: { 'pool.query': [pool('amber')] },
    call: [
      { tool: 'list_pools', args: { limit: '10', name: null } },
      { tool: 'list_disks', args: { unused: 'false', fields: 'size', type: 'hdd' } },
      { tool: 'list_pools', args: { sort: '-used' } },
    ],
    expect: { isError: false, must: ['amber', 'sda'] },
    right: 'taken',
  },
  {
    id: 'S-backslash',
    input: 'a dataset written with a backslash',
    answers: {},
    call: { tool: 'get_dataset', args: { dataset: 'amber\\docs' } },
    expect: { isError: false, must: ['amber/docs'] },
    right: 'understood',
  },
  {
    id: 'S-uptime-and-date',
    input: 'a scrub that never was',
    answers: {
      'pool.query': [pool('amber', { scan: null })],
      'core.get_jobs': [job(3, 'x.y', { time_finished: daysAgo(3) })],
    },
    call: { tool: 'get_pool', args: { pool: 'amber' } },
    expect: { isError: false, must: ['scan: never'] },
    right: 'never, as null says',
  },
];
