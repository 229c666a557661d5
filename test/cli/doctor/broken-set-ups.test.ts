/** Set-ups that are broken in one way each: `doctor` names that way, tells the remedy, and does not guess beyond it. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from 'truenas-simulator';
import { describe, expect, it } from 'vitest';
import {
  httpAnswer,
  type Listener,
  rawServer,
  tlsAlert,
  webServer,
} from '../../nas-cases/support/listeners.ts';
import { API_KEY, closers, peerForTest } from '../../truenas/support/client.ts';
import type { PeerCall } from '../../truenas/support/peer.ts';
import { diagnose, type Env, envOf, IMPATIENT, named } from './support.ts';

interface Broken {
  readonly why: string;
  /** Settings, and the simulator if there is one. */
  readonly setUp: () => Promise<{
    readonly env: Env;
    readonly args?: readonly string[];
    readonly nas?: Simulator;
  }>;
  /** Names of all checks that fail. */
  readonly failed: readonly string[];
  /** What the failing check says, remedy included. */
  readonly says: readonly RegExp[];
  readonly never?: RegExp;
  /** Something there never answers. */
  readonly isSilent?: true;
}

const NEVER_SAID = /\bundefined\b|\[object /;
const PLAIN = ['--dangerously-allow-plaintext-to-loopback-for-tests'];
const isWindows = process.platform === 'win32';

const folder = () => mkdtempSync(join(tmpdir(), 'doctor-'));

async function simulated(options: SimulatorOptions = {}): Promise<Simulator> {
  const nas = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => nas.close());
  return nas;
}

