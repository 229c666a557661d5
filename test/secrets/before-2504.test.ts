/** Releases before 25.04 mask nothing in what an API key reads: every secret field that they have is taken out here. */
import { expect, it } from 'vitest';
import { createRedactor } from '../../src/output/redact/redactor.ts';

/** A value that no rule knows by its form. */
const PLAIN = 'Wanderlust';

const FIELDS: readonly (readonly [method: string, field: string, where?: 'in attributes'])[] = [
  ['user.query', 'unixhash'],
  ['user.query', 'smbhash'],
  ['auth.twofactor.config', 'secret'],
  ['iscsi.auth.query', 'secret'],
  ['iscsi.auth.query', 'peersecret'],
  ['mail.config', 'pass'],
  ['mail.config', 'oauth'],
  ['ups.config', 'monpwd'],
  ['activedirectory.config', 'bindpw'],
  ['ldap.config', 'bindpw'],
  ['dyndns.config', 'password'],
  ['disk.query', 'passwd'],
  ['certificate.query', 'privatekey'],
  ['certificateauthority.query', 'privatekey'],
  ['kmip.config', 'private_key'],
  ['openvpn.client.config', 'tls_crypt_auth'],
  ['cloudsync.query', 'encryption_password'],
  ['cloudsync.query', 'encryption_salt'],
  ['replication.query', 'encryption_key'],
  ['snmp.config', 'v3_password'],
  ['snmp.config', 'v3_privpassphrase'],
  ['snmp.config', 'community'],
  ['truecommand.config', 'api_key'],
  ['system.advanced.config', 'sed_passwd'],
  ['vmware.query', 'password'],
  ['webdav.config', 'password'],
  ['support.config', 'password'],
  ['kerberos.keytab.query', 'file'],
  ['ssh.config', 'host_rsa_key'],
  ['ssh.config', 'host_ed25519_key'],
  ['vm.device.query', 'vnc_password', 'in attributes'],
  ['cloudsync.credentials.query', 'secret_access_key', 'in attributes'],
  ['cloudsync.credentials.query', 'token', 'in attributes'],
  ['cloudsync.credentials.query', 'pass', 'in attributes'],
  ['keychaincredential.query', 'private_key', 'in attributes'],
  ['alertservice.query', 'password', 'in attributes'],
  ['alertservice.query', 'api_token', 'in attributes'],
  ['acme.dns.authenticator.query', 'secret_access_key', 'in attributes'],
];

it.each(FIELDS.map(([method, field, where]) => ({ method, field, where })))(
  '$method tells no $field',
  ({ method, field, where }) => {
    const holder = { [field]: `${PLAIN}-${field}` };
    const row = { id: 1, name: 'one', ...(where === undefined ? holder : { attributes: holder }) };
    const answer = method.endsWith('.query') ? [row] : row;
    expect(JSON.stringify(createRedactor({ ownSecrets: [] }).value(answer, { method }))).not.toContain(PLAIN);
  },
);

it.each<[method: string, args: readonly unknown[]]>([
  ['pool.lock', [1, PLAIN]],
  ['disk.decrypt', [['ada0'], PLAIN]],
])('a passphrase that is an argument of %s by its place alone is not told among the jobs', (method, args) => {
  const job = { id: 1, method, arguments: args, state: 'SUCCESS', result: true };
  const told = createRedactor({ ownSecrets: [] }).value([job], { method: 'core.get_jobs' });
  expect(JSON.stringify(told)).not.toContain(PLAIN);
  expect(told).toMatchObject([{ method, state: 'SUCCESS' }]);
});
