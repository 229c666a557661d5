/**
 * What stands between client and NAS, and sign-ins that end oddly: built by hand, with real listeners, and asked through the
 * whole server. Ids of the form E01 are those of `../shared/nas-cases`; those with a word behind are further ones of the same
 * kinds. To see one of them, as if nothing was known of it: `CASE=E01 npx vitest run test/nas-cases`.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { lazyNas } from '../../src/systems/lazy-nas.ts';
import { silentLog, type TrueNasOptions } from '../../src/truenas/index.ts';
import { unexpectedProblems } from '../support/known-failures.ts';
import { API_KEY, clientForTest, closers, peerForTest } from '../truenas/support/client.ts';
import { nasForTest } from '../truenas/support/nas.ts';
import type { PeerCall } from '../truenas/support/peer.ts';
import { type Answer, answersOf, ask, problemsOf, textOf } from './support/asking.ts';
import { isChosen, knownFailures } from './support/choice.ts';
import { HEALTHY_NAS } from './support/healthy-nas.ts';
import { httpAnswer, type Listener, rawServer, tlsAlert, webServer } from './support/listeners.ts';
import { environmentIds, type Expectation, hasNasCases } from './support/nas-case.ts';
import { closeSimulators } from './support/odd-nas.ts';
import { refused } from './support/rows.ts';

afterAll(closeSimulators);

/** One thing in between. */
interface Between {
  readonly id: string;
  readonly input: string;
  /** What a tool is answered there. */
  readonly answers: () => Promise<Answer[]>;
  readonly expect: Expectation;
}

const LIST_POOLS = [{ tool: 'list_pools' }];

/** Asks for pools where something listens. */
async function askAt(listener: Listener, options: Partial<TrueNasOptions> = {}): Promise<Answer[]> {
  const { url, fingerprint } = listener;
  const tls = fingerprint === '' ? {} : { fingerprintSha256: fingerprint };
  const nas = clientForTest(url, { tls, ...options });
  return ask(async () => nas.read, LIST_POOLS, { ownSecrets: [API_KEY] });
}

/** Asks for pools where a web server answers the upgrade with this. */
const askWeb = (answer: Parameters<typeof webServer>[0]) => async () => askAt(await webServer(answer));

/** Asks for pools on a NAS of 25.10 whose sign-in ends as the test says. */
const askSigningIn = (method: string, end: (call: PeerCall) => void) => async () => {
  const peer = await peerForTest({ script: (call) => (call.method === method ? end(call) : 'unhandled') });
  const nas = clientForTest(peer.url, {}, { signInTimeoutMs: 300 });
  return ask(async () => nas.read, LIST_POOLS, { ownSecrets: [API_KEY] });
};

/** Asks for pools with settings as a person writes them. */
const askConfigured = (env: Readonly<Record<string, string>>) => async () => {
  const config = loadConfig({ argv: [], env: { TRUENAS_API_KEY: API_KEY, ...env } });
  const nas = lazyNas({ ...config, name: 'nas' }, silentLog, () => undefined);
  closers.push(() => nas.close());
  return ask(async () => (await nas.open()).read, LIST_POOLS);
};

const failure = (errname: string, error: number, reason: string) => ({
  code: -32001,
  message: 'Method call error',
  data: { error, errname, type: 'CallError', reason, trace: null, extra: null },
});

const page = '<!doctype html><html><head><title>Welcome</title></head><body>Sign in</body></html>';
const html = { 'Content-Type': 'text/html' };

const tooOld = { isError: true, must: ['CORE', '25\\.04', '\\bAPI\\b'] };
const signInPage = { isError: true, must: ['login\\.example\\.org', 'sign(?:s|ing)?[- ]in', '/api/current'] };
const dropsUpgrade = { isError: true, must: ['proxy', 'WebSocket', 'Upgrade'] };
const refusing = { isError: true, must: ['proxy|firewall|in between', 'refuse'] };

