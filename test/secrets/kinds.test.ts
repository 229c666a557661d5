/** The kinds of secrets that were once missed, and of names that were once destroyed, each in several forms. */
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, type SecretText, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

/** A case for each text; `§` stands for the secret. */
const each = (texts: readonly string[], secret = PLAIN): SecretText[] =>
  texts.map((text) => [text.replaceAll('\n', '⏎'), text.replaceAll('§', secret), secret]);

describe('names in one word', () => {
  areTakenOut(
    each([
      'apitoken=§',
      'authtoken: §',
      'refreshtoken=§',
      'sessiontoken: §',
      'accesskey=§',
      'secretkey=§',
      'clientsecret=§',
      'dbpasswd=§',
      'rootpw=§',
      'TS_AUTHKEY=§',
      'hexkey=§',
      'apikey §',
      'bindpw §',
      'wpa-psk §',
    ]),
  );
});

describe('names that may also be harmless', () => {
  areTakenOut(
    each([
      '_auth=§',
      '//registry.lan/:_auth=§',
      '"auth": "§"',
      'CREDENTIALS=§',
      'SMB_CREDENTIALS=§',
      'RESTIC_KEY=§',
      'JWT_KEY=§',
      'ENCRYPTION_KEY: §',
      'smtp/password: §',
      'app.kubernetes.io/token: §',
    ]),
  );
});

describe('values behind marks', () => {
  areTakenOut(
    each([
      'a=1&token=§&b=2',
      'Server=db;Uid=sa;Pwd=§;',
      'jdbc:mysql://db/x?user=a&password=§',
      "password='§ and more'",
      '{\\"password\\":\\"§\\"}',
      'password\\u003d§',
      'token\\u003a§',
      "password => '§'",
    ]),
  );
});

describe('cookies behind the first', () => {
  areTakenOut(
    each([
      'Cookie: theme=dark; auth=§; x=1',
      'Set-Cookie: a=b; Path=/; Set-Cookie: connect.sid=§',
      'cookie=a=1; session_id=§',
      'Cookie: a=1\nCookie: b=2; sid=§',
    ]),
  );
});

describe('what commands read', () => {
  areTakenOut(
    each([
      'echo § | zfs load-key tank/x',
      "printf '%s' § | zfs load-key -a",
      'echo -n "§" | cryptsetup luksOpen /dev/sdb y -',
      'echo §|sudo --stdin reboot',
      'sudo -S ls <<<"§"',
      'cryptsetup open /dev/x y <<EOF\n§\nEOF',
      'echo bob:§ | chpasswd',
      '(echo §; echo §) | smbpasswd -s -a bob',
      'echo § | docker login -u bob --password-stdin',
      'echo § | restic -r /mnt/x backup',
      'echo § | borg create /mnt/x::y',
      'echo § | mount.cifs //nas/a /b',
      'echo § | ssh-add -',
      'net use x: \\\\nas\\m /user:bob §',
    ]),
  );
});

describe('addresses', () => {
  areTakenOut(
    each([
      'https://x.example/f?se=1&sig=ab%2F§%3D',
      'https://x.example/?X-Amz-Expires=60&X-Amz-Signature=§',
      'https://x.example/?hmac=§',
      'https://x.example/#id_token=§',
    ]),
  );
  areTakenOut(
    each(
      ['https://api.telegram.org/bot123456789:§/getMe', 'TELEGRAM=123456789:§'],
      `AA${'Ehb0w-eik6_'.repeat(3)}`,
    ),
  );
});

describe('what no secret is', () => {
  stayAsTheyAre([
    ...[
      ['a dataset', 'tank/ghp-something-old-2020 pool/sk-live-recordings-2020-01-02'],
      [
        'folders of hooks',
        '/mnt/tank/webhooks/2024/data /srv/hooks/pre-start /mnt/tank/services/hooks/run-parts-daily',
      ],
      ['a name and an algorithm', 'name:md5 photo:md5 checksum:sha256 hash:sha512'],
      ['a version', 'Community: 25.10 Community: 25.04.2.4'],
      ['a folder of a shell', 'PWD=/home/me OLDPWD=/root'],
      ['users of hosts', 'git@host git@github.com:org/repo root@nas admin@10.0.0.5'],
      ['codes', '?code=404 ?code=200&x=1 https://x.example/y?code=503 /error?code=42'],
      ['ports', 'docker run -p 80:80 x; scp -P 22 a b; ssh -p 2222 x; nc -u host 1'],
      ['users', 'useradd -u 1000 bob; id -u bob; sudo -u bob ls; install -m 600 -o a -p x'],
      [
        'settings about secrets',
        'TOKEN_TTL=3600 PASSWORD_MIN_LENGTH=12 PASSWORD_FILE=/run/secrets/x KEYCLOAK_HOSTNAME=x',
      ],
      ['a pipe to a command that takes no secret', 'echo done | mount\nssh-add -l; restic snapshots | tee x'],
      [
        'numbers of parts',
        'serial WD-WX11D1234567 wwn 0x5000c500a1b2c3d4 iqn.2005-10.org.freenas.ctl:target0',
      ],
    ].map(([name = '', text = '']): [string, string] => [name, text]),
  ]);

  test.each([
    { ui_certificate: { id: 1, name: 'truenas_default', cert_type: 'CERTIFICATE' } },
    { ssh_credentials: { name: 'a', attributes: { host: 'nas2.lan', port: 22, username: 'repl' } } },
    { label: 'Password', value: 'PASSWORD' },
    { auth_networks: ['10.0.0.0/8'], authmethod: 'NONE', password_disabled: false },
    { option: 'auth', argument: 'sys' },
    { keyformat: { value: 'PASSPHRASE' }, keylocation: { value: 'prompt' } },
  ])('%j stays as it is', (value) => {
    expect(redactor.value(value)).toBe(value);
  });
});

test.each([
  { apitoken: PLAIN },
  { _auth: PLAIN },
  { CREDENTIALS: PLAIN },
  { hex_key: PLAIN },
  { kek: PLAIN },
  { env: [{ name: 'X_TOKEN', value: PLAIN }] },
  { option: 'password', argument: PLAIN },
  { config: { 'smtp/password': PLAIN } },
  { args: ['--password', PLAIN] },
])('%j is taken out of an object', (value) => {
  expect(JSON.stringify(redactor.value(value))).not.toContain(PLAIN);
});
