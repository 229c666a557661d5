/**
 * Where TrueNAS keeps secrets under names that do not say so, by namespace or method; what a name says is not repeated
 * here. A NAS hides these itself only from accounts that may not write, and not in answers that it could not check.
 */

/**
 * Endings of dotted paths, list positions left out; everything below such a place is secret. The empty path stands for
 * the whole answer.
 */
export const SECRET_PATHS: Readonly<Record<string, readonly string[]>> = {
  'acme.dns.authenticator': ['attributes'],
  alertservice: ['attributes'],
  api_key: ['key'],
  app: ['config', 'values', 'custom_compose_config', 'custom_compose_config_string'],
  'app.config': [''],
  'app.registry': ['username'],
  'auth.generate_onetime_password': [''],
  'auth.generate_token': [''],
  'cloudsync.credentials': ['provider', 'attributes'],
  container: ['environment', 'initenv'],
  // A passphrase is an argument of both by its place alone, and CORE 13 shows arguments of jobs.
  'disk.decrypt': [''],
  'kerberos.keytab': ['file'],
  keychaincredential: ['attributes'],
  'nvmet.host.generate_key': [''],
  pool: ['encryption_options.key'],
  'pool.dataset': ['key', 'encryption_options.key'],
  'pool.dataset.export_key': [''],
  'pool.dataset.export_keys': [''],
  'pool.dataset.export_keys_for_replication': [''],
  'pool.lock': [''],
  ssh: ['host_key'],
  'system.advanced.sed_global_password': [''],
  'system.general': ['ui_certificate'],
  'tn_connect.generate_claim_token': [''],
  'tn_connect.get_registration_uri': [''],
  ups: ['extrausers'],
  'virt.instance': ['environment', 'raw'],
};

/** The same for any method: these travel inside the rows of others. */
export const SECRET_ANYWHERE: readonly string[] = [
  'credentials.attributes',
  'credentials.provider',
  'provisioning_uri',
  'ssh_credentials.attributes',
];

/** Of a secret object, the fields that say what it is and are none. */
export const SHOWN_BELOW: Readonly<Record<string, readonly string[]>> = {
  attributes: ['type'],
  provider: ['type'],
  'ssh_credentials.attributes': ['type', 'host', 'port', 'username', 'connect_timeout'],
  ui_certificate: [
    ...[
      'id',
      'name',
      'type',
      'cert_type',
      'common',
      'san',
      'issuer',
      'DN',
      'from',
      'until',
      'expired',
      'lifetime',
    ],
    ...['serial', 'fingerprint', 'key_type', 'key_length', 'digest_algorithm', 'renew_days', 'revoked'],
  ],
};

/** Named like a secret, but an object that only describes one. */
export const DESCRIBED: readonly string[] = [
  'attribute_maps.passwd',
  'credentials_data.api_key',
  'data.api_key',
];

/** Texts that people put passwords into. They are shown, freed of what looks like one, but never compared with. */
export const HOLDING_SECRETS: Readonly<Record<string, readonly string[]>> = {
  app: ['notes'],
  cloud_backup: ['args', 'pre_script', 'post_script'],
  cloudsync: ['args', 'pre_script', 'post_script'],
  'core.get_jobs': ['arguments', 'error', 'exc_info', 'exception', 'logs_excerpt', 'result'],
  cronjob: ['command'],
  initshutdownscript: ['command', 'script'],
  'reporting.exporters': ['attributes'],
  rsynctask: ['extra'],
  'sharing.smb': ['auxsmbconf'],
  tunable: ['value'],
  vm: ['command_line_args'],
};

/** The same for any method: rows of tasks carry their last job. */
export const HOLDING_SECRETS_ANYWHERE = [
  'arguments',
  'error',
  'exc_info',
  'exception',
  'logs_excerpt',
  'result',
].map((field) => `job.${field}`);
