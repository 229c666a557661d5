/** All checks in their order; those that an earlier failure makes moot are named as not tried. */
import type { Config } from '../../config/index.ts';
import type { ConnectionStatus, Release, TrueNas, TrueNasOptions } from '../../truenas/index.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import { type Check, failure, notTried } from './check.ts';
import { configurationChecks, fileChecks, folderChecks } from './configuration.ts';
import { checkWay } from './network.ts';
import { compareApi, type ApiDifference } from './api-difference.ts';
import { accountOf, keyRightsCheck, missingRoles, offeredTools, rolesCheck } from './roles.ts';
import { clockCheck, keyCheck, latencyCheck, releaseCheck, visit, VISIT_CHECKS } from './session.ts';

/** What was found. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly release?: Release;
  readonly mechanism?: ConnectionStatus['mechanism'];
  /** Roles that the account lacks. */
  readonly lacking?: readonly string[];
  readonly api?: ApiDifference | undefined;
}

/** What to look at besides the checks. */
export interface ExaminationOptions {
  /** Compare the live API with what the tools of this version use. */
  readonly withApi: boolean;
  /** Shorter waiting times, for tests. */
  readonly timings?: Partial<Timings>;
}

const WAY = ['name', 'TCP', 'TLS', 'HTTP'];
const INSIDE = ['release', 'roles', 'key', 'clock', 'latency'];
/** Longest wait for each step of the way; a person sits before the screen. */
const STEP_MS = 5_000;

/** Examines everything between this program and the NAS of a configuration. Signs in at most once, and changes nothing. */
export async function examine(config: Config, options: ExaminationOptions): Promise<Examination> {
  const before = [...configurationChecks(config), ...(await fileChecks(config))];
  const { checks, ...facts } = await examineNas(config, options);
  return { checks: [...before, ...checks, ...(await folderChecks(config))], ...facts };
}

async function examineNas(config: Config, options: ExaminationOptions): Promise<Examination> {
  const { connection, access } = config;
  const rest = [...WAY, ...VISIT_CHECKS, ...INSIDE];
  if (connection === undefined) return { checks: notTried(rest, 'the configuration is not right') };
  const way = await checkWay(
    connection,
    Math.min(options.timings?.connectTimeoutMs ?? STEP_MS, connection.timeoutMs),
  );
  const failed = way.checks.find(({ state }) => state === 'failed')?.name;
  if (failed !== undefined)
    return { checks: [...way.checks, ...notTried([...VISIT_CHECKS, ...INSIDE], `${failed} failed`)] };
  const { checks, nas } = await visit({ ...connection, isReadOnly: access === 'read' }, options.timings);
  const soFar = [...way.checks, ...checks];
  if (nas === undefined) {
    const cause = checks.find(({ state }) => state === 'failed')?.name ?? 'sign-in';
    return { checks: [...soFar, ...notTried(INSIDE, `${cause} failed`)] };
  }
  try {
    const inside = await examineInside(nas, { config, connection, aheadMs: way.aheadMs, ...options });
    return { ...inside, checks: [...soFar, ...inside.checks] };
  } finally {
    await nas.close();
  }
}

interface Inside extends ExaminationOptions {
  readonly config: Config;
  readonly connection: Pick<TrueNasOptions, 'apiKey'>;
  readonly aheadMs: number | undefined;
}

async function examineInside(nas: TrueNas, inside: Inside): Promise<Examination> {
  const { config, connection, aheadMs, withApi } = inside;
  const { read } = nas;
  const { mechanism, account: known, legacy } = nas.status();
  let release: Release;
  try {
    release = await read.release();
  } catch (error) {
    return { checks: [failure('release', error), ...notTried(INSIDE.slice(1), 'release failed')], mechanism };
  }
  const tools = await offeredTools({ ...config, allowsApiWrite: config.changes.allowsApiWrite });
  const account = legacy === undefined ? await accountOf(read, known) : undefined;
  const missing =
    legacy === undefined
      ? await missingRoles(tools, account?.roles ?? [], read)
      : new Map<string, string[]>();
  const checks = [
    releaseCheck(release, legacy),
    legacy === undefined ? rolesCheck(account, missing, config.access) : keyRightsCheck(legacy),
    await keyCheck(read, connection.apiKey),
    await clockCheck(read, aheadMs),
    await latencyCheck(read),
  ];
  const facts = { checks, release, mechanism, lacking: [...missing.keys()].sort() };
  return withApi ? { ...facts, api: await compareApi(read, tools) } : facts;
}
