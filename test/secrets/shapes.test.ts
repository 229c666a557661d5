/** Secrets in texts and in values whatever they are called and however they are written, and what must stay readable. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { withoutShapes } from '../../src/output/redact/shapes/index.ts';
import { maySecretBeIn } from '../../src/output/redact/suspicion.ts';

const KEY = `7-${'k3Zq9LwT'.repeat(8)}`;
const redactor = createRedactor({ ownSecrets: [KEY] });

/** Looks like nothing; only its surroundings can give it away. */
const PLAIN = 'Sesame-7x4Q';
const BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
const armoured = (label: string): string => `-----BEGIN ${label}-----\n${BODY}\n-----END ${label}-----`;
const RSA = armoured('RSA PRIVATE KEY');
const CERTIFICATE = armoured('CERTIFICATE');
const HEX32 = '8846f7eaee8fb117ad06bdd830b7586c';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret in a text', () => {
  const cases: readonly (readonly [name: string, text: string, secret: string])[] = [
    ['an RSA key', RSA, BODY],
    ['an OpenSSH key', armoured('OPENSSH PRIVATE KEY'), BODY],
    ['an encrypted key', armoured('ENCRYPTED PRIVATE KEY'), BODY],
    ['a PGP key', armoured('PGP PRIVATE KEY BLOCK'), BODY],
    [
      'an OpenVPN static key',
      `-----BEGIN OpenVPN Static key V1-----\n${HEX32}\n-----END OpenVPN Static key V1-----`,
      HEX32,
    ],
    [
      'an SSH2 key',
      `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${BODY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
      BODY,
    ],
    ['a PuTTY key', `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${BODY}\nPrivate-MAC: 00ff`, BODY],
    ['an age key', `AGE-SECRET-KEY-1${'QPZRY9X8'.repeat(6)}`, 'QPZRY9X8QPZRY9X8'],
    ['a key whose line breaks are escaped', RSA.replaceAll('\n', '\\n'), BODY],
    ['a key whose line breaks became cells', RSA.replaceAll('\n', '  |  '), BODY],
    ['a key that was cut off', RSA.slice(0, 60), BODY.slice(0, 20)],
    ['a key inside a URL', `next=${encodeURIComponent(RSA)}`, BODY.slice(0, 40)],
    ['a key inside a form', `k=${RSA.replaceAll(' ', '+').replaceAll('\n', '%0A')}`, BODY],
    ['Base64 of a key', base64(RSA), base64(RSA).slice(40, 80)],
    ['Base64 of a key, shifted by one', base64(`x${RSA}`), base64(`x${RSA}`).slice(60, 90)],
    ['Base64 of a key, shifted by two', base64(`xy${RSA}`), base64(`xy${RSA}`).slice(60, 90)],
    ['Base64 of a key in lines', base64(RSA).replace(/.{64}/gu, '$&\n'), base64(RSA).slice(70, 100)],
    ['a crypt hash', 'root:$6$rounds=656000$abcdefgh$Zm9vYmFyYmF6cXV4:19000:0', 'Zm9vYmFyYmF6cXV4'],
    ['a bcrypt hash', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi', 'URNNX3kh2OPST9'],
    ['a yescrypt hash', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o', 'X3DX6M94c7o'],
    ['an argon2 hash', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b', 'RdescudvJCsgt3ub'],
    ['an LDAP hash', '{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3', 'DkMTwBl+a'],
    ['an NT hash as in smbpasswd', `root:0:${'X'.repeat(32)}:${HEX32}:[U          ]:LCT-5F5F`, HEX32],
    ['an NT hash after a name', `administrator:${HEX32}`, HEX32],
    ['an API key of any NAS', `key 12-${'Zy9'.repeat(21)}q.`, 'Zy9Zy9Zy9Zy9'],
    ['a bearer token', `Authorization: Bearer ${PLAIN}`, PLAIN],
    [
      'a bearer token in JSON in JSON',
      JSON.stringify(JSON.stringify({ Authorization: `Bearer ${PLAIN}` })),
      PLAIN,
    ],
    ['a token in a header of its own', `X-Auth-Token: ${PLAIN}`, PLAIN],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJuYXMifQ.c2lnbmF0dXJl', 'eyJzdWIi'],
    [
      'a tunnel token',
      base64(JSON.stringify({ a: 'account', t: 'tunnel', s: 'a-secret-of-some-length' })),
      'YWNjb3Vu',
    ],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7'],
    ['a Google API key', `AIza${'Sy7-_'.repeat(7)}`, 'Sy7-_Sy7-_'],
    ['an Azure storage key', `${'a1B2'.repeat(21)}c3==`, 'a1B2a1B2'],
    ['an Azure connection string', `AccountName=nas;AccountKey=${PLAIN};Endpoint=x`, PLAIN],
    ['an Azure signature', `https://nas.blob.core.windows.net/c?sv=2024&sig=${PLAIN}`, PLAIN],
    ['a GitHub token', `ghp_${'a1B2c3'.repeat(6)}`, 'a1B2c3a1B2c3'],
    ['a Slack token', 'xoxb-123456789012-abcDEF', 'abcDEF'],
    ['a Slack webhook', 'https://hooks.slack.com/services/T000/B000/XXXXYYYYZZZZ', 'XXXXYYYYZZZZ'],
    ['a Discord webhook', 'https://discord.com/api/webhooks/12345/abcdefGHIJKL', 'abcdefGHIJKL'],
    ['a Telegram token', '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX', 'AAHdqTcvCH1v'],
    [
      'a WireGuard key',
      `[Interface]\nPrivateKey = ${base64('0123456789abcdef0123456789abcdef')}\n`,
      base64('012345678'),
    ],
    [
      'a WireGuard shared key',
      `PresharedKey=${base64('0123456789abcdef0123456789abcdef')}`,
      base64('012345678'),
    ],
    ['a password in a URL', `smb://alice:${PLAIN}@nas.local/share`, PLAIN],
    ['a password with a slash and an at sign in a URL', `postgres://alice:p@ss/${PLAIN}@db:5432/x`, PLAIN],
    ['a password in a mount', `mount //alice:${PLAIN}@nas/share /mnt`, PLAIN],
    ['a one-time password seed', `otpauth://totp/nas?secret=${PLAIN}&issuer=iX`, PLAIN],
    ['a password in a query', `GET /login?user=a&password=${PLAIN} HTTP/1.1`, PLAIN],
    ['an option with =', `rclone sync --s3-secret-access-key=${PLAIN} a b`, PLAIN],
    ['an option without =', `restic --password ${PLAIN} backup`, PLAIN],
    ['a variable', `MYSQL_ROOT_PASSWORD=${PLAIN} mysqld`, PLAIN],
    ['a variable in one word', `PGPASSWORD=${PLAIN} psql`, PLAIN],
    ['a quoted option', `x --token "${PLAIN} and more"`, `${PLAIN} and more`],
    ['a password inside a quoted command', `command="mysqldump --password=${PLAIN} all"`, PLAIN],
    [
      'a password inside a command inside JSON',
      JSON.stringify({ job: `backup --password=${PLAIN} /mnt` }),
      PLAIN,
    ],
    ['curl -u', `curl -s -u admin:${PLAIN} https://x`, PLAIN],
    ['mysql -p', `mysqldump -u root -p${PLAIN} all`, PLAIN],
    ['sshpass', `sshpass -p ${PLAIN} ssh a@b`, PLAIN],
    ['smbclient -U', `smbclient -U alice%${PLAIN} //nas/x`, PLAIN],
    ['a line of YAML', `services:\n  db:\n    POSTGRES_PASSWORD: ${PLAIN}\n    image: postgres`, PLAIN],
    ['a line of an ini file', `[rpc]\nrpc_password = ${PLAIN} and more\nport = 1`, `${PLAIN} and more`],
    ['JSON in a text', `payload {"bindpw": "${PLAIN}", "port": 1} sent`, PLAIN],
    ['JSON in JSON in a text', `payload {\\"bindpw\\": \\"${PLAIN}\\"} sent`, PLAIN],
    ['a name and its value in a text', `env [{"name": "DB_PASSWORD", "value": "${PLAIN}"}] set`, PLAIN],
    [
      'a value and its name in a text',
      `env [{\\"value\\":\\"${PLAIN}\\",\\"name\\":\\"DB_PASSWORD\\"}] set`,
      PLAIN,
    ],
    ['the repr of a Python dict', `{'password': '${PLAIN}', 'port': 1}`, PLAIN],
    ['a connection string', `Server=db;User Id=sa;Password=${PLAIN};`, PLAIN],
    ['SQL', `ALTER USER 'a'@'%' IDENTIFIED BY '${PLAIN}'`, PLAIN],
    ['an SNMP community', `syslocation here\nrocommunity ${PLAIN} 192.0.2.0/24\n`, PLAIN],
    ['an SNMP community in quotes', `rwcommunity6 "${PLAIN} x" default`, `${PLAIN} x`],
    ['an SNMP community with a name', `com2sec reader default ${PLAIN}`, PLAIN],
    ['an SNMP community of traps', `trap2sink 192.0.2.4 ${PLAIN}`, PLAIN],
    ['an SNMP user', `createUser ro SHA "${PLAIN}" AES other`, PLAIN],
    ['the second password of an SNMP user', `createUser -e 0x80 ro SHA-512 "an other" AES ${PLAIN}`, PLAIN],
    ['a password of Redis', `port 6379\nrequirepass ${PLAIN}\n`, PLAIN],
    ['ipmitool -P', `ipmitool -I lanplus -H bmc -U admin -P ${PLAIN} chassis status`, PLAIN],
    ['upscmd -p', `upscmd -u admin -p ${PLAIN} ups@localhost test.battery.start`, PLAIN],
    ['ldapsearch -w', `ldapsearch -D cn=admin -w ${PLAIN} -b dc=x`, PLAIN],
    ['snmpwalk -c', `snmpwalk -v2c -c ${PLAIN} 192.0.2.4 system`, PLAIN],
    ['snmpget -A and -X', `snmpget -v3 -u ro -A "first one" -X ${PLAIN} 192.0.2.4`, PLAIN],
    ['chpasswd', `echo "root:${PLAIN}" | chpasswd`, PLAIN],
    ['an element of XML', `<source protocol="rbd"><auth><password>${PLAIN}</password></auth>`, PLAIN],
    ['an element that is called as its secret', '<b><password>password</password></b>', '>password<'],
    ['an attribute of XML', `<add key="DbPassword" value="${PLAIN} x"/>`, `${PLAIN} x`],
    ['a block of YAML', `db:\n  password: |\n    ${PLAIN}\n    more\n  port: 1`, PLAIN],
    [
      'a folded block of YAML in another',
      `x:\nfiles: |\n  - client_secret: >-\n      ${PLAIN}\n  - x`,
      PLAIN,
    ],
    ['a block of YAML with an empty line', `db:\n  password: |\n    a\n\n    ${PLAIN}\n  port: 1`, PLAIN],
    ['a block of YAML with a comment', `db:\n  password: | # of it\n    ${PLAIN}\n  port: 1`, PLAIN],
    ['a command with tabs', `upsrw\t-p\t${PLAIN}\tups`, PLAIN],
    ['a key of an NVMe-oF host', `DHHC-1:01:${'aB3dE5gH'.repeat(5)}ab==:`, 'aB3dE5gH'],
    ['a shared key of NVMe-oF', `NVMeTLSkey-1:01:${'aB3dE5gH'.repeat(5)}ab==:`, 'aB3dE5gH'],
    ['a key of a dataset in hexadecimal', `tank/a: key ${HEX32}${HEX32} is wrong`, HEX32],
    ['a password inside a percent-encoded form', `x=a%3Dpassword%3D${PLAIN}&y=1`, PLAIN],
    ['.netrc', `machine nas login alice password ${PLAIN}`, PLAIN],
  ];
  test.each(cases)('%s is taken out', (_name, text, secret) => {
    expect(text).toContain(secret);
    const clean = redactor.text(`before ${text}`);
    expect(clean).toContain(REDACTED);
    expect(clean).not.toContain(secret);
    expect(clean.startsWith('before ')).toBe(true);
    expect(JSON.stringify(redactor.value({ note: text }))).not.toContain(secret);
  });

  test.each(cases)('%s is suspicious, and so is every part of it that is taken out', (_name, text) => {
    const parts = Array.from({ length: text.length }, (_, index) => [
      text.slice(index),
      text.slice(0, index),
    ]).flat();
    const missed = parts.filter((part) => !maySecretBeIn(part) && withoutShapes(part) !== part);
    expect(missed).toEqual([]);
  });

  test('a name of letters alone is left as it is, as the patterns would leave it', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'password',
        'secret',
        'sshpass',
        'dckr_pat',
        'ghp',
        'hf',
        'npm',
        'sk',
        'live',
        'eyJabc',
        'AIzaSy',
        'pat',
        'github',
      ),
      fc.stringMatching(/^[A-Za-z]{1,14}$/),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const name = words.join('_');
        // In brackets it is no plain name, so that every pattern looks at it.
        const [plain, looked] = [withoutShapes(name), withoutShapes(`(${name})`)];
        expect(`(${plain})`).toBe(looked);
      }),
      { numRuns: 5000 },
    );
  });

  // With a pattern that tries again from every character this would take hours.
  test.each([
    'a',
    'A1',
    '-',
    '\\\\',
    'a://b',
    '//a:',
    'eyJ',
    'password',
    'key.',
    'curl ',
    '{"',
    'LS0t',
    '-----BEGIN ',
    'snmpget -c ',
    'createUser a b ',
    'com2sec a ',
    '<key ',
    '<password>',
    'key: |\n ',
    'key: |\n\n',
    'key: |#',
    ' \n',
    'echo a:',
    'name="a" value="',
    'echo ',
    'echo a | sudo ',
    '- name: PASSWORD\n  ',
    '{name: A, ',
    '"value":"',
    'value: a\n',
    'tool -u a -p ',
    '-u a:',
    'Cookie: a=1; ',
    'a.b/hooks/',
    'https://a/hooks/',
    '&sig=',
    'X-Signature=',
    '<name>a</name>',
    '<a name="b" ',
    'password = a b ',
    'password=a&',
    'password={',
    'cryptsetup <<< ',
    'sudo -S <<A\n',
    "openssl -k '",
    'redis-cli -a "',
    '-----END PRIVATE KEY-----',
    'PRIVATE KEY-----\n',
    '://a:',
    'hmac-',
  ])('a long text of %j is read in time', (part) => {
    const text = ` key LS0t@ curl BEGIN eyJ $a$ </ chpasswd community sink value= : | ${part.repeat(100_000 / part.length)}`;
    expect(redactor.text(text).length).toBeGreaterThan(0);
  });
});

