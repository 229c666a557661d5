/** Checks of the way to the NAS, up to the HTTP server: name, TCP, TLS, HTTP. No key is used. */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { safeCell } from '../../output/untrusted.ts';
import { formatAge, formatInstant } from '../../output/time.ts';
import { ApiAbsentError, httpProblem } from '../../truenas/connection/http-problems.ts';
import { connectProblem } from '../../truenas/connection/socket-problems.ts';
import { fingerprintOf, openStream } from '../../truenas/connection/tls.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { TlsTrust, TrueNasOptions } from '../../truenas/options.ts';
import { type Check, failure, finding, notTried, result } from './check.ts';

/** What the way to the NAS is like. */
export interface Way {
  readonly checks: readonly Check[];
  /** False when nothing beyond can work. */
  readonly isOpen: boolean;
  /** The clock of the HTTP server less that of this computer, in milliseconds. */
  readonly aheadMs?: number;
}

/** Checks the way step by step; what comes after a failure is not tried. */
export async function checkWay(
  { url, tls }: Pick<TrueNasOptions, 'url' | 'tls'>,
  waitMs: number,
): Promise<Way> {
  const address = new URL('/api/versions', url);
  const checks: Check[] = [];
  const steps = ['name', 'TCP', 'TLS', 'HTTP'];
  const stop = (check: Check): Way => {
    checks.push(check);
    const rest = steps.slice(steps.indexOf(check.name) + 1);
    return { checks: [...checks, ...notTried(rest, `${check.name} failed`)], isOpen: false };
  };
  try {
    checks.push(await nameCheck(address));
  } catch (error) {
    return stop(failure('name', connectProblem(error, address.host, undefined)));
  }
  const limit = AbortSignal.timeout(waitMs);
  try {
    const tookMs = await timeToConnect(address, limit);
    checks.push(result('TCP', 'ok', `${address.host} takes connections (${tookMs} ms).`));
  } catch (error) {
    return stop(failure('TCP', connectProblem(error, address.host, limit.aborted ? waitMs : undefined)));
  }
  const tlsLimit = AbortSignal.timeout(waitMs);
  let stream: Socket;
  try {
    const trusted = await openStream(address, tls, tlsLimit);
    stream = trusted.stream;
    checks.push(tlsCheck(trusted.certificateDer, tls));
  } catch (error) {
    if (isTrueNasError(error)) return stop(failure('TLS', error, await shownCertificate(address, waitMs)));
    return stop(failure('TLS', connectProblem(error, address.host, tlsLimit.aborted ? waitMs : undefined)));
  }
  // Its verdict is the WebSocket's: whatever answers here, the API may still be behind it.
  const http = await httpCheck(stream, address, waitMs).finally(() => stream.destroy());
  return { checks: [...checks, http.check], isOpen: true, ...http.clock };
}

async function nameCheck({ hostname }: URL): Promise<Check> {
  const host = bare(hostname);
  if (isIP(host) > 0) return result('name', 'ok', `${host} is an address.`);
  const found = await lookup(host, { all: true });
  const shown = found.map(({ address }) => address).slice(0, 4);
  return result('name', 'ok', `${host} is ${shown.join(', ')}.`);
}

function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function timeToConnect({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  const defaultPort = protocol === 'wss:' ? 443 : 80;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: bare(hostname), port: port === '' ? defaultPort : Number(port) });
    const onAbort = () => socket.destroy(new Error('no answer in time'));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(Math.round(performance.now() - startedMs));
    });
  });
}

/** A certificate that ends within this time is worth a word. */
const SOON_MS = 21 * 24 * 60 * 60 * 1000;
const RENEW = 'Renew it on the NAS (Credentials, Certificates).';

function tlsCheck(der: Buffer | undefined, trust: TlsTrust): Check {
  if (der === undefined) return result('TLS', 'warning', 'none: the connection is not encrypted.');
  const certificate = new X509Certificate(der);
  const endsMs = Date.parse(certificate.validTo);
  const text = `${trustedBy(trust)} SHA-256 ${fingerprintOf(der)}. ${described(certificate)}`;
  if (endsMs < Date.now())
    return finding(
      'TLS',
      'warning',
      `The certificate has expired. ${text}`,
      `${RENEW} Then pin the new one.`,
    );
  if (trust.isInsecure === true)
    return finding(
      'TLS',
      'warning',
      text,
      'Compare the fingerprint on the NAS, and set TRUENAS_TLS_FINGERPRINT to it.',
    );
  if (endsMs < Date.now() + SOON_MS)
    return finding('TLS', 'warning', `The certificate ends ${formatAge(endsMs, Date.now())}. ${text}`, RENEW);
  return result('TLS', 'ok', text);
}

