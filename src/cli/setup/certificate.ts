/** The certificate that a NAS shows, before anything is sent to it. */
import { createHash, X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { safeCell } from '../../output/untrusted.ts';
import { formatInstant } from '../../output/time.ts';
import { fingerprintOf, openStream } from '../../truenas/connection/tls.ts';
import { connectProblem } from '../../truenas/connection/socket-problems.ts';
import { isTrueNasError } from '../../truenas/errors.ts';

/** What was shown. */
export interface SeenCertificate {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** With colons, as the NAS's own pages show it. */
  readonly sha1: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: string;
  readonly from: number;
  readonly to: number;
  readonly isSelfSigned: boolean;
  /** It carries the organisation that TrueNAS writes into the certificate it makes for itself. */
  readonly looksLikeTrueNas: boolean;
  /** Subjects from the certificate up, as far as the other side sent them. */
  readonly chain: readonly string[];
  /** Why this computer does not trust it; undefined when an authority that it knows has issued it for this address. */
  readonly distrust: string | undefined;
}

const WAIT_MS = 10_000;

/**
 * Connects and looks; only a TLS handshake is sent.
 * @param caPem authorities to judge by instead of the system's.
 * @throws TrueNasError when nothing answers there, or no TLS
 */
export async function seeCertificate(url: string, caPem: string | undefined): Promise<SeenCertificate> {
  const address = new URL('/api/current', url);
  const limit = AbortSignal.timeout(WAIT_MS);
  try {
    const { stream, certificateDer } = await openStream(address, { isInsecure: true }, limit);
    const issuers = stream instanceof TLSSocket ? issuersOf(stream) : [];
    stream.destroy();
    if (certificateDer === undefined) throw new Error('no certificate was shown');
    const own = new X509Certificate(certificateDer);
    return {
      ...described(own),
      chain: [own, ...issuers].map(({ subject }) => named(subject)),
      distrust: await distrustOf(address, caPem),
    };
  } catch (error) {
    if (isTrueNasError(error)) throw error;
    throw connectProblem(error, address.host, limit.aborted ? WAIT_MS : undefined);
  }
}

/** The certificates above that of the NAS, as far as it sent them. */
function issuersOf(socket: TLSSocket): X509Certificate[] {
  const found: X509Certificate[] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // The last one names itself as its issuer.
  while (each?.raw !== undefined && !seen.has(each.fingerprint256)) {
    seen.add(each.fingerprint256);
    found.push(new X509Certificate(each.raw));
    each = each.issuerCertificate;
  }
  return found.slice(1);
}

function described(certificate: X509Certificate): Omit<SeenCertificate, 'chain' | 'distrust'> {
  const { raw, subject, issuer, subjectAltName, validFrom, validTo } = certificate;
  return {
    sha256: fingerprintOf(raw),
    sha1: withColons(createHash('sha1').update(raw).digest('hex')),
    subject: named(subject),
    issuer: named(issuer),
    names: named(subjectAltName),
    from: Date.parse(validFrom),
    to: Date.parse(validTo),
    isSelfSigned: subject === issuer,
    looksLikeTrueNas: /(?:^|\n)O=[^\n]*(?:iXsystems|TrueNAS)/i.test(issuer),
  };
}

/** The judgement of an ordinary connection. */
async function distrustOf(address: URL, caPem: string | undefined): Promise<string | undefined> {
  try {
    const { stream } = await openStream(
      address,
      caPem === undefined ? {} : { caPem },
      AbortSignal.timeout(WAIT_MS),
    );
    stream.destroy();
    return undefined;
  } catch (error) {
    if (isTrueNasError(error)) return error.summary;
    throw error;
  }
}

function named(text: string | undefined): string {
  return text === undefined || text === '' ? 'none' : safeCell(text.replace(/\s*\n\s*/g, ', '), 160);
}

/** `AB:CD:…`. */
export function withColons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':').toUpperCase();
}

/** The certificate for a person who compares it, with what its chain suggests. */
export function certificateText(seen: SeenCertificate, host: string): string {
  return [
    `The certificate that ${host} shows:`,
    `  SHA-256  ${withColons(seen.sha256)}`,
    `  SHA-1    ${seen.sha1}`,
    `  for      ${seen.subject}; names ${seen.names}`,
    `  issuer   ${seen.isSelfSigned ? 'itself' : seen.issuer}`,
    `  valid    ${formatInstant(seen.from)} to ${formatInstant(seen.to)}${seen.to < Date.now() ? ': EXPIRED' : ''}`,
    ...(seen.chain.length > 1 ? [`  chain    ${seen.chain.join(' <- ')}`] : []),
    `  ${provenance(seen)}`,
  ].join('\n');
}

function provenance(seen: SeenCertificate): string {
  if (seen.distrust === undefined)
    return 'An authority that this computer trusts has issued it for this address.';
  if (!seen.isSelfSigned)
    return 'It was not made by the NAS itself, and this computer does not know its issuer. A proxy that looks into TLS, or the portal of a network, shows such a certificate: compare with care, or name the issuer with --ca-file.';
  return seen.looksLikeTrueNas
    ? 'It looks like the one that a TrueNAS makes for itself. Anybody can make one that looks so: compare the fingerprint.'
    : 'It is signed by itself, and not in the way of a TrueNAS: a router, a portal or another program may answer at this address.';
}
