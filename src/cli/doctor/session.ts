/** Checks over one signed-in connection: WebSocket, sign-in, release, roles, the key's end, clock, latency. */
import { formatAge, formatInstant, formatDuration } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { API_KEYS_PLACE, apiKeyParts } from '../../truenas/api-key.ts';
import { isTrueNasError, type TrueNasError } from '../../truenas/errors.ts';
import {
  type ConnectionStatus,
  isAtLeast,
  openTrueNas,
  type ReadClient,
  type Release,
  silentLog,
  type TrueNas,
  type TrueNasOptions,
  type WireValue,
} from '../../truenas/index.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import { legacyName, type LegacyNas } from '../../truenas/legacy/dialect.ts';
import { recordOf } from '../../truenas/sign-in/account.ts';
import { type Check, failure, finding, notTried, result } from './check.ts';
import { MECHANISMS } from './mechanisms.ts';

/** A connection that is signed in, and what was seen on the way there. */
export interface Visit {
  readonly checks: readonly Check[];
  /** Absent when the sign-in failed. The caller closes it. */
  readonly nas?: TrueNas;
}

/** The checks of {@link visit}, in their order. */
export const VISIT_CHECKS = ['WebSocket', 'sign-in'] as const;

/**
 * Opens the WebSocket and signs in, once: a second attempt within a minute is refused by the client itself, so that no
 * account is locked out by a diagnosis.
 * @param timings shorter waiting times, for tests.
 */
export async function visit(
  options: Omit<TrueNasOptions, 'log'>,
  timings: Partial<Timings> = {},
): Promise<Visit> {
  const nas = openTrueNas({ ...options, log: silentLog }, { ...timings, signInsPerMinute: 1 });
  try {
    await nas.read.call('core.ping');
  } catch (error) {
    const { connections, problem } = nas.status();
    await nas.close();
    if (!isTrueNasError(error)) throw error;
    // What came first is the cause.
    const cause = problem ?? error;
    if (isOfSignIn(cause, connections)) return { checks: [OPENED, failure('sign-in', cause)] };
    return { checks: [failure('WebSocket', cause), ...notTried(['sign-in'], 'WebSocket failed')] };
  }
  const opened = nas.status().legacy === undefined ? OPENED : OPENED_BEFORE_2504;
  return { checks: [opened, signInCheck(nas)], nas };
}

const OPENED_BEFORE_2504 = result(
  'WebSocket',
  'ok',
  'The API of TrueNAS before 25.04 (/websocket) takes connections.',
);
const OPENED = result('WebSocket', 'ok', 'The API takes connections.');

function isOfSignIn({ kind, method }: TrueNasError, connections: number): boolean {
  return connections > 0 && (kind === 'signin' || kind === 'timeout' || method !== undefined);
}

function signInCheck(nas: TrueNas): Check {
  const { mechanism, account, isReadOnly } = nas.status();
  const whose = account === undefined ? '' : ` as ${safeCell(account.name)}`;
  const how = mechanism === undefined ? '' : ` by ${MECHANISMS[mechanism]}`;
  const session = isReadOnly === true ? ' The session gave up its rights to write.' : '';
  if (mechanism === 'LOGIN_WITH_API_KEY')
    return finding(
      'sign-in',
      'warning',
      `Signed in${whose}${how}: the key itself went to the NAS, and only TLS protected it.${session}`,
      'Set TRUENAS_USERNAME to the user of the key: a TrueNAS 27 then does not get to see the key.',
    );
  return result('sign-in', 'ok', `Signed in${whose}${how}.${session}`);
}

/** Limits of one of the calls: all are about the connection that was judged. */
const BOUND = { isBound: true, timeoutMs: 10_000 } as const;

/** From here on a NAS speaks JSON-RPC. */
const OLDEST = '25.04';
/** The releases before that this program was made for. */
const KNOWN_BEFORE = new Set(['24.10', '13.3', '13.0']);

/** The release of the NAS, and what of it can be used. @param legacy set for one of before 25.04 */
export function releaseCheck(release: Release, legacy: ConnectionStatus['legacy']): Check {
  const { version, family } = release;
  if (legacy !== undefined) return legacyReleaseCheck(release, legacy);
  if (version === '') return result('release', 'not-told', 'The NAS does not tell its release.');
  const shown = `TrueNAS ${safeCell(version.replace(/^TrueNAS-/i, ''), 60)}`;
  if (family === 'unknown')
    return finding(
      'release',
      'warning',
      `${shown}: a version of a form that this program does not know.`,
      'Nothing, if the tools work.',
    );
  if (isAtLeast(release, OLDEST)) return result('release', 'ok', `${shown}.`);
  const fix = `Update the NAS: this program needs TrueNAS ${OLDEST} or later.`;
  return finding('release', 'failed', `${shown} is too old.`, fix);
}