const WEB: readonly Between[] = [
  {
    id: 'E01',
    input: 'a redirect to /ui/ of the same host',
    answers: askWeb(httpAnswer('302 Found', { Location: '/ui/' })),
    expect: tooOld,
  },
  {
    id: 'E01-absolute',
    input: 'a redirect to /ui/ that names the same host in full',
    answers: askWeb((port) =>
      httpAnswer('301 Moved Permanently', { Location: `https://127.0.0.1:${port}/ui/` }),
    ),
    expect: tooOld,
  },
  {
    id: 'E02',
    input: 'a redirect to a sign-in page of another host',
    answers: askWeb(
      httpAnswer('302 Found', { Location: 'https://login.example.org/if/flow/?next=%2Fapi%2Fcurrent' }),
    ),
    expect: signInPage,
  },
  {
    id: 'E02-token',
    input: 'a redirect to a sign-in page, with a token in its address',
    answers: askWeb(
      httpAnswer('303 See Other', { Location: `https://login.example.org/start?state=${'Zq9'.repeat(20)}` }),
    ),
    expect: { ...signInPage, mustNot: ['Zq9Zq9'] },
  },
  {
    id: 'E03',
    input: 'a proxy without WebSocket: 400',
    answers: askWeb(httpAnswer('400 Bad Request', html, page)),
    expect: dropsUpgrade,
  },
  {
    id: 'E03-html',
    input: 'a proxy without WebSocket: 200 with a page',
    answers: askWeb(httpAnswer('200 OK', html, page)),
    expect: { ...dropsUpgrade, mustNot: ['doctype', 'Welcome'] },
  },
  {
    id: 'E03-upgrade-required',
    input: 'a proxy without WebSocket: 426',
    answers: askWeb(httpAnswer('426 Upgrade Required', { Upgrade: 'websocket' })),
    expect: dropsUpgrade,
  },
  {
    id: 'E04',
    input: '401 with WWW-Authenticate',
    answers: askWeb(httpAnswer('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="home"' })),
    expect: { ...refusing, must: [...refusing.must, '401'] },
  },
  {
    id: 'E04-forbidden',
    input: '403',
    answers: askWeb(httpAnswer('403 Forbidden', html, page)),
    expect: { ...refusing, must: [...refusing.must, '403'] },
  },
  {
    id: 'E04-too-many',
    input: '429',
    answers: askWeb(httpAnswer('429 Too Many Requests', { 'Retry-After': '30' })),
    expect: { ...refusing, must: [...refusing.must, 'wait'] },
  },
  {
    id: 'E05',
    input: '502',
    answers: askWeb(httpAnswer('502 Bad Gateway', html, page)),
    expect: { isError: true, must: ['502', 'may be starting'] },
  },
];

const TLS: readonly Between[] = [
  {
    id: 'E06',
    input: 'TLS to a port that speaks HTTP',
    answers: async () =>
      askAt(await rawServer((socket) => socket.end(httpAnswer('400 Bad Request', html, page)))),
    expect: { isError: true, must: ['does not speak TLS', 'HTTPS port'] },
  },
  {
    id: 'E08',
    input: 'a self-signed certificate',
    answers: async () => {
      const { nas } = await nasForTest({}, { tls: {} });
      return ask(async () => nas.read, LIST_POOLS);
    },
    expect: { isError: true, must: ['TRUENAS_TLS_FINGERPRINT', '(?:[0-9a-f]{2}:?){32}'] },
  },
  {
    id: 'E08-other-name',
    input: 'a certificate of a trusted authority, for another name',
    answers: async () => {
      // Elsewhere than on Linux only 127.0.0.1 is there to listen on.
      const host = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
      const { simulator } = await nasForTest({ host });
      return askAt({ url: simulator.url, fingerprint: '' }, { tls: { caPem: simulator.certificatePem } });
    },
    expect: process.platform === 'linux' ? { isError: true, must: ['another name'] } : {},
  },
  {
    id: 'E-tls-name',
    input: 'a TLS server that knows no site of this name (alert 112)',
    answers: async () => askAt(await rawServer((socket) => socket.end(tlsAlert(112)))),
    expect: {
      isError: true,
      must: ['name', 'proxy|in between|in front'],
      mustNot: ['SSL routines', '\\.c:'],
    },
  },
  {
    id: 'E-tls-version',
    input: 'a TLS server that has no version in common (alert 70)',
    answers: async () => askAt(await rawServer((socket) => socket.end(tlsAlert(70)))),
    expect: { isError: true, must: ['TLS 1\\.2'], mustNot: ['SSL routines', '\\.c:'] },
  },
];

