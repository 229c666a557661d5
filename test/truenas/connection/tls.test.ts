import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TrueNasError } from '../../../src/truenas/index.ts';
import { identityProblem } from '../../../src/truenas/connection/tls.ts';
import { hasIpv6Loopback } from 'truenas-simulator/testing/ipv6';
import { clientForTest, closers, problemOf } from '../support/client.ts';
import { nasForTest } from '../support/nas.ts';

describe("the NAS's certificate", () => {
  it('a pinned self-signed certificate is trusted', async () => {
    const { nas } = await nasForTest();
    expect(await nas.read.call('core.ping')).toBe('pong');
  });

  it('is trusted through its authority, under a name that it was issued for', async () => {
    const { simulator, nas } = await nasForTest({}, { tls: {} });
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'tls' });
    const trusting = clientForTest(simulator.url, {
      apiKey: simulator.apiKey,
      username: simulator.username,
      tls: { caPem: simulator.certificatePem },
    });
    expect(await trusting.read.call('core.ping')).toBe('pong');
  });

  it.skipIf(!hasIpv6Loopback)('is trusted through its authority under an IPv6 address', async () => {
    const { simulator } = await nasForTest({ host: '::1' });
    const { apiKey, username, certificatePem } = simulator;
    const trusting = clientForTest(simulator.url, { apiKey, username, tls: { caPem: certificatePem } });
    expect(await trusting.read.call('core.ping')).toBe('pong');
  });

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['nas.local', false],
    ['127.0.0.2', false],
    ['::2', false],
    ['fd00::1', false],
    ['::ffff:127.0.0.1', false],
  ])('of the simulator is one of %s: %s', async (host, isOwn) => {
    const { simulator } = await nasForTest();
    const certificate = new X509Certificate(simulator.certificatePem);
    expect(identityProblem(host, certificate.toLegacyObject()) === undefined).toBe(isOwn);
  });

  // Elsewhere than on Linux only 127.0.0.1 is there to listen on.
  it.skipIf(process.platform !== 'linux')(
    'is not trusted through its authority under a name that it was not issued for; a pin needs no name',
    async () => {
      const { simulator, nas } = await nasForTest({ host: '127.0.0.2' });
      expect(await nas.read.call('core.ping')).toBe('pong');
      simulator.control.clearCalls();
      const trusting = clientForTest(simulator.url, { tls: { caPem: simulator.certificatePem } });
      const problem = await problemOf(trusting.read.call('core.ping'));
      expect(problem).toMatchObject({ kind: 'tls' });
      expect(problem.message).toContain('another name');
      expect(simulator.calls()).toEqual([]);
    },
  );

  it('a self-signed certificate without a pin is refused, with its fingerprint to compare, and nothing is sent', async () => {
    const { simulator, nas } = await nasForTest({}, { tls: {} });
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'tls' });
    expect(problem.message).toContain(simulator.fingerprint);
    expect((problem as TrueNasError).nextStep).toContain('TRUENAS_TLS_FINGERPRINT');
    expect(simulator.calls()).toEqual([]);
    expect(simulator.control.connectionCount()).toBe(0);
  });

  it('a changed certificate is noticed on the next connection, and nothing is sent to it', async () => {
    const { simulator, nas } = await nasForTest({ hasFreshCertificate: true });
    expect(await nas.read.call('core.ping')).toBe('pong');
    const seen = simulator.control.changeCertificate();
    simulator.control.clearCalls();
    simulator.control.dropConnections();
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'tls' });
    expect(problem.message).toContain(seen);
    expect(simulator.calls()).toEqual([]);
  });

  it('an expired certificate is refused as such, and accepted where it is pinned', async () => {
    const { simulator, nas } = await nasForTest({ hasFreshCertificate: true }, { tls: {} });
    const fingerprintSha256 = simulator.control.changeCertificate({ isExpired: true });
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'tls' });
    const pinned = clientForTest(simulator.url, {
      apiKey: simulator.apiKey,
      username: simulator.username,
      tls: { fingerprintSha256 },
    });
    expect(await pinned.read.call('core.ping')).toBe('pong');
  });

  it.each([0, 31, 32, 63])('a pin that is wrong in digit %i alone is refused', async (digit) => {
    const { simulator } = await nasForTest();
    const { fingerprint } = simulator;
    const other = fingerprint[digit] === '0' ? '1' : '0';
    const fingerprintSha256 = `${fingerprint.slice(0, digit)}${other}${fingerprint.slice(digit + 1)}`;
    const nas = clientForTest(simulator.url, { tls: { fingerprintSha256 } });
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'tls' });
    expect(simulator.control.connectionCount()).toBe(0);
  });

  it('insecure mode verifies nothing', async () => {
    const { nas } = await nasForTest({}, { tls: { isInsecure: true } });
    expect(await nas.read.call('core.ping')).toBe('pong');
  });

  it('a pin is stronger than insecure mode', async () => {
    const { nas } = await nasForTest({}, { tls: { isInsecure: true, fingerprintSha256: 'a'.repeat(64) } });
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'tls' });
  });
});

describe('no TLS', () => {
  it('a key is never sent in clear to another machine', async () => {
    const nas = clientForTest('ws://192.0.2.1');
    expect(await problemOf(nas.read.call('core.ping'))).toMatchObject({ kind: 'tls' });
  });

  it('a port that does not speak TLS is explained', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.close();
      await once(server, 'close');
    });
    const { port } = server.address() as AddressInfo;
    const problem = await problemOf(clientForTest(`wss://127.0.0.1:${port}`).read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect((problem as TrueNasError).nextStep).toContain('HTTPS port');
  });
});
