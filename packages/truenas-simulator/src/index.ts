/**
 * A TrueNAS to test against: a stateful server that speaks the JSON-RPC protocol of TrueNAS 25.04, 25.10 or 27.0, or the
 * older one of CORE 13 and 24.10, over a verified TLS WebSocket on loopback. Published as `truenas-mcp-server/simulator`.
 *
 * ```ts
 * import { startSimulator } from 'truenas-mcp-server/simulator';
 *
 * const nas = await startSimulator({ release: '25.10', seed: 1 });
 * // connect to `${nas.url}/api/current`, trust nas.certificatePem or pin nas.fingerprint,
 * // sign in with nas.username and nas.apiKey …
 * await nas.close();
 * ```
 */
import { type SimulatorControl, createControl } from './control/control.ts';
import type { RecordedCall } from './control/recorder.ts';
import { generationOf, isCore, legacyOf, type SimulatedRelease } from './releases.ts';
import type { AllowlistItem } from './auth/account-store.ts';
import { ADMIN_NAME, DEFAULT_PASSWORD } from './auth/default-accounts.ts';
import { roleTable } from './auth/roles.ts';
import { listen } from './server/listen.ts';
import type { WorldName } from './worlds/index.ts';
import { createCertificate, sharedCertificate } from './server/tls.ts';

export { decodeValue, encodeValue } from './wire/codec.ts';
export type { SimulatorControl } from './control/control.ts';
export type { SimEvent } from './session/events.ts';
export type { Fault } from './control/faults.ts';
export type { WorldState } from './control/world-state.ts';
export { applyQuery, type QueryOptions } from './query/apply.ts';
export { QueryError } from './query/error.ts';
export { checkQueryArguments } from './query/arguments.ts';
export type { RecordedCall } from './control/recorder.ts';
export { WORLD_NAMES, type WorldName } from './worlds/index.ts';
export {
  LEGACY_RELEASES,
  type LegacyRelease,
  SIM_RELEASES,
  SIMULATED_RELEASES,
  type SimRelease,
  type SimulatedRelease,
} from './releases.ts';

/** How a simulated NAS is made. Everything may be left out. */
export interface SimulatorOptions {
  /** Which TrueNAS it is; 25.10 when absent. */
  readonly release?: SimulatedRelease | undefined;
  /** 0 (any free port) when absent. */
  readonly port?: number | undefined;
  /** A loopback address; 127.0.0.1 when absent. Others are refused. */
  readonly host?: string | undefined;
  /** The same seed grows the same NAS; 1 when absent. */
  readonly seed?: number | undefined;
  /** What kind of NAS it is, and in which state; `mixed` when absent. */
  readonly world?: WorldName | undefined;
  /** How many datasets to hold at least; a NAS without a pool has none. */
  readonly datasets?: number | undefined;
  readonly snapshots?: number | undefined;
  /** What the issued key's user may do, e.g. `['READONLY_ADMIN']`; a full administrator when absent. */
  readonly roles?: readonly string[] | undefined;
  /** On 24.10, whose keys belong to nobody: what the issued key may do; everything when absent. */
  readonly allowlist?: readonly AllowlistItem[] | undefined;
  /** The NAS's clock in milliseconds since the epoch; the system's when absent. */
  readonly now?: (() => number) | undefined;
  /**
   * Listens without TLS: `loopback` as a real NAS treats its own machine, `network` as it treats others: it then
   * revokes an API key that arrives.
   */
  readonly plainHttp?: 'loopback' | 'network' | undefined;
  /** A certificate of its own instead of the one all simulators of this process share. */
  readonly hasFreshCertificate?: boolean | undefined;
  /** Factor for the NAS's delays after refused sign-ins (1 to 10 s) and for a reboot (3 s); 1 when absent, small for tests. */
  readonly delayScale?: number | undefined;
  /** Calls of one method before sign-in that a minute allows; 20 when absent, as on a NAS. */
  readonly anonymousCallsPerMinute?: number | undefined;
  /**
   * How long the answer of `core.get_methods` is at least: descriptions are filled up to it. A 25.10 has 4,800,000
   * bytes; as long as the simulator's own when absent.
   */
  readonly catalogBytes?: number | undefined;
  /** Rounds of a SCRAM key on 27.0, 50000 (the least a client must accept) when absent; a NAS has 500000. */
  readonly scramIterations?: number | undefined;
}

/** A running simulated NAS. */
export interface Simulator {
  /** `wss://127.0.0.1:PORT` (`ws://` with `plainHttp`), without a path. */
  readonly url: string;
  /** The issued key. */
  readonly apiKey: string;
  /** The user it belongs to; on releases whose keys belong to nobody, who does what it does: root. */
  readonly username: string;
  /** A full administrator who signs in by password, and in a browser; on FreeBSD only root can. */
  readonly person: { readonly username: string; readonly password: string };
  /** SHA-256 of the certificate's DER, 64 lower-case hex digits; empty without TLS. */
  readonly fingerprint: string;
  /** To trust as an authority; empty without TLS. */
  readonly certificatePem: string;
  readonly release: SimulatedRelease;
  /** Faults on demand, for tests. */
  readonly control: SimulatorControl;
  /** Every call so far, in order of arrival. */
  calls(): RecordedCall[];
  /** Cuts all connections and stops listening. */
  close(): Promise<void>;
}

const MIN_ROUNDS = 50_000;

/** Starts a simulated NAS. @throws Error for an address that is not loopback, a port that is taken, or a role that the release does not have */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { plainHttp, host = '127.0.0.1', now = Date.now, release = '25.10' } = options;
  for (const role of options.roles ?? []) {
    if (!roleTable(generationOf(release)).has(role))
      throw new Error(`${role} is no role of TrueNAS ${release}`);
  }
  const makeCertificate = options.hasFreshCertificate === true ? createCertificate : sharedCertificate;
  const certificate = plainHttp === undefined ? makeCertificate() : null;
  const server = await listen({
    release,
    seed: options.seed ?? 1,
    world: options.world,
    datasets: options.datasets,
    snapshots: options.snapshots,
    roles: options.roles,
    now,
    host,
    port: options.port ?? 0,
    certificate,
    isSecure: plainHttp !== 'network',
    delayScale: options.delayScale ?? 1,
    anonymousCallsPerMinute: options.anonymousCallsPerMinute ?? 20,
    scramIterations: options.scramIterations ?? MIN_ROUNDS,
    catalogBytes: options.catalogBytes ?? null,
  });
  const { accounts } = server.core;
  const legacy = legacyOf(release);
  const { row, key } = accounts.createApiKey({
    name: 'simulator',
    allowlist: options.allowlist,
    username: accounts.issuedTo,
    createdAt: new Date(now()),
  });
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${certificate === null ? 'ws' : 'wss'}://${shownHost}:${server.port}`,
    apiKey: key,
    username:
      legacy === null || (!isCore(legacy) && options.roles !== undefined) ? accounts.issuedTo : 'root',
    person: { username: isCore(legacy) ? 'root' : ADMIN_NAME, password: DEFAULT_PASSWORD },
    fingerprint: certificate?.fingerprint ?? '',
    certificatePem: certificate?.certificatePem ?? '',
    get release() {
      return server.core.legacy ?? server.core.release;
    },
    control: createControl(server, row.id),
    calls: () => server.recorder.calls(),
    close: () => server.close(),
  };
}