const SIGN_IN: readonly Between[] = [
  {
    id: 'E10',
    input: 'login_ex answers EXPIRED',
    answers: askSigningIn('auth.login_ex', (call) => call.result({ response_type: 'EXPIRED' })),
    expect: { isError: true, must: ['expired', 'Make a new key'] },
  },
  {
    id: 'E11',
    input: 'login_ex answers AUTH_ERR',
    answers: askSigningIn('auth.login_ex', (call) => call.result({ response_type: 'AUTH_ERR' })),
    expect: { isError: true, must: ['does not accept this API key', 'TRUENAS_USERNAME'] },
  },
  {
    id: 'E12',
    input: 'the sign-in fails over the state of the authenticator',
    answers: askSigningIn('auth.login_ex', (call) =>
      call.error(failure('EFAULT', 14, 'AUTH: unexpected authenticator run state. Expected: START')),
    ),
    expect: { isError: true, must: ['revoked', 'new key', 'TRUENAS_USERNAME'] },
  },
  {
    id: 'E13',
    input: 'login_ex fails: too many sign-ins',
    answers: askSigningIn('auth.login_ex', (call) =>
      call.error(failure('EBUSY', 16, '[EBUSY] Rate Limit Exceeded')),
    ),
    expect: { isError: true, must: ['Wait a minute'] },
  },
  {
    id: 'E14',
    input: 'mechanism_choices fails as on 25.04.2 to 25.10.6',
    answers: askSigningIn('auth.mechanism_choices', (call) =>
      call.error(failure('EINVAL', 22, "'NoneType' object has no attribute 'may_create_auth_token'")),
    ),
    // Signed in: the peer has no pools to tell of.
    expect: { must: ['no method pool\\.query'], mustNot: ['sign-in', 'API key'] },
  },
  {
    id: 'E14-other-text',
    input: 'mechanism_choices fails as if there had been a session',
    answers: askSigningIn('auth.mechanism_choices', (call) =>
      call.error(failure('ENOTAUTHENTICATED', 207, '[ENOTAUTHENTICATED] Not authenticated')),
    ),
    expect: { mustNot: ['session had ended'] },
  },
  {
    id: 'E15',
    input: 'login_ex answers REDIRECT with addresses',
    answers: askSigningIn('auth.login_ex', (call) =>
      call.result({ response_type: 'REDIRECT', urls: ['https://10.0.0.2'] }),
    ),
    expect: { isError: true, must: ['https://10\\.0\\.0\\.2', 'active'] },
  },
  {
    id: 'E17',
    input: 'the sign-in is never answered',
    answers: askSigningIn('auth.mechanism_choices', () => undefined),
    expect: { isError: true, must: ['mechanism_choices', 'starting', 'proxy'] },
  },
  {
    id: 'E17-login',
    input: 'the second step of the sign-in is never answered',
    answers: askSigningIn('auth.login_ex', () => undefined),
    expect: { isError: true, must: ['login_ex', 'starting', 'proxy'] },
  },
  {
    id: 'E19',
    input: 'the WebSocket is accepted, then closed with 1008',
    answers: async () => {
      const peer = await peerForTest();
      peer.onConnection = (socket) => socket.close(1008, 'You are not allowed to access this resource');
      return askAt({ url: peer.url, fingerprint: '' });
    },
    expect: { isError: true, must: ["refuses this computer's address", 'allowed addresses'] },
  },
  {
    id: 'E20',
    input: 'a NAS that no longer takes a key alone, without TRUENAS_USERNAME',
    answers: async () => {
      const gone = { code: -32601, message: 'Method does not exist' };
      const peer = await peerForTest({
        script: (call) => (call.method === 'auth.login_with_api_key' ? call.error(gone) : 'unhandled'),
      });
      return askAt({ url: peer.url, fingerprint: '' }, { username: undefined });
    },
    expect: { isError: true, must: ['Set TRUENAS_USERNAME'] },
  },
  {
    id: 'E21',
    input: 'the boot pool, while the key may not read it',
    answers: () =>
      answersOf(
        {
          answers: { 'boot.get_state': refused },
          call: { tool: 'get_pool', args: { pool: 'boot-pool' } },
        },
        HEALTHY_NAS,
      ),
    expect: { must: ['not allowed|may not (?:call|read)'], mustNot: ['names no pool'] },
  },
];