function legacyReleaseCheck({ family }: Release, legacy: LegacyNas): Check {
  const text = `${safeCell(legacyName(legacy), 60)}, over the protocol before JSON-RPC: it is read, and nothing on it is changed.`;
  if (KNOWN_BEFORE.has(family)) return result('release', 'ok', text);
  return finding(
    'release',
    'warning',
    `${text} Of the releases before ${OLDEST} this program knows ${[...KNOWN_BEFORE].join(', ')}.`,
    'Nothing, if the tools work.',
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;
const NEW_KEY = `Make a new key on the NAS (${API_KEYS_PLACE}) before that.`;

/** When the key ends, where the account may read that. */
export async function keyCheck(read: ReadClient, apiKey: string): Promise<Check> {
  const id = Number(apiKeyParts(apiKey)?.id);
  const params = [[['id', '=', id]], { select: ['id', 'expires_at', 'revoked'] }];
  let answer: WireValue;
  try {
    answer = await read.call('api_key.query', params, BOUND);
  } catch (error) {
    if (!isTrueNasError(error)) throw error;
    return result('key', 'not-told', `The account may not see when its key ends: ${error.summary}`);
  }
  const row = Array.isArray(answer) && answer.length === 1 ? recordOf(answer[0]) : undefined;
  if (row === undefined || !('expires_at' in row))
    return result('key', 'not-told', 'The NAS does not show this key to its account.');
  const { expires_at: ends } = row;
  if (ends === null) return result('key', 'ok', 'The key does not end.');
  if (!(ends instanceof Date))
    return result('key', 'not-told', 'The NAS tells the end of the key in an odd form.');
  const text = `The key ends ${formatInstant(ends.getTime())} (${formatAge(ends.getTime(), Date.now())}).`;
  return ends.getTime() - Date.now() < 14 * DAY_MS
    ? finding('key', 'warning', text, NEW_KEY)
    : result('key', 'ok', text);
}

/** More than this, and times of the NAS are misread: "an hour ago", "since the last backup". */
const MAX_DIFFERENCE_MS = 60_000;

/** The clock of the NAS against that of this computer. @param httpAheadMs as its HTTP server tells, to a second */
export async function clockCheck(read: ReadClient, httpAheadMs: number | undefined): Promise<Check> {
  const aheadMs = (await nasAheadMs(read)) ?? httpAheadMs;
  if (aheadMs === undefined)
    return result('clock', 'not-told', 'The NAS does not tell its time to this account.');
  const difference = Math.abs(aheadMs);
  if (difference < MAX_DIFFERENCE_MS) return result('clock', 'ok', 'It agrees with that of this computer.');
  const text = `The clock of the NAS is ${formatDuration(difference)} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of this computer.`;
  return finding(
    'clock',
    'warning',
    text,
    'Set both by NTP (System, General Settings, NTP Servers); one-time codes and ages are wrong until then.',
  );
}

async function nasAheadMs(read: ReadClient): Promise<number | undefined> {
  const askedMs = Date.now();
  try {
    const time = recordOf(await read.call('system.info', [], BOUND))?.['datetime'];
    return time instanceof Date ? time.getTime() - (askedMs + Date.now()) / 2 : undefined;
  } catch (error) {
    if (isTrueNasError(error)) return undefined;
    throw error;
  }
}

const PINGS = 5;
const SLOW_MS = 500;

/** How long an answer takes. */
export async function latencyCheck(read: ReadClient): Promise<Check> {
  const took: number[] = [];
  try {
    for (let ping = 0; ping < PINGS; ping += 1) {
      const startedMs = performance.now();
      await read.call('core.ping', [], BOUND);
      took.push(performance.now() - startedMs);
    }
  } catch (error) {
    return failure('latency', error);
  }
  const median = Math.round(took.toSorted((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0);
  const text = `An answer takes ${median} ms (the middle of ${plural(PINGS, 'try', 'tries')}).`;
  return median < SLOW_MS
    ? result('latency', 'ok', text)
    : finding(
        'latency',
        'warning',
        text,
        'Look at the load of the NAS and at the network; TRUENAS_TIMEOUT bounds each answer.',
      );
}
