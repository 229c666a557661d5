/** A fresh installation: it boots, the disks are built in, and nothing is set up. */
import { MIXED_CERTIFICATES } from '../world/certificates.ts';
import { NO_CLIENTS } from '../world/clients.ts';
import { DISK_MODELS, sataDisks } from '../world/disks.ts';
import { noS3 } from '../world/s3.ts';
import { noShares } from '../world/shares.ts';
import { noTasks } from '../world/tasks.ts';
import { DAY_MS, HOUR_MS } from '../world/units.ts';
import { noWorkloads } from '../world/workloads.ts';
import type { Blueprint } from './blueprint.ts';

const { HDD_8T, NVME_BOOT } = DISK_MODELS;

/** No service is switched on. */
const ALL_OFF = ['cifs', 'iscsitarget', 'nfs', 'snmp', 'ssh', 'ups', 'nvmet', 's3'];

export const BARE: Blueprint = {
  disks: [...sataDisks('abcd', HDD_8T), ['nvme0n1', NVME_BOOT]],
  pools: [],
  bootDisks: ['nvme0n1'],
  tree: {},
  directories: [],
  household: { groups: [], users: [] },
  certificates: MIXED_CERTIFICATES.slice(0, 1).map((each) => ({ ...each, ageDays: 0, daysLeft: 397 })),
  services: Object.fromEntries(ALL_OFF.map((name) => [name, [false, false]])),
  audit: { work: [], wasGuessedAt: false },
  settings: {
    systemdataset: { pool: 'boot-pool', pool_set: false, basename: 'boot-pool/.system' },
    docker: { pool: null, dataset: null },
    mail: { fromemail: '', fromname: '', outgoingserver: '', user: null, pass: null, smtp: false },
  },
  measuredDays: HOUR_MS / DAY_MS,
  upMs: HOUR_MS,
  isBusy: false,
  isPlain: true,
  shares: noShares,
  tasks: noTasks,
  workloads: noWorkloads,
  s3: noS3,
  clients: () => NO_CLIENTS,
  alerts: () => undefined,
  pastJobs: () => [],
};
