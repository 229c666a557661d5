/** An HTTP answer or a TLS alert where a NAS is expected tells who sent it and what to do, and shows nothing that is secret. */
import { describe, expect, it } from 'vitest';
import type { TrueNasError } from '../../../src/truenas/index.ts';
import {
  httpAnswer,
  type Listener,
  rawServer,
  tlsAlert,
  webServer,
} from '../../nas-cases/support/listeners.ts';
import { clientForTest, problemOf } from '../support/client.ts';

async function problemAt({ url, fingerprint }: Listener): Promise<TrueNasError> {
  const tls = fingerprint === '' ? {} : { fingerprintSha256: fingerprint };
  return (await problemOf(clientForTest(url, { tls }).read.call('core.ping'))) as TrueNasError;
}

const redirect = (location: string | ((port: number) => string)) => async () =>
  problemAt(
    await webServer((port) =>
      httpAnswer('302 Found', { Location: typeof location === 'string' ? location : location(port) }),
    ),
  );

describe('a redirect', () => {
  it.each([
    ['/ui/', /web interface.*no TrueNAS JSON-RPC API/, /CORE.*25\.04/],
    ['/ui', /web interface/, /25\.04/],
    ['/ui/sessions/signin', /web interface/, /25\.04/],
    ['/uinvited', /another page of its own/, /TRUENAS_URL/],
    ['https://login.example.org/?rd=x', /redirects to login\.example\.org .*sign-in page/, /\/api\/current/],
    ['//sso.example.org:8443/auth', /redirects to sso\.example\.org:8443 .*sign-in page/, /\/api\/current/],
    [
      'https://nas.example.org/ui/',
      /redirects to https:\/\/nas\.example\.org /,
      /Set TRUENAS_URL to https:\/\/nas/,
    ],
    ['/oauth2/start?rd=%2Fapi', /another page of its own/, /let the proxy pass/],
    ['javascript:alert(1)', /redirects to another address \(HTTP 302\)/, /https address/],
    ['https://', /redirects to another address/, /https address/],
    [`https://${'x'.repeat(200)}.example.org/`, /redirects to another address/, /https address/],
  ])('to %s is explained', async (location, summary, nextStep) => {
    const problem = await redirect(location)();
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.summary).toMatch(summary);
    expect(problem.nextStep).toMatch(nextStep);
  });

  it('to another port of the same host names the address to use', async () => {
    const problem = await redirect((port) => `https://127.0.0.1:${port === 1 ? 2 : port - 1}/api/current`)();
    expect(problem.nextStep).toMatch(/Set TRUENAS_URL to https:\/\/127\.0\.0\.1:\d+/);
  });

  it('shows neither path nor query, which may hold a token', async () => {
    const token = 'Zq9'.repeat(20);
    for (const location of [
      `https://login.example.org/${token}`,
      `/login/${token}?t=${token}`,
      `https://u:${token}@x.org/`,
    ]) {
      const { summary, nextStep } = await redirect(location)();
      expect(`${summary} ${nextStep}`).not.toContain('Zq9');
    }
  });
});

describe('another HTTP answer', () => {
  it.each([
    ['200 OK', /HTTP 200/, /does not pass WebSockets.*Upgrade and Connection/],
    ['400 Bad Request', /HTTP 400/, /does not pass WebSockets/],
    ['426 Upgrade Required', /HTTP 426/, /does not pass WebSockets/],
    ['501 Not Implemented', /HTTP 501/, /does not pass WebSockets/],
    ['401 Unauthorized', /refuses.*HTTP 401.*proxy or firewall/, /\/api\/current/],
    ['403 Forbidden', /refuses.*HTTP 403/, /\/api\/current/],
    ['407 Proxy Authentication Required', /refuses.*HTTP 407/, /\/api\/current/],
    ['421 Misdirected Request', /refuses.*HTTP 421/, /name/],
    ['429 Too Many Requests', /refuses.*HTTP 429/, /Wait/],
    ['404 Not Found', /no TrueNAS JSON-RPC API at \/api\/current/, /25\.04/],
    ['418 Teapot', /HTTP 418/, /URL is that of the TrueNAS/],
    ['502 Bad Gateway', /HTTP 502/, /may be starting/],
    ['503 Service Unavailable', /HTTP 503/, /may be starting/],
  ])('%s is explained', async (status, summary, nextStep) => {
    const problem = await problemAt(await webServer(httpAnswer(status, {}, '<html>SECRET</html>')));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.summary).toMatch(summary);
    expect(problem.nextStep).toMatch(nextStep);
    expect(`${problem.summary}${problem.nextStep}`).not.toContain('SECRET');
  });

  it('a switch to something that is no WebSocket is explained', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    const problem = await problemAt(await webServer(answer));
    expect(problem.summary).toMatch(/not as a WebSocket/);
    expect(problem.nextStep).toMatch(/in between/);
  });

  it('bytes that are no HTTP are explained without the parser’s words', async () => {
    const problem = await problemAt(await webServer('220 mail.example.org ESMTP\r\n'));
    expect(problem.summary).toMatch(/does not speak HTTP \(HPE_/);
  });
});

describe('a TLS alert', () => {
  it.each([
    [40, /no TLS version or cipher in common/, /TLS 1\.2/],
    [70, /no TLS version or cipher in common/, /TLS 1\.2/],
    [80, /internal error.*no site of the name/, /name/],
    [112, /no site of the name/, /proxy/],
    [116, /certificate of the client/, /proxy/],
    [120, /HTTP\/1\.1/, /proxy/],
    [49, /refused \(alert 49\)/, /in between/],
  ])('%i is explained without the words of OpenSSL', async (number, summary, nextStep) => {
    const problem = await problemAt(await rawServer((socket) => socket.end(tlsAlert(number))));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.summary).toMatch(summary);
    expect(problem.nextStep).toMatch(nextStep);
    expect(`${problem.summary}${problem.nextStep}`).not.toMatch(/routines|openssl/i);
  });
});
