/**
 * The channel binding `tls-server-end-point` (RFC 5929 section 4.1): the server certificate, hashed with the hash
 * of its own signature algorithm, where MD5 and SHA-1 count as SHA-256.
 */
import { createHash } from 'node:crypto';

/** The binding for a certificate (DER); undefined where the algorithm has no single hash (Ed25519, for one). */
export function tlsServerEndPoint(certificateDer: Buffer): Buffer | undefined {
  const hash = signatureHash(certificateDer);
  return hash === undefined ? undefined : createHash(hash).update(certificateDer).digest();
}

const HASH_BY_SIGNATURE_OID: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'sha256',
  '1.2.840.113549.1.1.5': 'sha256',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha256',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const RSASSA_PSS_OID = '1.2.840.113549.1.1.10';

const HASH_BY_DIGEST_OID: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'sha256',
  '1.3.14.3.2.26': 'sha256',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const CONTEXT_0 = 0xa0;

interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly rest: Buffer;
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, parameters }, signature } */
function signatureHash(certificateDer: Buffer): string | undefined {
  const certificate = readDer(certificateDer, SEQUENCE);
  const toBeSigned = certificate && readDer(certificate.content, SEQUENCE);
  const algorithm = toBeSigned && readDer(toBeSigned.rest, SEQUENCE);
  const oid = algorithm && readDer(algorithm.content, OBJECT_IDENTIFIER);
  if (oid === undefined) return undefined;
  const name = oidText(oid.content);
  return name === RSASSA_PSS_OID ? pssHash(oid.rest) : HASH_BY_SIGNATURE_OID[name];
}

/** RSASSA-PSS names its hash in the parameters; absent it is SHA-1, which counts as SHA-256. */
function pssHash(parametersDer: Buffer): string | undefined {
  if (parametersDer.length === 0) return 'sha256';
  const parameters = readDer(parametersDer, SEQUENCE);
  if (parameters === undefined) return undefined;
  const hashField = readDer(parameters.content, CONTEXT_0);
  if (hashField === undefined) return 'sha256';
  const algorithm = readDer(hashField.content, SEQUENCE);
  const oid = algorithm && readDer(algorithm.content, OBJECT_IDENTIFIER);
  return oid && HASH_BY_DIGEST_OID[oidText(oid.content)];
}

function readDer(der: Buffer, expectedTag: number): DerValue | undefined {
  const tag = der[0];
  let length = der[1];
  if (tag !== expectedTag || length === undefined) return undefined;
  let start = 2;
  if (length >= 0x80) {
    const lengthBytes = length & 0x7f;
    if (lengthBytes === 0 || lengthBytes > 4 || der.length < 2 + lengthBytes) return undefined;
    length = der.readUIntBE(2, lengthBytes);
    start += lengthBytes;
  }
  const end = start + length;
  return end > der.length ? undefined : { tag, content: der.subarray(start, end), rest: der.subarray(end) };
}

function oidText(content: Buffer): string {
  const first = content[0] ?? 0;
  const parts = [Math.floor(first / 40), first % 40];
  let value = 0;
  for (const byte of content.subarray(1)) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  return parts.join('.');
}
