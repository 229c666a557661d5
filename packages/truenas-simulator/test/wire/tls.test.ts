import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCertificate, sharedCertificate } from '../../src/server/tls.ts';

it('the certificate is well formed, self-signed, and for the loopback names', () => {
  const { certificatePem, keyPem, der, fingerprint } = createCertificate();
  const parsed = new X509Certificate(certificatePem);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.issuer).toBe(parsed.subject);
  expect(parsed.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
  expect(parsed.checkHost('localhost')).toBe('localhost');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.checkIP('::1')).toBe('::1');
  expect(parsed.checkHost('nas.local')).toBeUndefined();
  expect(parsed.raw.equals(der)).toBe(true);
  expect(fingerprint).toBe(createHash('sha256').update(parsed.raw).digest('hex'));
  expect(parsed.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(fingerprint);
  expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(parsed.validTo)).toBeGreaterThan(Date.now());
});

it('an expired one has ended', () => {
  const parsed = new X509Certificate(createCertificate({ isExpired: true }).certificatePem);
  expect(Date.parse(parsed.validTo)).toBeLessThan(Date.now());
});

it('a process shares one, and makes others on request', () => {
  expect(sharedCertificate()).toBe(sharedCertificate());
  expect(createCertificate().fingerprint).not.toBe(sharedCertificate().fingerprint);
});

it('many certificates in a row all parse: lengths and serials of every size', () => {
  const serials = Array.from(
    { length: 40 },
    () => new X509Certificate(createCertificate().certificatePem).serialNumber,
  );
  expect(new Set(serials).size).toBe(40);
});
