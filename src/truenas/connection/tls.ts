/**
 * The TLS connection to a NAS. Its certificate is judged before the first byte of the application (the HTTP upgrade) is
 * sent, and anew on every connection: sessions are never resumed.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { isIP, isIPv6, type Socket, connect as connectTcp } from 'node:net';
import { checkServerIdentity, type PeerCertificate, type TLSSocket, connect as connectTls } from 'node:tls';
import { TrueNasError } from '../errors.ts';
import type { TlsTrust } from '../options.ts';

/** A connected, trusted byte stream. */
export interface TrustedStream {
  readonly stream: Socket;
  /** The NAS's certificate (DER); undefined without TLS. */
  readonly certificateDer: Buffer | undefined;
}

/**
 * Connects and judges the certificate.
 * @throws TrueNasError `tls` when it is not trusted; a plain Error for network failures.
 */
export async function openStream(url: URL, trust: TlsTrust, signal: AbortSignal): Promise<TrustedStream> {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const isTls = url.protocol === 'wss:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  if (!isTls) {
    const stream = connectTcp({ host, port, noDelay: true });
    await connected(stream, 'connect', signal);
    return { stream, certificateDer: undefined };
  }
  const stream = connectTls({
    host,
    port,
    servername: isIP(host) ? '' : host,
    ca: authorities(trust),
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    // Node must not end a handshake by itself: `judge` below does, with the certificate at hand for the explanation.
    rejectUnauthorized: false,
    checkServerIdentity: identityProblem,
  });
  stream.setNoDelay(true);
  await connected(stream, 'secureConnect', signal);
  const certificateDer = stream.getPeerX509Certificate()?.raw;
  const problem = judge(stream, certificateDer, trust);
  if (problem !== undefined) {
    stream.destroy();
    throw problem;
  }
  return { stream, certificateDer };
}

/**
 * Authorities that the certificate may come from: those given, else (undefined) all that Node knows. To load those costs
 * about 10 ms before the first answer; a pin, and `isInsecure`, ask no authority, so none is loaded, and none trusted.
 */
function authorities(trust: TlsTrust): string | string[] | undefined {
  if (trust.fingerprintSha256 !== undefined || trust.isInsecure === true) return [];
  return trust.caPem;
}

/**
 * Why a certificate is not that of `host`; undefined when it is. Some releases of Node (22.23, 24.17, 26.4) take an IPv6
 * address for a name, and find it in no certificate: OpenSSL is asked first.
 */
export function identityProblem(
  host: string,
  certificate: Pick<PeerCertificate, 'raw' | 'subject' | 'subjectaltname'>,
): Error | undefined {
  if (isIPv6(host) && new X509Certificate(certificate.raw).checkIP(host) !== undefined) return undefined;
  return checkServerIdentity(host, certificate as PeerCertificate);
}

/** SHA-256 of a certificate as 64 lower-case hex digits. */
export function fingerprintOf(certificateDer: Buffer): string {
  return createHash('sha256').update(certificateDer).digest('hex');
}

function judge(
  stream: TLSSocket,
  certificateDer: Buffer | undefined,
  trust: TlsTrust,
): TrueNasError | undefined {
  if (certificateDer === undefined) {
    return new TrueNasError('tls', {
      summary: 'The NAS presented no certificate.',
      nextStep: 'Check that the URL is that of the TrueNAS web interface.',
    });
  }
  const seen = fingerprintOf(certificateDer);
  if (trust.fingerprintSha256 !== undefined) {
    if (seen === trust.fingerprintSha256) return undefined;
    return new TrueNasError('tls', {
      summary: `The NAS's certificate is not the pinned one: expected SHA-256 ${trust.fingerprintSha256}, got ${seen}.`,
      nextStep:
        'If the certificate was renewed, compare the new fingerprint on the NAS itself and set TRUENAS_TLS_FINGERPRINT to it; otherwise somebody may be in between. Nothing was sent.',
    });
  }
  if (trust.isInsecure === true || stream.authorized) return undefined;
  const reason = authorizationProblem(stream);
  return new TrueNasError('tls', {
    summary: `The NAS's certificate is not trusted: ${explain(reason)}. Its SHA-256 fingerprint is ${seen}.`,
    nextStep: `${reason === 'CERT_HAS_EXPIRED' ? RENEW : TRUST} Nothing was sent.`,
    errname: reason,
  });
}

const TRUST =
  'Compare that fingerprint with the certificate shown on the NAS (Credentials, Certificates) and set TRUENAS_TLS_FINGERPRINT to it, or set TRUENAS_CA_FILE to the authority that issued it.';
const RENEW =
  'Renew it on the NAS (Credentials, Certificates), and check the clock of this computer; or, having compared the fingerprint there, set TRUENAS_TLS_FINGERPRINT to it: a pinned certificate is trusted beyond its end.';

/** The code of OpenSSL or of the name check; Node's types wrongly say Error. */
function authorizationProblem(stream: TLSSocket): string {
  const problem: unknown = stream.authorizationError;
  if (typeof problem === 'string') return problem;
  return problem instanceof Error ? problem.message : 'unknown reason';
}

const TLS_PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in an authority that this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is unknown',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet (check the clocks)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was issued for another name or address',
};

function explain(reason: string): string {
  const known = TLS_PROBLEMS[reason];
  return known === undefined ? reason : `${known} (${reason})`;
}

function connected(stream: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => {
      signal.removeEventListener('abort', onAbort);
      stream.off(event, onConnect);
      stream.off('error', done);
      stream.off('close', onClose);
      if (error === undefined) {
        resolve();
      } else {
        // A destroyed socket may still emit an error; nobody listens any more.
        stream.on('error', () => undefined);
        stream.destroy();
        reject(error);
      }
    };
    const onConnect = () => done();
    const onClose = () => done(new Error('the connection was closed before it was established'));
    const onAbort = () => done(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    stream.once(event, onConnect);
    stream.once('error', done);
    stream.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