function trustedBy({ fingerprintSha256, isInsecure, caPem }: TlsTrust): string {
  if (fingerprintSha256 !== undefined) return 'The certificate is the pinned one.';
  if (isInsecure === true) return 'The certificate is NOT verified.';
  return caPem === undefined
    ? 'An authority that this computer trusts has issued the certificate.'
    : 'The authority of TRUENAS_CA_FILE has issued the certificate.';
}

/** The certificate in words, for a person who compares it with what the NAS itself shows. */
function described({ subjectAltName, subject, issuer, validTo }: X509Certificate): string {
  const isOwn = subject === issuer;
  const names = subjectAltName ?? subject;
  const by = isOwn ? 'itself' : oneLine(issuer);
  return `It names ${oneLine(names)}, is signed by ${by}, and ends ${formatInstant(Date.parse(validTo))}.`;
}

function oneLine(text: string | undefined): string {
  return text === undefined || text === '' ? 'nothing' : safeCell(text.replace(/\s*\n\s*/g, ', '), 160);
}

/** What is there instead of a certificate that is trusted. Nothing is sent over the connection. */
async function shownCertificate(address: URL, waitMs: number): Promise<string> {
  try {
    const trust = { isInsecure: true };
    const { stream, certificateDer } = await openStream(address, trust, AbortSignal.timeout(waitMs));
    stream.destroy();
    if (certificateDer === undefined) return '';
    const certificate = new X509Certificate(certificateDer);
    const isOver = Date.parse(certificate.validTo) < Date.now();
    return `${described(certificate)}${isOver ? ' That is over: renew it on the NAS.' : ''} If the NAS itself shows another one, a proxy or portal stands in between.`;
  } catch {
    // What failed first is told anyway.
    return '';
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly date: string | undefined;
  readonly body: string;
}

interface HttpResult {
  readonly check: Check;
  readonly clock: { readonly aheadMs?: number };
}

async function httpCheck(stream: Socket, address: URL, waitMs: number): Promise<HttpResult> {
  let answer: HttpAnswer;
  const askedMs = Date.now();
  try {
    answer = await get(stream, address, waitMs);
  } catch {
    const text = `${address.host} does not answer ${address.pathname} within ${waitMs / 1000} s.`;
    const fix = 'If the WebSocket fails too, a proxy or portal in between keeps the answer.';
    return { check: finding('HTTP', 'warning', text, fix), clock: {} };
  }
  const atMs = Date.parse(answer.date ?? '');
  const clock = Number.isNaN(atMs) ? {} : { aheadMs: atMs - (askedMs + Date.now()) / 2 };
  return { check: judged(answer, address), clock };
}

function judged({ status, location, body }: HttpAnswer, address: URL): Check {
  if (status === 200) {
    const versions = versionsIn(body);
    if (versions !== undefined) return result('HTTP', 'ok', `It offers the API ${versions.join(', ')}.`);
    const text = `${address.host} answers ${address.pathname} with a page instead of the versions of its API.`;
    const fix =
      'A portal, a proxy or another program answers: set TRUENAS_URL to the address of the NAS itself.';
    return finding('HTTP', 'warning', text, fix);
  }
  const problem = httpProblem({ status, location }, address);
  if (problem instanceof ApiAbsentError) {
    const text = `${address.host} has no JSON-RPC API (HTTP ${status}): a TrueNAS before 25.04, if the next check finds its API.`;
    return result('HTTP', 'ok', text);
  }
  const { summary, nextStep } = problem;
  return finding('HTTP', 'warning', summary, nextStep);
}

function versionsIn(body: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const isList =
      Array.isArray(parsed) && parsed.every((each) => typeof each === 'string' && /^v[\d.]+$/.test(each));
    return isList ? parsed.slice(-6) : undefined;
  } catch {
    return undefined;
  }
}

const MAX_BODY = 64 * 1024;

function get(stream: Socket, address: URL, waitMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { host, pathname: path } = address;
    const signal = AbortSignal.timeout(waitMs);
    const asking = request({ createConnection: () => stream, host, path, headers: { Host: host }, signal });
    asking.once('error', reject);
    asking.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (body.length < MAX_BODY) body += part;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status, location: headers.location, date: headers.date, body }));
    });
    asking.end();
  });
}
