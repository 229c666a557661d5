/** Names that announce a secret, and names that only look so. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

const NAMES = [
  ...['apitoken', 'authtoken', 'accesstoken', 'refreshtoken', 'bottoken', 'usertoken', 'sessiontoken'],
  ...[
    'csrftoken',
    'plextoken',
    'idtoken',
    'devicetoken',
    'apiTokens',
    'BOTTOKEN',
    'tokenvalue',
    'tokenSecret',
  ],
  ...['accesskey', 'encryptionkey', 'masterkey', 'signingkey', 'sharedkey', 'sessionkey', 'securitykey'],
  ...['licensekey', 'accountkey', 'wifi_key', 'wpaKey', 'wep_key', 'integration_key', 'decryption_key'],
  ...[
    'user_key',
    'luks_key',
    'join_key',
    'aes_key',
    'fernet_key',
    'subscription_key',
    'rsakey',
    'storagekey',
  ],
  ...['userpass', 'dbpasswd', 'adminpw', 'adminpw1', 'rootpwd', 'pswd', 'wpapsk', 'wifi_psk', 'presharedkey'],
  ...[
    'passwort',
    'kennwort',
    'pin_code',
    'pincode',
    'seed_phrase',
    'mnemonic',
    'recovery_codes',
    'backupcodes',
  ],
  ...['auth', '_auth', 'basic_auth', 'http_auth', 'httpauth', 'proxyAuth', 'REGISTRY_AUTH', 'SMTP_AUTH'],
  ...['CREDENTIALS', 'AWS_CREDENTIALS', 'DB_CREDS', 'db_credentials', 'creds', 'awscreds', 'credentials'],
  ...['APP_KEY', 'SOME_KEY', 'JENKINS_SERVER_KEY', 'STRIPE_KEY', 'APP_KEY_PROD', 'X_KEY_2', 'FOO_KEYS'],
  ...[
    'webhook_url',
    'webhookUri',
    'slack_webhook',
    'nextcloud/password',
    'smtp/api_token',
    'app.io/secret_key',
  ],
];

describe('a name that announces a secret', () => {
  test.each(NAMES)('%s is known as a key', (name) => {
    expect(redactor.value({ [name]: PLAIN })).toEqual({ [name]: REDACTED });
    expect(redactor.value([{ deep: { [name]: PLAIN } }], { method: 'x.query' })).toEqual([
      { deep: { [name]: REDACTED } },
    ]);
  });

  areTakenOut(
    NAMES.flatMap((name) => [
      [`${name} in an assignment`, `x ${name}=${PLAIN} y`, PLAIN] as const,
      [`${name} in JSON in a text`, `sent {"${name}": "${PLAIN} x"} to`, PLAIN] as const,
      [`${name} as an option`, `tool --${name} ${PLAIN}`, PLAIN] as const,
    ]),
  );
});

test.each<[name: string, value: unknown]>([
  ['auth', 'CHAP'],
  ['auth', 'none'],
  ['auth', 'ldap'],
  ['auth', 1],
  ['auth', null],
  ['smtp_auth', 'login'],
  ['http_auth', 'digest'],
  ['discovery_auth', 'CHAP_MUTUAL'],
  ['credentials', 'LOGIN_PASSWORD'],
  ['credentials', 3],
  ['credentials', { id: 3, name: 'backup to the cloud' }],
  ['credential', { credential_type: 'KERBEROS_PRINCIPAL', principal: 'HOST$@EXAMPLE.COM' }],
  ['GOOGLE_APPLICATION_CREDENTIALS', '/run/secrets/google.json'],
  ['credentials', '/root/.smbcredentials'],
  ['PUBLIC_KEY', 'plain'],
  ['SORT_KEY', 'plain'],
  ['PRIMARY_KEY', 'plain'],
  ['SSH_KEY_PAIR', 'plain'],
  ['HOST_KEY_FILE', 'plain'],
  ['primary_key', 'plain'],
  ['sort_key', 'plain'],
  ['PWD', '/home/me'],
  ['OLDPWD', '/mnt/tank'],
  ['Community', '25.10'],
  ['community', '25.10.1'],
  ['maxtokens', 'plain'],
  ['max_tokens', 'plain'],
  ['tokenizer', 'plain'],
  ['token_endpoint', 'plain'],
  ['oauth_provider', 'plain'],
  ['author', 'plain'],
  ['authority', 'plain'],
  ['authmethod', 'plain'],
  ['authenticator', 'plain'],
  ['keyboard', 'plain'],
  ['monkey', 'plain'],
  ['turkey', 'plain'],
  ['hockey', 'plain'],
  ['key', 'tank/media'],
  ['key', '["system", "ScrubFinished", "tank"]'],
  ['key', '550e8400-e29b-41d4-a716-446655440000'],
  ['encompass', 'plain'],
  ['tank/secrets', 'plain'],
  ['tank/tokens/old', 'plain'],
  ['tank/password-store', 'plain'],
  ['pass_start', 1_761_000_000],
  ['pass_issued', 12_345_678],
  ['signature', 'plain'],
])('%s: %j stays readable', (name, value) => {
  const row = { [name]: value };
  expect(redactor.value([row, { deep: row }], { method: 'x.query' })).toEqual([row, { deep: row }]);
});

describe('a text about names', () => {
  stayAsTheyAre([
    ['a working directory', 'PWD=/home/me OLDPWD=/mnt/tank'],
    ['a working directory on Windows', 'PWD=C:\\Users\\me'],
    ['an edition', 'Community: 25.10'],
    ['an edition with a patch', 'TrueNAS Community Edition: 25.10.1\nCommunity: 25.10-RC.1'],
    ['a method of sign-in', 'auth=sys,smtp_auth=login, AUTH: CRAM-MD5\nauth: none'],
    ['a path of credentials', 'mount -o credentials=/root/.smbcredentials,vers=3'],
    ['prose about auth', 'auth: failed for user alice; credentials: expired; creds: missing'],
    ['credentials of a session', 'credentials: LOGIN_PASSWORD'],
    ['a primary key', 'PRIMARY_KEY=id SORT_KEY=name'],
    ['a key of an alert', 'key=550e8400-e29b-41d4-a716-446655440000'],
  ]);
});
