/** The audit log: who signed in, and what was called that changes something. It is kept for some days. */
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './units.ts';

/** The databases of the log. */
export const AUDIT_SERVICES = ['MIDDLEWARE', 'SMB', 'SUDO', 'SYSTEM'] as const;
export type AuditService = (typeof AUDIT_SERVICES)[number];

/** One entry, with the field names of `audit.query`. */
export interface AuditEntry {
  readonly audit_id: string;
  /** Seconds since the epoch. */
  readonly message_timestamp: number;
  readonly timestamp: Date;
  readonly address: string;
  readonly username: string;
  readonly session: string;
  readonly service: AuditService;
  readonly service_data: Readonly<Record<string, unknown>>;
  readonly event: string;
  readonly event_data: Readonly<Record<string, unknown>>;
  readonly success: boolean;
}

/** The log. */
export interface AuditLog {
  append(entry: AuditEntry): void;
  /** Entries of a service since a moment, oldest first. */
  entries(service: AuditService, sinceMs: number): AuditEntry[];
}

/** Who does something in the log, and how they came in. */
export interface AuditActor {
  readonly username: string;
  readonly address: string;
  readonly session: string;
  readonly credentials: unknown;
}

export const AUDIT_VERSION = { major: 0, minor: 1 };

/** Entries beyond this many are dropped, the oldest first: a simulator may run for weeks. */
const MOST_ENTRIES = 20_000;

/** What the log holds at the start. */
export interface AuditPlan {
  readonly work: readonly WorkDay[];
  /** Somebody tried the passwords of root two days ago. */
  readonly wasGuessedAt: boolean;
}

/** Makes the log of a world. */
export function createAuditLog(random: Random, plan: AuditPlan, nowMs: number): AuditLog {
  const log = new Map<AuditService, AuditEntry[]>(AUDIT_SERVICES.map((service) => [service, []]));
  const append = (entry: AuditEntry): void => {
    const entries = log.get(entry.service) ?? [];
    entries.push(entry);
    if (entries.length > MOST_ENTRIES) entries.shift();
  };
  for (const entry of seedEntries(random, plan, nowMs)) append(entry);
  return {
    append,
    entries: (service, sinceMs) =>
      (log.get(service) ?? []).filter(({ timestamp }) => timestamp.getTime() >= sinceMs),
  };
}

/** An entry of the middleware about what somebody did over the API. */
export function middlewareEntry(
  id: string,
  atMs: number,
  actor: AuditActor,
  event: string,
  data: Readonly<Record<string, unknown>>,
  success: boolean,
): AuditEntry {
  return {
    audit_id: id,
    message_timestamp: Math.floor(atMs / SECOND_MS),
    timestamp: new Date(Math.floor(atMs / SECOND_MS) * SECOND_MS),
    address: actor.address,
    username: actor.username,
    session: actor.session,
    service: 'MIDDLEWARE',
    service_data: {
      vers: AUDIT_VERSION,
      origin: actor.address,
      protocol: 'WEBSOCKET',
      credentials: actor.credentials,
    },
    event,
    event_data: data,
    success,
  };
}

/** A method and its arguments as the administrator called it, with what the log calls it. */
type Call = readonly [method: string, params: readonly unknown[], description: string];

/** What an administrator did in one sitting. */
export type WorkDay = readonly [daysAgo: number, calls: readonly Call[]];

const WORK: readonly WorkDay[] = [
  [6, [['pool.snapshottask.update', [2, { enabled: true }], 'Snapshot task update: tank/home']]],
  [5, [['user.update', [5, { email: 'alice@example.com' }], 'Update user alice']]],
  [
    3,
    [
      ['sharing.smb.update', [6, { enabled: false }], 'SMB share update old-scans'],
      ['service.update', ['ftp', { enable: false }], 'Update service configuration ftp'],
    ],
  ],
  [1, [['app.upgrade', ['nextcloud', { app_version: 'latest' }], 'App: Upgrading nextcloud']]],
];

/** The log of the mixed world: a week of an administrator's work, and somebody who guesses passwords. */
export const MIXED_AUDIT: AuditPlan = { work: WORK, wasGuessedAt: true };

function seedEntries(random: Random, { work, wasGuessedAt }: AuditPlan, nowMs: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  const add = (agoMs: number, actor: AuditActor, event: string, data: object, success = true): void => {
    entries.push(middlewareEntry(random.uuid(), nowMs - agoMs, actor, event, { ...data }, success));
  };
  for (const [daysAgo, calls] of work) {
    const signedInMs = daysAgo * DAY_MS + random.int(1, 5) * HOUR_MS;
    const admin = administrator(random, nowMs - signedInMs);
    add(signedInMs, admin, 'AUTHENTICATION', { credentials: admin.credentials, error: null });
    calls.forEach(([method, params, description], index) => {
      const agoMs = signedInMs - (index + 2) * MINUTE_MS;
      const data = { method, params, description, authenticated: true, authorized: true };
      // The upgrade of a day ago is the job that failed.
      add(agoMs, admin, 'METHOD_CALL', data, method !== 'app.upgrade');
    });
    add(signedInMs - 40 * MINUTE_MS, admin, 'LOGOUT', { credentials: admin.credentials });
  }
  if (!wasGuessedAt) return entries.toSorted(byTime);
  const guesser = {
    ...{ username: '.UNAUTHENTICATED', address: '203.0.113.66', session: random.uuid() },
    credentials: null,
  };
  for (const second of [0, 4, 9, 15, 22]) {
    const credentials = { credentials: 'LOGIN_PASSWORD', credentials_data: { username: 'root' } };
    const data = { credentials, error: 'Bad username or password' };
    add(2 * DAY_MS - second * SECOND_MS, guesser, 'AUTHENTICATION', data, false);
  }
  entries.push(sudoEntry(random, nowMs - 20 * HOUR_MS));
  return entries.toSorted(byTime);
}

function byTime(left: AuditEntry, right: AuditEntry): number {
  return left.timestamp.getTime() - right.timestamp.getTime();
}

function administrator(random: Random, signedInMs: number): AuditActor {
  const data = { username: 'truenas_admin', login_at: new Date(signedInMs) };
  return {
    ...{ username: 'truenas_admin', address: '192.0.2.50', session: random.uuid() },
    credentials: { credentials: 'LOGIN_PASSWORD', credentials_data: data },
  };
}

/** What sudo logs of a command. */
function sudoEntry(random: Random, atMs: number): AuditEntry {
  const data = {
    vers: AUDIT_VERSION,
    sudo: { accept: { command: '/usr/sbin/zpool status', runuser: 'root' } },
  };
  return {
    ...{ audit_id: random.uuid(), message_timestamp: Math.floor(atMs / SECOND_MS) },
    ...{ timestamp: new Date(Math.floor(atMs / SECOND_MS) * SECOND_MS), address: '127.0.0.1' },
    ...{ username: 'truenas_admin', session: random.uuid(), service: 'SUDO' },
    ...{ service_data: { vers: AUDIT_VERSION }, event: 'ACCEPT', event_data: data, success: true },
  };
}
