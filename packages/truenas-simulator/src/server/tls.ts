/** The self-signed certificate that every box makes for itself, as DER built by hand: it is a dozen nested lists. */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';

/** A certificate with its key. */
export interface ServerCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly der: Buffer;
  /** SHA-256 of the DER: 64 lower-case hex digits. */
  readonly fingerprint: string;
}

/** How a certificate differs from a healthy one. */
export interface CertificateOptions {
  /** Ended yesterday. */
  readonly isExpired?: boolean;
  /** Names of hosts that it is for, the first one its common name; `*.example.org` for all below. */
  readonly names?: readonly string[];
  /** From when to when it holds, in milliseconds since the epoch. */
  readonly validMs?: readonly [from: number, until: number];
}

let shared: ServerCertificate | null = null;

/** One certificate per process: making it costs more than a test wants to pay each time. */
export function sharedCertificate(): ServerCertificate {
  shared ??= createCertificate();
  return shared;
}

const DAY_MS = 86_400_000;

/** Makes a fresh self-signed certificate for localhost, 127.0.0.1, ::1 and the names given (ECDSA P-256, SHA-256). */
export function createCertificate(options: CertificateOptions = {}): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const [fromMs, untilMs] = options.validMs ?? [
    now - (options.isExpired === true ? 30 : 1) * DAY_MS,
    now + (options.isExpired === true ? -1 : 396) * DAY_MS,
  ];
  const body = certificateBody(publicKey, new Date(fromMs), new Date(untilMs), options.names ?? []);
  const signature = sign('sha256', body, privateKey);
  const der = list(body, SIGNATURE_ALGORITHM, bits(signature));
  return {
    certificatePem: pem('CERTIFICATE', der),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    der,
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

/** A certificate from the texts of a row; undefined for texts that only look like one. */
export function certificateOf(certificatePem: unknown, keyPem: unknown): ServerCertificate | undefined {
  if (typeof certificatePem !== 'string' || typeof keyPem !== 'string') return undefined;
  try {
    const { raw } = new X509Certificate(certificatePem);
    const fingerprint = createHash('sha256').update(raw).digest('hex');
    return { certificatePem, keyPem, der: raw, fingerprint };
  } catch {
    return undefined;
  }
}

function certificateBody(
  publicKey: KeyObject,
  notBefore: Date,
  notAfter: Date,
  names: readonly string[],
): Buffer {
  const name = list(
    attribute([2, 5, 4, 6], 'US', 0x13),
    attribute([2, 5, 4, 10], 'Simulated TrueNAS'),
    attribute([2, 5, 4, 3], names[0] ?? 'localhost'),
  );
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const ipv6Loopback = Buffer.alloc(16);
  ipv6Loopback[15] = 1;
  const alternativeNames = list(
    ...names.map((each) => node(0x82, Buffer.from(each))),
    node(0x82, Buffer.from('localhost')),
    node(0x87, Buffer.from([127, 0, 0, 1])),
    node(0x87, ipv6Loopback),
  );
  const extensions = list(
    extension([2, 5, 29, 17], alternativeNames),
    extension([2, 5, 29, 37], list(oid([1, 3, 6, 1, 5, 5, 7, 3, 1]))),
    extension([2, 5, 29, 15], node(0x03, Buffer.from([7, 0x80])), true),
  );
  return list(
    node(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    SIGNATURE_ALGORITHM,
    name,
    list(utcTime(notBefore), utcTime(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, extensions),
  );
}

/** A DER node: tag, length, content. */
function node(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function list(...items: readonly Uint8Array[]): Buffer {
  return node(0x30, ...items);
}

function integer(bytes: Uint8Array): Buffer {
  return node(0x02, bytes);
}

function bits(bytes: Uint8Array): Buffer {
  return node(0x03, Buffer.from([0]), bytes);
}

function oid(arcs: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = arcs;
  return node(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function attribute(arcs: readonly number[], value: string, tag = 0x0c): Buffer {
  return node(0x31, list(oid(arcs), node(tag, Buffer.from(value))));
}

function extension(arcs: readonly number[], value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [node(0x01, Buffer.from([0xff]))] : [];
  return list(oid(arcs), ...critical, node(0x04, value));
}

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return node(0x17, Buffer.from(`${digits}Z`));
}

/** ecdsa-with-SHA256. */
const SIGNATURE_ALGORITHM = list(oid([1, 2, 840, 10045, 4, 3, 2]));

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
