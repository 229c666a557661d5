/** Certificates are asked for, issued, used by the web interface on trial, and taken away again. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

const REQUEST = {
  ...{ name: 'asked', create_type: 'CERTIFICATE_CREATE_CSR', key_type: 'EC', digest_algorithm: 'SHA256' },
  ...{ common: 'b.example.org', san: ['b.example.org', 'a.example.org'] },
  ...{ country: 'US', state: '-', city: '-', organization: '-', email: 'a@example.org' },
};
const DIRECTORY = 'https://acme.example.org/directory';

async function run(connection: RawConnection, method: string, params: readonly unknown[]): Promise<Json> {
  return finishedJob(connection, await connection.call(method, params));
}

async function create(connection: RawConnection, data: Json): Promise<Json> {
  return run(connection, 'certificate.create', [data]);
}

function order(requestId: number, more: Json = {}): Json {
  return {
    ...{ name: 'issued', create_type: 'CERTIFICATE_CREATE_ACME', csr_id: requestId, tos: true },
    acme_directory_uri: DIRECTORY,
    dns_mapping: { 'DNS:a.example.org': 1, 'DNS:b.example.org': 1 },
    ...more,
  };
}

describe.each(SIM_RELEASES)('certificates on %s', (release) => {
  const nas = withSimulator({ release, delayScale: 0.02 });

  it('are issued for a request, and fit the contract', async () => {
    const connection = await nas.connect();
    const request = await create(connection, REQUEST);
    expect(request.state).toBe('SUCCESS');
    const id = request.result.id;
    const { state } = await create(connection, order(id));
    expect(state).toBe('SUCCESS');
    const [row] = await connection.call('certificate.query', [[['name', '=', 'issued']]]);
    expect(row).toMatchObject({
      ...{ san: ['DNS:a.example.org', 'DNS:b.example.org'], cert_type_CSR: false, expired: false },
      acme: { directory: `${DIRECTORY}/` },
    });
    expect(returnsProblems(release, 'certificate.query', [row])).toEqual([]);
    const [asked] = await connection.call('certificate.query', [[['id', '=', id]]]);
    expect(returnsProblems(release, 'certificate.query', [asked])).toEqual([]);
  });

  it.each([
    ['a name that nothing proves', { dns_mapping: { 'DNS:a.example.org': 1 } }, 'DNS authenticator id for b'],
    [
      'an authenticator that is not there',
      { dns_mapping: { 'DNS:a.example.org': 9, 'DNS:b.example.org': 1 } },
      'does not exist',
    ],
    ['terms that nobody agreed to', { tos: false }, 'agree to the terms'],
    [
      'a name of no request',
      { dns_mapping: { 'DNS:a.example.org': 1, 'DNS:b.example.org': 1, 'DNS:c.example.org': 1 } },
      'not specified in the CSR',
    ],
    ['no request', { csr_id: 1 }, 'valid csr_id'],
  ])('are not issued for %s', async (_what, more, why) => {
    const connection = await nas.connect();
    const name = `asked_${String(Math.random()).slice(2)}`;
    const request = await create(connection, { ...REQUEST, name });
    const failed = await create(connection, order(request.result.id, { name: 'never', ...more }));
    expect(failed.state).toBe('FAILED');
    expect(failed.error).toContain(why);
  });

  it('are not deleted while the web interface has them', async () => {
    const connection = await nas.connect();
    const failed = await run(connection, 'certificate.delete', [1]);
    expect(failed).toMatchObject({ state: 'FAILED' });
    expect(failed.error).toContain('HTTPS');
  });

  it('on trial go again unless somebody checks in', async () => {
    const connection = await nas.connect();
    const present = async (): Promise<unknown> => {
      const config = await connection.call('system.general.config');
      return config.ui_certificate?.id ?? config.ui_certificate;
    };
    await connection.call('system.general.update', [{ ui_certificate: 2, rollback_timeout: 600 }]);
    expect(await connection.call('system.general.checkin_waiting')).toBeGreaterThan(500);
    await connection.call('system.general.checkin');
    expect(await present()).toBe(2);
    await connection.call('system.general.update', [{ ui_certificate: 1, rollback_timeout: 5 }]);
    expect(await present()).toBe(1);
    await connection.closed;
    const again = await nas.connect();
    const config = await again.call('system.general.config');
    expect(config.ui_certificate?.id ?? config.ui_certificate).toBe(2);
    expect(await again.call('system.general.checkin_waiting')).toBeNull();
  });

  it('stay as they are when the web interface restarts, which ends connections', async () => {
    const connection = await nas.connect();
    const answer = await connection.call('system.general.ui_restart', [1]);
    expect(returnsProblems(release, 'system.general.ui_restart', answer)).toEqual([]);
    await connection.closed;
    expect(await (await nas.connect()).call('system.info')).toBeTruthy();
  });

  it('of the web interface are neither requests nor unknown ones', async () => {
    const connection = await nas.connect();
    const refused = connection.call('system.general.update', [{ ui_certificate: 99 }]);
    await expect(refused).rejects.toMatchObject({
      data: { extra: [['general_settings_update.ui_certificate', expect.any(String), expect.any(Number)]] },
    });
  });

  it('name no authenticator that is gone', async () => {
    const connection = await nas.connect();
    const attributes = { authenticator: 'digitalocean', digitalocean_token: 'token-of-a-test' };
    const made = await connection.call('acme.dns.authenticator.create', [{ name: 'new', attributes }]);
    const request = await create(connection, { ...REQUEST, name: 'asked_again' });
    const mapping = { 'DNS:a.example.org': made.id, 'DNS:b.example.org': 1 };
    await create(connection, order(request.result.id, { name: 'two_ways', dns_mapping: mapping }));
    await connection.call('acme.dns.authenticator.delete', [made.id]);
    const [row] = await connection.call('certificate.query', [[['name', '=', 'two_ways']]]);
    expect(row.domains_authenticators).toEqual({ 'DNS:b.example.org': 1 });
  });
});