describe('what only looks like a secret', () => {
  test.each([
    ['a certificate', CERTIFICATE],
    ['Base64 of a certificate', base64(CERTIFICATE)],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk3bVvZ1TqfOvJxYcVJ5cV2yq3mB1vQz9 alice@laptop'],
    ['a public PGP block', armoured('PGP PUBLIC KEY BLOCK')],
    ['an SSH fingerprint', 'SHA256:jZ5nB1xq7C0cV3d8Jp9wq5n0o3TtqfOvJxYcVJ5cV2y'],
    ['an image digest', `docker.io/library/nginx@sha256:${'ab12'.repeat(16)}`],
    ['an MD5 sum', `md5:${HEX32}`],
    ['an MD5 fingerprint', 'MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48'],
    ['a UUID', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    ['a GUID of a pool', '15879539137961201777'],
    ['a NAA', 'naa:6589cfc000000d1c8c2a4c9e8b7f6a5d'],
    ['a serial with its lun', '{serial_lunid}S3Z8NB0K400001_5002538e40a1b2c3'],
    ['a WWN', 'naa.5000c500a1b2c3d4'],
    ['a dataset called secrets', 'tank/secrets/password-store'],
    ['a snapshot', 'tank/home@auto-2026-03-01_00-00'],
    ['a snapshot behind a host', 'replica https://nas.local:443/tank/home@auto-2026'],
    ['an ssh target', 'git@github.com:org/repo.git'],
    ['a mail address', 'alice@example.com'],
    ['a share', '//nas/media'],
    ['a plain URL', 'https://nas.local/ui?x=1&page=2'],
    ['a URL with a port', 'http://192.0.2.4:9000/minio/@health'],
    ['prose about passwords', 'password expired; the password must be changed, see password policy'],
    ['a complaint about an argument', 'password: Field required'],
    ['a complaint about a token', 'api_key: missing'],
    ['a complaint below a list', 'Invalid:\n- password: Field required\n- token: String should be short'],
    ['prose about SNMP', 'snmp community is not set; the rocommunity line was left out'],
    ['XML without a secret', '<name>tank</name><passwordPolicy>strict</passwordPolicy>'],
    ['a block of YAML without a secret', 'notes: |\n  the password is on paper\n'],
    ['a checksum', `sha256 ${HEX32}${HEX32}  key.img`],
    ['an option about passwords', 'ldapsearch -x -W -D cn=admin; ipmitool -I open sdr'],
    ['a refusal of MySQL', "Access denied for user 'a'@'10.0.0.1' (using password: YES)"],
    ['prose about tokens', 'The token is not valid: token expired.'],
    [
      'a setting about passwords',
      'password_disabled: true, min_password_length=12, ssh_password_enabled=false',
    ],
    [
      'a setting about keys',
      'key_format=HEX keylocation=file:///root/key key_loaded=true pbkdf2iters=350000',
    ],
    ['a WireGuard public key', `PublicKey = ${base64('0123456789abcdef0123456789abcdef')}`],
    ['a ZFS property', 'encryption=aes-256-gcm encryptionroot=tank/secret-stuff'],
    ['a version', 'TrueNAS-25.10.1 basic settings, bearer of news'],
    ['a masked value', '{"password": "********"}'],
    ['an interface', 'enp3s0f0: 192.0.2.4/24, fe80::1%enp3s0'],
    ['an NQN', 'nqn.2011-06.com.truenas:uuid:68bf9433-63cf-49f5-8a3c-1e5c9b1ba9a3:vms'],
    ['a cron schedule', '0 3 * * 1-5'],
    ['a sum in Base64', `sha512-${'a1B2'.repeat(21)}c3==`],
    ['an app image', 'ghcr.io/home-assistant/home-assistant:2026.3.1'],
  ])('%s stays as it is', (_name, text) => {
    expect(redactor.text(text)).toBe(text);
    expect(redactor.value({ note: text, list: [text] })).toEqual({ note: text, list: [text] });
  });
});

describe('our own key', () => {
  const secret = KEY.slice(2);
  test.each([
    ['as it is', KEY],
    ['without its number', secret],
    ['in capitals', KEY.toUpperCase()],
    ['in small letters', KEY.toLowerCase()],
    ['its first half', KEY.slice(0, 34)],
    ['its second half', KEY.slice(34)],
    ['a part from the middle', secret.slice(13, 29)],
    ['in Base64', base64(KEY)],
    ['in Base64 behind a user name', base64(`root:${KEY}`)],
    ['in Base64 behind another user name', base64(`admin:${KEY}`)],
    ['in Base64 for URLs', Buffer.from(`ai:${KEY}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(KEY).toString('hex')],
    ['in capital hexadecimal', Buffer.from(KEY).toString('hex').toUpperCase()],
    ['percent-encoded', Buffer.from(KEY).toString('hex').replace(/../gu, '%$&')],
    ['after a letter that is longer in small', `İ${KEY}`],
    ['in a URL', `https://root:${KEY}@nas/`],
    ['in an error of a NAS', `[EINVAL] api_key: '${KEY}' was not found`],
  ])('%s is taken out', (_name, text) => {
    const clean = redactor.text(`before "${text}" after`);
    expect(clean).toContain(REDACTED);
    const parts = Array.from({ length: text.length - 11 }, (_, start) => text.slice(start, start + 12));
    const left = parts.filter(
      (part) => /[A-Za-z0-9+/_%-]{12}/u.test(part) && clean.toLowerCase().includes(part.toLowerCase()),
    );
    expect(left).toEqual([]);
    expect(clean).toMatch(/^before ".* after$|^before \[redacted\] after$/u);
  });

  test('ordinary texts are not mistaken for it', () => {
    const words = createRedactor({ ownSecrets: ['correct-horse-battery-staple', 'short'] });
    expect(words.text('a correct-horse and a battery, in short')).toBe(
      'a correct-horse and a battery, in short',
    );
    expect(words.text('the correct-horse-battery-staple!')).toBe(`the ${REDACTED}!`);
  });
});

describe('a secret in a value', () => {
  test.each([
    ['a name and its value', { name: 'DB_PASSWORD', value: PLAIN }],
    ['a variable and its value', [{ variable: 'adminPass', value: [PLAIN] }]],
    ['JSON in a text', { values: JSON.stringify({ nested: { db: { rootPassword: PLAIN } } }) }],
    ['JSON in JSON', { values: JSON.stringify({ inner: JSON.stringify([{ bindpw: PLAIN }]) }) }],
    ['below a name', { secrets: { a: [PLAIN], b: { c: PLAIN } } }],
    ['a key of an object', { [`password=${PLAIN}`]: 1 }],
    ['camel case', { privateKey: PLAIN, clientSecret: PLAIN, accessToken: PLAIN }],
    ['a word with a number', { password2: PLAIN, PASS1: PLAIN }],
    ['a word after a harmless one', { id_token: PLAIN, file_password: PLAIN, url_secret: PLAIN }],
    ['a word before another', { password_value: PLAIN, DB_PASSWORD_PROD: PLAIN, secret_access_key: PLAIN }],
    ['one word', { PGPASSWORD: PLAIN, rootpw: PLAIN, dbpasswd: PLAIN, AUTHKEY: PLAIN }],
    [
      'arguments of a job',
      { method: 'keychaincredential.create', arguments: [{ attributes: { x: PLAIN } }] },
    ],
    [
      'an entry of the audit trail',
      { event_data: { method: 'app.create', params: [{ values: { x: PLAIN } }] } },
    ],
    ['the result of a job', { method: 'pool.dataset.export_key', result: PLAIN }],
    ['what a filter compares it with', { filters: [['OR', [['bindpw', 'C=', PLAIN]]]] }],
    ['an argument after its option', { command: ['mysqld', '--root-password', PLAIN, '--port', '1'] }],
  ])('%s is taken out', (_name, value) => {
    const clean = redactor.value(value, { method: 'core.get_jobs' });
    expect(JSON.stringify(clean)).not.toContain(PLAIN);
    expect(JSON.stringify(clean)).toContain(REDACTED);
  });

  test('flags, nulls, ids, counts, empty and masked texts below a name stay', () => {
    const value = {
      secret: true,
      password: null,
      tokens: 3,
      private_key: 12,
      passphrase: '',
      pass: '********',
    };
    expect(redactor.value(value, { method: 'x.query' })).toEqual(value);
  });

  test('a number is taken out where it is an answer of a NAS, and kept where a schema may need it', () => {
    expect(redactor.value({ password: 123_456 }, { method: 'x.query' })).toEqual({ password: REDACTED });
    expect(redactor.value({ password: 123_456 })).toEqual({ password: 123_456 });
  });

  test.each([
    'public_key',
    'ssh_public_key',
    'publicKey',
    'ssh_key_fingerprint',
    'fingerprint',
    'key_format',
    'key_loaded',
    'key',
    'key_type',
    'key_length',
    'keylocation',
    'keystatus',
    'sshpubkey',
    'remote_host_key',
    'host_rsa_key_pub',
    'host_key_pub',
    'certificate',
    'privatekey_path',
    'certificate_path',
    'guid',
    'serial',
    'checksum',
    'digest',
    'dhchap_hash',
    'password_disabled',
    'password_age',
    'last_password_change',
    'password_change_required',
    'min_password_length',
    'password_complexity_ruleset',
    'password_login_groups',
    'sudo_commands_nopasswd',
    'kpasswd_server',
    'passwordauth',
    'token_ttl',
    'truenas_max_result_tokens',
    'tokens_url',
    'receive_resume_token',
    'api_key_id',
    'client_id',
    'secret_name',
    'xmit_hash_policy',
    'encryption_root',
    'encryption_key_format',
    'encryption_key_location',
    'has_encrypted_dataset_keys',
    'manage_zfs_keys',
    'authmethod',
    'credentials_oauth',
    'passkey',
    'passwordless',
    'pw_dir',
    'pw_gecos',
    'pw_gid',
    'pw_shell',
    'pw_uid',
    'passive_ports',
    'compass',
    'hostname',
    'tank/secrets',
    'two_factor_config',
  ])('%s stays readable', (key) => {
    expect(
      redactor.value({ [key]: 'plain', deep: [{ [key]: { inner: 'plain' } }] }, { method: 'x.query' }),
    ).toEqual({
      [key]: 'plain',
      deep: [{ [key]: { inner: 'plain' } }],
    });
  });

  test('the names of LDAP attributes for the table of users stay readable', () => {
    const config = { attribute_maps: { passwd: { user_name: 'uid', user_uid: 'uidNumber' } } };
    expect(redactor.value(config, { method: 'ldap.config' })).toEqual(config);
  });

  test('an API key that is only described stays readable', () => {
    const session = {
      credentials: 'API_KEY',
      credentials_data: { username: 'ai', api_key: { id: 3, name: 'assistant' } },
    };
    expect(redactor.value([session], { method: 'auth.sessions' })).toEqual([session]);
  });
});