const ADDRESSES: readonly Between[] = [
  {
    id: 'E09',
    input: 'an http:// address',
    answers: askConfigured({ TRUENAS_URL: 'http://nas.example.org' }),
    expect: { isError: true, must: ['TRUENAS_URL', 'must not be http://', 'revokes an API key'] },
  },
  {
    id: 'E09-ws',
    input: 'a ws:// address',
    answers: askConfigured({ TRUENAS_URL: 'ws://nas.example.org/websocket' }),
    expect: { isError: true, must: ['TRUENAS_URL', 'must not be http://', 'revokes an API key'] },
  },
  {
    id: 'E18',
    input: 'an address with a user and a password',
    answers: askConfigured({ TRUENAS_URL: 'https://root:hunter22@nas.example.org' }),
    expect: { isError: true, must: ['TRUENAS_URL', 'user name or password'], mustNot: ['hunter22'] },
  },
  {
    id: 'E18-zone',
    input: 'a link-local address with its interface',
    answers: askConfigured({ TRUENAS_URL: 'fe80::1%eth0' }),
    expect: { isError: true, must: ['TRUENAS_URL', 'network interface'] },
  },
];

const LOSSES: readonly Between[] = [
  {
    id: 'E16',
    input: 'the connection is cut while pool.query waits, and while idle',
    answers: async () => {
      const { simulator, nas } = await nasForTest();
      const askPools = () => ask(async () => nas.read, LIST_POOLS);
      simulator.control.next('pool.query', { kind: 'drop-before' });
      const waiting = await askPools();
      simulator.control.dropConnections();
      return [...waiting, ...(await askPools())];
    },
    expect: { isError: false, must: ['tank'] },
  },
  {
    id: 'E-back',
    input: 'a NAS that was away while three calls failed, and is back',
    answers: async () => {
      const { simulator, nas } = await nasForTest({}, {}, { backOffFirstMs: 60_000, backOffMaxMs: 60_000 });
      const askPools = () => ask(async () => nas.read, LIST_POOLS);
      await simulator.control.refuse();
      for (let call = 0; call < 3; call += 1) await askPools();
      await simulator.control.accept();
      return askPools();
    },
    expect: { isError: false, must: ['tank'] },
  },
];

const ALL = [...WEB, ...TLS, ...SIGN_IN, ...ADDRESSES, ...LOSSES];

describe('what stands between client and NAS', () => {
  it.each(ALL.filter(isChosen).map((each) => [each.id, each.input, each] as const))(
    '%s %s',
    async (id, _input, each) => {
      const answers = await each.answers();
      const problems = problemsOf(answers, each.expect);
      expect(unexpectedProblems(knownFailures, id, problems, textOf(answers))).toEqual([]);
    },
  );

  it.skipIf(!hasNasCases)('every case of the shared ones is built', () => {
    const built = new Set(ALL.map((each) => each.id));
    expect(environmentIds().filter((id) => !built.has(id))).toEqual([]);
  });
});
