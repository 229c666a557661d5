/** Names and texts of a NAS that look like secrets and are none. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const random = (length: number): string => 'aB3dE5gH7jK9mN2pQ4rS6tU8vW1xY0z'.repeat(4).slice(0, length);

describe('what is no token', () => {
  stayAsTheyAre([
    ['a dataset that begins as a key of OpenAI', 'tank/sk-old-archive-of-photos-2019'],
    ['a dataset that begins so, alone', 'sk-old-archive-of-photos-2019'],
    ['a dataset that begins so, with a version', 'sk-backup-of-server-v2-2024-01-31'],
    ['a package of npm', 'npm_packages_of_the_old_build_server_2019'],
    ['a folder of a face', 'hf_models_and_datasets_of_the_lab_2024'],
    ['a folder of claims', 'claim-documents-of-2019 claim-insurance-2019-old'],
    ['a folder of packets', 'rk_live_recordings_of_the_band_2019'],
    ['a folder of notes', 'xoxo-with-love-from-2019-and-before'],
    ['a dataset with a long number', 'tank/backup-20260301120000-full'],
    ['a file and its MD5', `movies.tar:${MD5}`],
    ['a name and its MD5', `name:${MD5} photos:${MD5}`],
    ['a list of MD5', `${MD5}  file.iso\nfile.iso:${MD5}\nfile:${MD5}`],
    ['an MD5 in JSON', `{"name":"${MD5}","etag":"${MD5}"}`],
  ]);
});

describe('what is a token', () => {
  areTakenOut([
    ['a key of OpenAI', `sk-${random(48)}`, random(48)],
    ['a key of a project of OpenAI', `sk-proj-${random(60)}`, random(60)],
    ['a key of Anthropic', `sk-ant-api03-${random(40)}-${random(30)}`, random(40)],
    ['a key with dashes', `sk-proj-${random(24)}_${random(20)}-x`, random(24)],
    ['a token of npm', `npm_${random(36)}`, random(36)],
    ['a token of a face', `hf_${random(34)}`, random(34)],
    ['a claim of Plex', 'claim-aB3_dE5-gH7jK9mN2pQ4', 'aB3_dE5-gH7jK9mN2pQ4'],
    ['a token of a swarm', `SWMTKN-1-${random(40)}-${random(20)}`, random(40)],
    [
      'a secret of Amazon behind its id',
      'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'K7MDENG/bPxRfiCY',
    ],
    ['a hash of pwdump', `bob:1001:aad3b435b51404eeaad3b435b51404ee:${MD5}:::`, MD5],
    ['a hash of a machine', `NAS$:${MD5}`, MD5],
  ]);
});

test('a replication shows its host and port, and no key', () => {
  const row = {
    id: 1,
    ssh_credentials: {
      id: 3,
      name: 'to the other NAS',
      type: 'SSH_CREDENTIALS',
      attributes: {
        host: 'nas2.lan',
        port: 22,
        username: 'repl',
        private_key: 7,
        connect_timeout: 10,
        remote_host_key: 'ssh-ed25519 AAAA',
      },
    },
  };
  const clean = redactor.value(row, { method: 'replication.query' });
  expect(clean.ssh_credentials.attributes).toEqual({
    ...row.ssh_credentials.attributes,
    private_key: REDACTED,
    remote_host_key: REDACTED,
  });
  const pair = {
    ssh_credentials: { attributes: { private_key: 'x', public_key: 'ssh-rsa y', host: { deep: 'z' } } },
  };
  expect(JSON.stringify(redactor.value(pair, { method: 'replication.query' }))).not.toMatch(/"[xz]"/u);
});

test('the certificate of the web interface shows what it is, and no key', () => {
  const ui_certificate = {
    id: 1,
    name: 'truenas_default',
    common: 'localhost',
    san: ['DNS:localhost'],
    until: 'Mon Mar  1 00:00:00 2027',
    expired: false,
    privatekey: '-----BEGIN PRIVATE KEY-----',
    CSR: 'x',
  };
  const clean = redactor.value({ ui_certificate }, { method: 'system.general.config' });
  expect(clean.ui_certificate).toEqual({ ...ui_certificate, privatekey: REDACTED, CSR: REDACTED });
  const later = { ui_certificate: 7 };
  expect(redactor.value(later, { method: 'system.general.config' })).toBe(later);
});

describe('what a NAS says', () => {
  const SAID: readonly string[] = [
    'tank/hooks/pre-commit-backup-2019',
    '/mnt/tank/hooks/2024-backup/x',
    'https://gitea.lan/org/repo/settings/hooks/12',
    'https://nas.local/ui/credentials/backup-credentials',
    'backup.tar.gz:5d41402abc4b2a76b9719d911017c592',
    'd41d8cd98f00b204e9800998ecf8427e photo.jpg',
    'TrueNAS Community Edition: 25.10.0',
    'Community: 25.10',
    'community edition',
    'Community: enabled',
    'PWD=/root',
    'PWD=/home/me LOGNAME=me',
    'OLDPWD=/mnt',
    'ssh git@host.lan',
    'git@host:repo',
    'https://git@host/x.git',
    '?code=404',
    'https://x/?code=404&message=not+found',
    'GET /x?code=500 HTTP/1.1',
    'error code: 404',
    'exit code 128',
    'code=137',
    'sk-old-archive-of-photos-2019',
    'tank/sk-learn-models-of-2021-03',
    'sk-snapshots-from-the-old-server-01',
    'ghp_old_backups_of_the_server_from_2019',
    'xoxb-notes',
    'eyJust a word',
    'SMTP auth: none',
    'auth: sys, krb5',
    'authentication: password',
    'Authentication failed for user bob',
    'The key is loaded',
    'key: name',
    'keys: 3',
    'key=value',
    'sort key: name',
    'public key: ssh-ed25519 AAAAC3Nza alice',
    'host key verification failed',
    'ssh key fingerprint SHA256:jZ5nB1xq7C0cV3d8Jp9wq5n0o3TtqfOvJxYcVJ5cV2y',
    'encryption key format: HEX',
    'password policy: strong',
    'password: ********',
    'token expired',
    'token ring',
    'reset token was sent',
    'passed: 12 tests',
    'bypass: yes',
    'passthrough: on',
    'compass=1',
    'hash: sha256',
    'hash=md5',
    'salted caramel',
    'session: 12',
    'secret santa list 2024',
    'secret garden',
    'cookies and cream',
    'tank/Cookbook',
    'mkdir -p /mnt/tank',
    'docker run -p 8080:80 nginx',
    'docker run -d -p 8096:8096 --user 1000:1000 jellyfin',
    'rsync -avz -p 22 a b',
    'ssh -p 2222 -l root nas',
    'tar -u -f x.tar -p y',
    'cp -a /mnt/a /mnt/b',
    'ps -u root -p 123',
    'ps -a -u bob',
    'ls -la',
    'chmod -R u=rwx,g=rx /mnt',
    'echo hello | tee x',
    'echo "pool is healthy" | mail -s x root',
    'zfs send tank/a@b | ssh -p 22 nas zfs recv tank/b',
    'midclt call pool.query | jq .',
    'cat /etc/passwd | grep root',
    'echo done; sudo systemctl restart smbd',
    'name: PORT\\nvalue: 80',
    '{name: web, value: 5}',
    'env: [{name: TZ, value: Europe/Berlin}]',
    'credentials: {"id": 3}',
    'Cloud Sync credentials "backup" not found',
    'sign in required',
    'signature valid',
    'sig 11',
    'killed by signal 9',
    'user=bob,uid=1000,vers=3.0',
    'https://nas.lan/api/docs/?key=pool.query',
    'rtsp://cam.lan:554/stream1',
    'smb://alice@nas.lan/media',
    'nfs://nas/mnt/tank',
    'mailto:alice@example.com',
    'otp: enabled',
    '2FA: not configured',
    'Bearer token authentication is required',
    'basic authentication',
    'uuid=550e8400-e29b-41d4-a716-446655440000',
    'serial=S3Z8NB0K400001',
    'guid: 15879539137961201777',
    'wwn-0x5000c500a1b2c3d4',
    'ata-WDC_WD40EFRX-68N32N0_WD-WCC7K1234567',
    'gptid/6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    'multipath: disk1 (da0, da1)',
    "[2026/03/01 00:00:12] ERROR [replication_task__task_1] [zettarepl.replication.run] For task 'task_1' unhandled replication error SshTransport(<SSH Transport(root@nas2.lan)>): Authentication failed.",
    'Permission denied (publickey,password).',
    'CallError: [EFAULT] Failed to login to docker hub',
    'quota_used=12, snapshot key set',
    'replica@2026-03-01: encryption=off, keystatus=none',
    'receive_resume_token=1-c1a2b3-e8-789c636064000310a501',
    'APPLICATION_CREDENTIALS not set',
    'the PRIVATE KEY file is missing',
    'CN=truenas, OU=x, signature algorithm: sha256WithRSAEncryption',
    'hdparm -S 120 /dev/sda',
    'openssl x509 -in cert.pem -noout -text',
    'vault/backups login 5 times',
    'net user friendly',
    'su - bob',
    'git config --global user.email a@b',
    'aws s3 sync s3://bucket /mnt/tank',
    'MONITOR the pool',
    'monitor 1 of 2',
  ];

  stayAsTheyAre(SAID.map((text) => [text, text] as const));
});
