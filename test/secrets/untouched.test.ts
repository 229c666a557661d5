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
