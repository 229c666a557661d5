/** NASes with one trouble each, so that a verdict hangs on one fact; and one without any. */
import { HEALTHY_NAS } from '../../nas-cases/support/healthy-nas.ts';
import {
  alert,
  cloudSync,
  dataset,
  daysAgo,
  failedJob,
  failedRun,
  failedState,
  member,
  pool,
  replication,
  scrub,
  service,
  snapshotTask,
  vdev,
} from '../../nas-cases/support/rows.ts';

/** A NAS in memory. */
export interface World {
  readonly name: string;
  /** The methods that tell of the trouble; the others are as on the NAS without any. */
  readonly methods: readonly string[];
  readonly answers: Readonly<Record<string, unknown>>;
}

const TIB = 1024 ** 4;

const TROUBLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a degraded pool': {
    'pool.query': [
      pool(
        'amber',
        {
          status: 'DEGRADED',
          healthy: false,
          status_code: 'FAULTED_DEV_R',
          status_detail: 'One or more devices are faulted.',
        },
        { data: [vdev('mirror-0', 'MIRROR', [member('sda'), member('sdb', 'FAULTED')], 'DEGRADED')] },
      ),
    ],
  },
  'a pool that is ONLINE and not healthy': {
    'pool.query': [
      pool('amber', { healthy: false, status_code: 'CORRUPT_DATA', status_detail: 'Data is lost.' }),
    ],
  },
  'a pool with a warning': {
    'pool.query': [
      pool('amber', { warning: true, status_code: 'REMOVED_DEV', status_detail: 'A disk is gone.' }),
    ],
  },
  'a pool nearly full': { 'pool.query': [pool('amber', { allocated: 7.8 * TIB, free: 0.2 * TIB })] },
  'a pool rather full': { 'pool.query': [pool('amber', { allocated: 7 * TIB, free: TIB })] },
  'a scrub with errors': { 'pool.query': [pool('amber', { scan: scrub({ errors: 3 }) })] },
  'a scrub long ago': {
    'pool.query': [pool('amber', { scan: scrub({ start_time: daysAgo(201), end_time: daysAgo(200) }) })],
  },
  'a degraded boot pool': {
    'boot.get_state': pool('boot-pool', {
      id: null,
      status: 'DEGRADED',
      healthy: false,
      status_detail: 'A disk is gone.',
    }),
  },
  'a hot disk': { 'disk.temperatures': { sda: 33, sdb: 71 } },
  'a critical alert': { 'alert.list': [alert({ level: 'CRITICAL' })] },
  'an alert': { 'alert.list': [alert()] },
  'a service that does not run': { 'service.query': [service(1, 'cifs', { state: 'STOPPED', pids: [] })] },
  'a locked dataset': {
    'pool.dataset.query': [dataset('amber'), dataset('amber/vault', { encrypted: true, locked: true })],
  },
  'a failed job': {
    'core.get_jobs': [failedJob(9, 'app.upgrade', '[EFAULT] the image could not be pulled')],
  },
  'a failed snapshot task': {
    'pool.snapshottask.query': [snapshotTask(1, 'amber/docs', { state: failedState('out of space') })],
  },
  'a failed replication': {
    'replication.query': [replication(1, 'docs to the cellar', { state: failedState('no common snapshot') })],
  },
  'a replication on hold': {
    'replication.query': [
      replication(1, 'docs to the cellar', {
        state: { state: 'HOLD', datetime: daysAgo(1), reason: 'locked' },
      }),
    ],
  },
  'a replication that does not run': {
    'replication.query': [
      replication(1, 'docs to the cellar', { state: { state: 'FINISHED', datetime: daysAgo(90) } }),
    ],
  },
  'a failed cloud sync': {
    'cloudsync.query': [
      cloudSync(1, 'docs to the cloud', { job: failedRun(31, 'cloudsync.sync', 'quota exceeded') }),
    ],
  },
};

/** A NAS where everything was seen and nothing is wrong, with rows in every part. */
const QUIET: World = {
  name: 'no trouble',
  methods: [],
  answers: {
    ...HEALTHY_NAS,
    'alert.list': [alert({ level: 'CRITICAL', dismissed: true })],
    'cloudsync.query': [
      cloudSync(1, 'docs to the cloud', {
        job: { ...failedRun(31, 'cloudsync.sync', ''), state: 'SUCCESS', error: null },
      }),
    ],
  },
};

/** All of them, the quiet one first. */
export const WORLDS: readonly World[] = [
  QUIET,
  ...Object.entries(TROUBLES).map(([name, answers]) => ({
    name,
    methods: Object.keys(answers),
    answers: { ...HEALTHY_NAS, ...answers },
  })),
];

/**
 * Fields of the quiet NAS on which its verdict hangs, by method: when one is odd, it is not known to be well. Null is lawful
 * where it means "none yet" (the state of a replication that has never run, a pool that was never scrubbed).
 */
export const JUDGED_FIELDS: Readonly<Record<string, RegExp>> = {
  'pool.query': /^\[\]\.(?:status|healthy|size|allocated|scan\.(?:state|errors))$/u,
  'boot.get_state': /^(?:status|healthy|size|allocated)$/u,
  'alert.list': /^\[\]\.dismissed$/u,
  'service.query': /^\[\]\.(?:enable|state)$/u,
  'pool.snapshottask.query': /^\[\]\.state\.state$/u,
  'replication.query': /^\[\]\.state\.state$/u,
  'cloudsync.query': /^\[\]\.job\.state$/u,
};

/** As {@link JUDGED_FIELDS}, for fields that may be null. */
export const JUDGED_BUT_NULLABLE: Readonly<Record<string, RegExp>> = {
  'pool.query': /^\[\]\.scan$/u,
  'disk.temperatures': /^\w+$/u,
  'replication.query': /^\[\]\.state$/u,
  'cloudsync.query': /^\[\]\.job$/u,
};

/** Fields whose being null or absent is lawful and says that there is no trouble. */
export const LAWFUL_NULLS: Readonly<Record<string, RegExp>> = {
  'pool.query': /^\[\]\.(?:scan(?:\.\w+)?|status_code|status_detail)$/u,
  'boot.get_state': /^(?:scan(?:\.\w+)?|status_code|status_detail)$/u,
  'disk.temperatures': /^\w+$/u,
  'replication.query': /^\[\]\.(?:state|state\.(?:datetime|error|reason)|schedule|job)$/u,
  'pool.snapshottask.query': /^\[\]\.(?:state|state\.(?:datetime|error|reason))$/u,
  'cloudsync.query': /^\[\]\.(?:job|job\.error)$/u,
};

/** Methods that tell nothing of how well a NAS is: whose key it is, for one. */
export const NOT_ABOUT_HEALTH: ReadonlySet<string> = new Set(['auth.me']);
