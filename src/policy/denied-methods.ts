/** Methods that are never called, with reasons. Data only; denials.ts applies it. */

import { API_KEYS_PLACE } from '../truenas/api-key.ts';
import { SECRET_COLUMNS } from './secret-fields.ts';

export interface DeniedMethods {
  /** Names, or `ns.*` for everything under a namespace. */
  readonly methods: readonly string[];
  readonly except?: readonly string[];
  /** Completes "is never called by this server:", without a full stop. */
  readonly reason: string;
  readonly instead?: string;
}

export const DENIED_METHODS: readonly DeniedMethods[] = [
  // Calls that run any other method.
  {
    methods: ['core.bulk'],
    reason: 'it runs any other method, around every check made here',
    instead: 'one call per item',
  },
  {
    methods: ['failover.call_remote'],
    reason: 'it runs any method on the other controller, around every check made here',
  },
  {
    methods: [
      'core.set_options',
      'core.subscribe',
      'core.unsubscribe',
      'core.resize_shell',
      'privilege.become_readonly',
    ],
    reason: 'it changes the connection that all calls share',
  },
  {
    methods: ['core.job_wait'],
    reason: 'it is a job that waits for a job',
    instead: 'get_job, or core.get_jobs with a filter on id',
  },

  // Credentials and sign-in.
  {
    methods: ['auth.*'],
    except: ['auth.me', 'auth.mechanism_choices', 'auth.sessions', 'auth.twofactor.config'],
    reason: 'it mints, uses or ends credentials and sessions; the server signs in by itself',
  },
  {
    methods: ['api_key.create', 'api_key.update', 'api_key.delete', 'api_key.convert_raw_key'],
    reason: 'it makes, renews, removes or takes in an API key, although TrueNAS grants it to read-only users',
    instead: `the TrueNAS web interface, ${API_KEYS_PLACE}`,
  },
  {
    methods: [
      'user.renew_2fa_secret',
      'user.set_password',
      'user.setup_local_administrator',
      'user.unset_2fa_secret',
    ],
    reason: 'it hands out, changes or takes away a means of sign-in',
    instead: 'the TrueNAS web interface',
  },
  {
    methods: ['tn_connect.generate_claim_token', 'tn_connect.get_registration_uri'],
    reason: 'its answer is a claim token, with which anybody can take over the management of this NAS',
    instead: 'the TrueNAS web interface',
  },
  {
    methods: ['keychaincredential.remote_ssh_semiautomatic_setup'],
    reason: "it signs in to another NAS with that NAS's password or token",
    instead: 'the TrueNAS web interface',
  },

  // Answers that are a secret.
  {
    methods: [
      'pool.dataset.export_key',
      'pool.dataset.export_keys',
      'pool.dataset.export_keys_for_replication',
    ],
    reason: 'its answer is encryption keys of datasets',
    instead: 'the TrueNAS web interface, Datasets > Export Key',
  },
  { methods: ['pool.dataset.encryption_summary'], reason: 'it is fed with encryption keys' },
  {
    methods: ['system.advanced.sed_global_password'],
    reason: 'its answer is the password of the self-encrypting disks',
    instead: 'system.advanced.sed_global_password_is_set',
  },
  {
    methods: ['keychaincredential.generate_ssh_key_pair', 'nvmet.host.generate_key'],
    reason: 'its answer is a private key',
  },
  {
    methods: Object.keys(SECRET_COLUMNS).map((namespace) => `${namespace}.get_instance`),
    reason: 'its answer holds keys or passwords and cannot be asked for in part',
    instead: 'the query of the same namespace with "select"',
  },
  {
    methods: ['vm.get_display_devices'],
    reason: 'its answer holds the passwords of virtual machine displays',
    instead: 'vm.device.query',
  },
  {
    methods: ['app.config'],
    reason: 'the settings of an app hold passwords and keys under any name',
    instead: 'app.query (state, ports, volumes, images)',
  },
  {
    methods: ['config.save', 'system.debug', 'core.debug'],
    reason: 'it packs configuration with its secrets into a file',
    instead: 'the TrueNAS web interface',
  },

  // Raw files, shells, other machines.
  {
    methods: [
      'filesystem.get',
      'filesystem.put',
      'filesystem.file_receive',
      'filesystem.file_get_contents',
      'config.upload',
      'update.file',
    ],
    reason: 'it moves the raw content of files',
    instead: 'a share, or scp',
  },
  {
    methods: ['core.download', 'core.job_download_logs', 'audit.download_report', 'vm.log_file_download'],
    reason: 'its answer is a link that hands a file to whoever holds it',
    instead: 'get_job shows the end of a log; audit.query reads the audit trail',
  },
  { methods: ['audit.export'], reason: 'it writes a file on the NAS', instead: 'audit.query' },
  {
    methods: ['support.new_ticket', 'support.attach_ticket', 'support.similar_issues'],
    reason: 'it sends text from here to the vendor',
    instead: 'the TrueNAS web interface',
  },
  {
    methods: [
      'vmware.get_datastores',
      'vmware.match_datastores_with_datasets',
      'cloudsync.credentials.verify',
    ],
    reason: 'it takes a password and connects to a host named in the arguments',
  },

  // Answers without a bound.
  {
    methods: ['pool.dataset.details'],
    reason: 'its answer is every property of every dataset in one piece',
    instead: 'pool.dataset.query with "select"',
  },
  {
    methods: ['zfs.resource.snapshot.query'],
    reason: 'its answer has no pages, and a dataset may have thousands of snapshots',
    instead: 'pool.snapshot.query with "filters", "select" and "limit"',
  },
  {
    methods: ['pool.filesystem_choices'],
    reason: 'its answer is the name of every dataset in one piece',
    instead: 'pool.dataset.query with "select" and "limit"',
  },
  {
    methods: ['catalog.apps'],
    reason: 'its answer is the whole app catalog in one piece, several megabytes',
    instead: 'app.available with "filters" and "select"',
  },
];