/** A NAS that is right, and then something done to it or to the settings. */
const withNas =
  (spoil: (nas: Simulator) => Env | Promise<void> | void, options: SimulatorOptions = {}) =>
  async () => {
    const nas = await simulated(options);
    const env: Env = { ...envOf(nas), ...((await spoil(nas)) ?? {}) };
    return { env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')), nas };
  };

const at = (listening: () => Promise<Listener>) => async () => {
  const { url, fingerprint } = await listening();
  return { env: { TRUENAS_URL: url, TRUENAS_API_KEY: API_KEY, TRUENAS_TLS_FINGERPRINT: fingerprint } };
};

const web = (status: string, headers: Record<string, string> = {}, body = '') =>
  at(() => webServer(httpAnswer(status, headers, body)));

const signingIn = (method: string, end: (call: PeerCall) => void) => async () => {
  const peer = await peerForTest({ script: (call) => (call.method === method ? end(call) : 'unhandled') });
  const env = { TRUENAS_URL: peer.url, TRUENAS_API_KEY: API_KEY, TRUENAS_USERNAME: 'monitor' };
  return { env, args: PLAIN };
};

const never = async () => ({ env: {} });
const configured = (env: Env) => async () => ({ env: { TRUENAS_API_KEY: API_KEY, ...env } });

const CONFIGURATION: readonly Broken[] = [
  {
    why: 'nothing is set',
    setUp: never,
    failed: ['configuration'],
    says: [/TRUENAS_URL is not set/, /TRUENAS_API_KEY is not set/],
  },
  {
    why: 'a placeholder was never filled in',
    setUp: configured({ TRUENAS_URL: '$' + '{user_config.address}' }),
    failed: ['configuration'],
    says: [/TRUENAS_URL is a placeholder that was never filled in/],
  },
  {
    why: 'an address without TLS',
    setUp: configured({ TRUENAS_URL: 'http://nas.example.org' }),
    failed: ['configuration'],
    says: [/must not be http:\/\//, /revokes an API key/],
  },
  {
    why: 'a password in the address',
    setUp: configured({ TRUENAS_URL: 'https://root:hunter22@nas.example.org' }),
    failed: ['configuration'],
    says: [/user name or password/],
    never: /hunter22/,
  },
  {
    why: 'a misspelt variable',
    setUp: withNas(() => ({ TRUENAS_ACESS: 'manage' })),
    failed: ['configuration'],
    says: [/TRUENAS_ACESS is not a setting/, /TRUENAS_ACCESS/],
  },
  {
    why: 'a file with the key that is not there',
    setUp: withNas(() => ({ TRUENAS_API_KEY: '', TRUENAS_API_KEY_FILE: join(folder(), 'key') })),
    failed: ['configuration'],
    says: [/TRUENAS_API_KEY_FILE names a file that cannot be read \(ENOENT\)/],
  },
];

const FILES: readonly Broken[] = [
  // A Windows machine does not reach itself by this address.
  {
    why: 'an authority that is trusted, and a name that its certificate does not have',
    setUp: withNas((nas) => {
      const path = join(folder(), 'ca.pem');
      writeFileSync(path, nas.certificatePem, { mode: 0o600 });
      const url = nas.url.replace('127.0.0.1', '0.0.0.0');
      return { TRUENAS_URL: url, TRUENAS_TLS_FINGERPRINT: '', TRUENAS_CA_FILE: path };
    }),
    failed: ['TLS'],
    says: [/issued for another name or address/, /It names DNS:localhost/],
  },
  {
    why: 'a file with the key that everybody can read',
    setUp: withNas(({ apiKey }) => {
      const path = join(folder(), 'key');
      writeFileSync(path, apiKey);
      chmodSync(path, 0o644);
      return { TRUENAS_API_KEY: '', TRUENAS_API_KEY_FILE: path };
    }),
    failed: ['files'],
    says: [/every user of this machine can read the key/, /chmod 600/],
  },
  {
    why: 'authorities that others can replace',
    setUp: withNas(({ certificatePem }) => {
      const path = join(folder(), 'ca.pem');
      writeFileSync(path, certificatePem);
      chmodSync(path, 0o666);
      return { TRUENAS_TLS_FINGERPRINT: '', TRUENAS_CA_FILE: path };
    }),
    failed: ['files'],
    says: [/other users can change/, /chmod go-w/],
  },
  {
    why: 'a secret that everybody can read',
    setUp: withNas(() => {
      const path = folder();
      writeFileSync(join(path, 'one.json'), '{}');
      chmodSync(join(path, 'one.json'), 0o644);
      return { TRUENAS_SECRETS_DIR: path };
    }),
    failed: ['files'],
    says: [/one\.json/, /every user can read it/],
  },
  {
    why: 'an audit file that is a folder',
    setUp: withNas(() => ({ TRUENAS_AUDIT_FILE: folder() })),
    failed: ['audit file'],
    says: [/not a regular file/],
  },
  {
    why: 'an audit file that others can read',
    setUp: withNas(() => {
      const path = join(folder(), 'audit.jsonl');
      writeFileSync(path, '');
      chmodSync(path, 0o644);
      return { TRUENAS_AUDIT_FILE: path };
    }),
    failed: ['audit file'],
    says: [/chmod 600/],
  },
  {
    why: 'a state folder that others can reach',
    setUp: withNas(() => {
      const path = join(folder(), 'state');
      mkdirSync(path);
      chmodSync(path, 0o755);
      return { TRUENAS_STATE_DIR: path };
    }),
    failed: ['state folder'],
    says: [/other users can reach it/, /chmod 700/],
  },
];

const WAY: readonly Broken[] = [
  {
    why: 'a name that nobody knows',
    setUp: configured({ TRUENAS_URL: 'nas.invalid' }),
    failed: ['name'],
    says: [/cannot be resolved|DNS does not answer/, /DNS/],
  },
  {
    why: 'a port on which nothing listens',
    setUp: withNas((nas) => nas.control.refuse()),
    failed: ['TCP'],
    says: [/nothing listens there/, /Check host and port/],
  },
  {
    why: 'a NAS that takes connections and says nothing',
    isSilent: true,
    setUp: at(() => rawServer(() => undefined)),
    failed: ['TLS'],
    says: [/did not answer within/, /firewall/],
  },
  {
    why: 'a NAS that speaks TLS and says nothing',
    isSilent: true,
    setUp: withNas((nas) => nas.control.fallSilent('handshake')),
    failed: ['WebSocket'],
    says: [/did not answer within/, /firewall/],
  },
  {
    why: 'a port that speaks HTTP',
    setUp: at(() => rawServer((socket) => socket.end(httpAnswer('400 Bad Request')))),
    failed: ['TLS'],
    says: [/does not speak TLS/, /HTTPS port/],
  },
  {
    why: 'a server with TLS versions of old',
    setUp: at(() => rawServer((socket) => socket.end(tlsAlert(70)))),
    failed: ['TLS'],
    says: [/TLS 1\.2/],
  },
  {
    why: 'a self-signed certificate without a pin',
    setUp: withNas(() => ({ TRUENAS_TLS_FINGERPRINT: '' })),
    failed: ['TLS'],
    says: [
      /self-signed/,
      /SHA-256 fingerprint is [0-9a-f]{64}/,
      /TRUENAS_TLS_FINGERPRINT/,
      /proxy or portal/,
    ],
  },
  {
    why: 'another certificate than the pinned one',
    setUp: withNas((nas) => void nas.control.changeCertificate()),
    failed: ['TLS'],
    says: [/not the pinned one/, /got [0-9a-f]{64}/, /is signed by/],
  },
  {
    why: 'an expired certificate of an authority that is trusted',
    setUp: withNas((nas) => {
      nas.control.changeCertificate({ isExpired: true });
      const path = join(folder(), 'ca.pem');
      writeFileSync(path, nas.control.certificatePem(), { mode: 0o600 });
      return { TRUENAS_TLS_FINGERPRINT: '', TRUENAS_CA_FILE: path };
    }),
    failed: ['TLS'],
    says: [/it has expired/, /Renew it on the NAS/],
  },
  {
    why: 'an expired certificate that is not trusted either',
    setUp: withNas((nas) => {
      nas.control.changeCertificate({ isExpired: true });
      return { TRUENAS_TLS_FINGERPRINT: '' };
    }),
    failed: ['TLS'],
    says: [/That is over: renew it/],
  },
];

const WEB: readonly Broken[] = [
  {
    why: 'a NAS that is starting',
    setUp: withNas((nas) => nas.control.refuseUpgrades(502)),
    failed: ['WebSocket'],
    says: [/HTTP 502/, /may be starting/],
  },
  {
    why: 'a release without the API',
    setUp: web('404 Not Found'),
    failed: ['WebSocket'],
    says: [/25\.04 or later/],
  },
  {
    why: 'a CORE',
    setUp: web('302 Found', { Location: '/ui/' }),
    failed: ['WebSocket'],
    says: [/TrueNAS CORE/],
  },
  {
    why: 'a sign-in page in front',
    setUp: web('302 Found', { Location: 'https://login.example.org/start?state=Zq9Zq9Zq9' }),
    failed: ['WebSocket'],
    says: [/login\.example\.org/, /sign-in page/],
    never: /Zq9Zq9/,
  },
  {
    why: 'a captive portal that answers everything with a page',
    setUp: web('200 OK', { 'Content-Type': 'text/html' }, '<html>Welcome</html>'),
    failed: ['WebSocket'],
    says: [/HTTP 200 instead of opening a WebSocket/, /proxy/],
    never: /Welcome/,
  },
  {
    why: 'a proxy that asks for a password',
    setUp: web('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="x"' }),
    failed: ['WebSocket'],
    says: [/HTTP 401/, /proxy or firewall/],
  },
  {
    why: 'a proxy that knows no WebSockets',
    setUp: web('426 Upgrade Required'),
    failed: ['WebSocket'],
    says: [/HTTP 426/, /proxy/, /WebSocket/],
  },
  {
    why: 'a proxy that drops what asks for a WebSocket',
    setUp: web('400 Bad Request', { Server: 'nginx' }),
    failed: ['WebSocket'],
    says: [/HTTP 400/, /proxy/],
  },
  {
    why: 'a firewall that refuses',
    setUp: web('403 Forbidden'),
    failed: ['WebSocket'],
    says: [/HTTP 403/, /proxy or firewall/],
  },
  {
    why: 'a firewall that has had enough of this computer',
    setUp: web('429 Too Many Requests', { 'Retry-After': '60' }),
    failed: ['WebSocket'],
    says: [/HTTP 429/, /[Ww]ait/],
  },
  {
    why: 'a proxy whose NAS is away',
    setUp: web('504 Gateway Timeout'),
    failed: ['WebSocket'],
    says: [/HTTP 504/],
  },
  {
    why: 'a connection that is cut as soon as it stands',
    setUp: async () => {
      const peer = await peerForTest();
      peer.onConnection = (socket) => socket.terminate();
      return { env: { TRUENAS_URL: peer.url, TRUENAS_API_KEY: API_KEY }, args: PLAIN };
    },
    failed: ['WebSocket'],
    says: [/The connection to the NAS broke off/, /network/],
  },
  {
    why: 'a NAS that takes no connections from this address',
    setUp: async () => {
      const peer = await peerForTest();
      peer.onConnection = (socket) => socket.close(1008, 'You are not allowed to access this resource');
      return { env: { TRUENAS_URL: peer.url, TRUENAS_API_KEY: API_KEY }, args: PLAIN };
    },
    failed: ['WebSocket'],
    says: [/refuses this computer's address/, /allowed addresses/],
  },
];

const BUSY = {
  ...{ error: 16, errname: 'EBUSY', type: 'CallError', reason: '[EBUSY] Rate Limit Exceeded' },
  ...{ trace: null, extra: null },
};

const SIGN_IN: readonly Broken[] = [
  {
    why: 'a revoked key',
    setUp: withNas((nas) => nas.control.revokeKey()),
    failed: ['sign-in'],
    says: [/revoked|does not accept/, /new key|TRUENAS_USERNAME/i],
  },
  {
    why: 'an expired key',
    setUp: withNas((nas) => nas.control.expireKey()),
    failed: ['sign-in'],
    says: [/expired/, /new key/],
  },
  {
    why: 'an expired key on 27.0',
    setUp: withNas((nas) => nas.control.expireKey(), { release: '27.0' }),
    failed: ['sign-in'],
    says: [/expired/, /new key/],
  },
  {
    why: 'an account that has expired',
    setUp: withNas((nas) => nas.control.expireUser()),
    failed: ['sign-in'],
    says: [/expired/],
  },
  {
    why: 'the name of another user',
    setUp: withNas(() => ({ TRUENAS_USERNAME: 'somebody' })),
    failed: ['sign-in'],
    says: [/TRUENAS_USERNAME/],
  },
  {
    why: 'too many sign-ins',
    setUp: withNas((nas) =>
      nas.control.next('auth.login_ex', {
        kind: 'error',
        code: -32001,
        message: 'Method call error',
        data: BUSY,
      }),
    ),
    failed: ['sign-in'],
    says: [/no more sign-ins from this address/, /Wait a minute/],
  },
  {
    why: 'a standby controller',
    setUp: signingIn('auth.login_ex', (call) =>
      call.result({ response_type: 'REDIRECT', urls: ['https://10.0.0.2'] }),
    ),
    failed: ['sign-in'],
    says: [/standby controller/, /https:\/\/10\.0\.0\.2/],
  },
  {
    why: 'a user without any privilege',
    setUp: signingIn('auth.login_ex', (call) => call.result({ response_type: 'DENIED' })),
    failed: ['sign-in'],
    says: [/no privilege/, /READONLY_ADMIN/],
  },
  {
    why: 'a key that the NAS trips over (25.04 and 25.10, E12 of the cases)',
    setUp: withNas((nas) =>
      nas.control.next('auth.login_ex', {
        kind: 'error',
        code: -32001,
        message: 'Method call error',
        data: {
          ...BUSY,
          ...{ error: 14, errname: 'EFAULT', type: 'RuntimeError' },
          reason: 'AUTH: unexpected authenticator run state. Expected: START',
        },
      }),
    ),
    failed: ['sign-in'],
    says: [/revoked|another user/, /new key|TRUENAS_USERNAME/],
  },
  {
    why: 'a connection that is cut in the middle of the sign-in',
    setUp: withNas((nas) => nas.control.next('auth.login_ex', { kind: 'drop-before' })),
    failed: ['WebSocket'],
    says: [/The connection to the NAS broke off/, /network/],
  },
  {
    why: 'a sign-in that is never answered',
    isSilent: true,
    setUp: signingIn('auth.login_ex', () => undefined),
    failed: ['sign-in'],
    says: [/did not answer auth\.login_ex/, /starting/],
  },
  {
    why: 'narrow roles',
    setUp: withNas((nas) => nas.control.setRoles(['POOL_READ', 'DATASET_READ'])),
    failed: ['roles'],
    says: [/lacks \d+ roles/, /SNAPSHOT_TASK_READ \(.*list_jobs/, /READONLY_ADMIN/],
  },
];

const ALL = [...CONFIGURATION, ...(isWindows ? [] : FILES), ...WAY, ...WEB, ...SIGN_IN];

describe('truenas-mcp doctor names what is wrong', () => {
  it.each(ALL.map((each) => [each.why, each] as const))(
    '%s',
    async (_why, { setUp, failed, says, never: secret, isSilent }) => {
      const { env, args, nas } = await setUp();
      const { code, checks, text } = await diagnose(env, args, isSilent === true ? IMPATIENT : {});
      expect(named(checks, 'failed')).toEqual(failed);
      expect(code).toBe(1);
      const wrong = checks
        .filter(({ state }) => state === 'failed')
        .map((check) => `${check.text} ${check.fix}`);
      for (const pattern of says) expect(wrong.join('\n')).toMatch(pattern);
      expect(text).not.toMatch(secret ?? NEVER_SAID);
      expect(text).not.toContain(env['TRUENAS_API_KEY'] ?? API_KEY);
      // SCRAM is a sign-in in two calls.
      expect(nas?.control.logins().total ?? 0).toBeLessThanOrEqual(nas?.release === '27.0' ? 2 : 1);
    },
  );
});
