/** Names of fields that hold secrets, as TrueNAS spells them; used where a call *names* a field. */

const SECRET_NAMES = new Set([
  ...[
    'privatekey',
    'private_key',
    'ssh_private_key',
    'unixhash',
    'smbhash',
    'keyhash',
    'salt',
    'encryption_salt',
  ],
  ...['stored_key', 'server_key', 'client_key', 'secret', 'peersecret', 'dhchap_key', 'dhchap_ctrl_key'],
  ...[
    'pass',
    'passwd',
    'passphrase',
    'bindpw',
    'oauth',
    'service_account_credentials',
    'custom_compose_config',
  ],
  ...[
    'custom_compose_config_string',
    'access_key_id',
    'monpwd',
    'host_dsa_key',
    'host_ecdsa_key',
    'host_ed25519_key',
    'host_rsa_key',
    'password_history',
    'key',
    'encryption_key',
    'raw',
  ],
]);

const SECRET_WORDS =
  /(password|passwd|passphrase|secret|token|private_?key|priv_?key|auth_?key|api_?key|service_key|_hash$)/;

/** Endings and beginnings that make a secret's name a fact about it: `password_disabled`, `has_password`. */
const HARMLESS =
  /^(is|has|can)_|_(disabled|enabled|age|set|is_set|choices|type|format|required|change_required|expir\w*|id)$|^(ssh_)?password_enabled$|^passwordauth$|^tokens?_?(type|ttl)$/;

/** Columns of a query that are secrets as a whole, by namespace: such rows are only read without them. */
export const SECRET_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  'acme.dns.authenticator': ['attributes'],
  alertservice: ['attributes'],
  certificate: ['privatekey'],
  certificateauthority: ['privatekey'],
  'cloudsync.credentials': ['attributes', 'provider'],
  'kerberos.keytab': ['file'],
  keychaincredential: ['attributes'],
  'reporting.exporters': ['attributes'],
};

/** True for the name of a field that holds a secret. */
export function isSecretFieldName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll('-', '_');
  if (SECRET_NAMES.has(plain)) return true;
  return SECRET_WORDS.test(plain) && !HARMLESS.test(plain);
}

/** True when any part of a dotted path (as in a filter or a `select`) names a secret. */
export function namesSecret(path: string): boolean {
  return path.split('.').some(isSecretFieldName);
}
