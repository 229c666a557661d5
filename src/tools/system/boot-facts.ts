/** What the NAS knows of its last start. */
import type { PowerOrder } from '../../findings/reboot.ts';
import { formatInstant } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Entry, readEntries, readRetention } from '../audit/entries.ts';
import { whatHappened } from '../audit/entry-text.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { type Alert, alertRow, alertText } from './alerts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Entries of the log that are looked at, the newest before the start first. */
const MAX_ENTRIES = 30;
/** An order that the NAS worked on after for so long did not lead to this start. */
const OBEYED_MS = 15 * MINUTE_MS;
/** A reboot takes so long at most; after a shutdown somebody may wait for days. */
const REBOOT_MS = 2 * HOUR_MS;

/** What the log of the time before the start tells. */
export interface LogBefore {
  /** Null where the whole log holds none. */
  readonly order: PowerOrder | null;
  /** The last sign of life, with what was done last; safe text. */
  readonly last: string | undefined;
  /** What could not be read of it, so that an order may be there; safe text. */
  readonly gap?: string;
  /** What of it is not kept any more; safe text. */
  readonly gone?: string;
}

/** Reads the audit log from before the start. Calls `audit.query` and `audit.config`. */
export async function readLogBefore(nas: ReadClient, bootMs: number, nowMs: number): Promise<LogBefore> {
  const [entries, days] = await Promise.all([
    readEntries(nas, { service: 'MIDDLEWARE', untilMs: bootMs - 1000, limit: MAX_ENTRIES }),
    readRetention(nas),
  ]);
  const [newest] = entries;
  const order = orderIn(entries, bootMs);
  const isOdd = entries.some(({ message_timestamp: atMs, event }) => atMs === null || event === null);
  const known = { order, last: newest === undefined ? undefined : lastText(newest, bootMs) };
  if (order !== null) return known;
  if (isOdd) return { ...known, gap: 'entries of the audit log from before it' };
  if (days === null) return { ...known, gap: 'how long the audit log is kept' };
  const isGone = bootMs - REBOOT_MS < nowMs - days * DAY_MS;
  return isGone
    ? { ...known, gone: `who ordered it, if anybody did (the audit log goes back ${days} days)` }
    : known;
}

function orderIn(entries: readonly Entry[], bootMs: number): PowerOrder | null {
  const found = entries.find(({ event }) => event === 'REBOOT' || event === 'SHUTDOWN');
  const atMs = found?.message_timestamp ?? null;
  if (found === undefined || atMs === null) return null;
  const action = found.event === 'REBOOT' ? 'reboot' : 'shutdown';
  const lastMs = entries[0]?.message_timestamp ?? atMs;
  if (lastMs - atMs > OBEYED_MS || (action === 'reboot' && bootMs - atMs > REBOOT_MS)) return null;
  const { username, address, event_data: data } = found;
  const reason = field.text(data?.['reason']);
  const words = [
    `${safeCell(username ?? 'UNKNOWN', 60)}${address ? ` from ${safeCell(address, 50)}` : ''}`,
    formatInstant(atMs),
    reason ? `reason: ${safeCell(reason, 100)}` : 'without a reason',
  ];
  return { action, text: words.join(', ') };
}

function lastText(entry: Entry, bootMs: number): string {
  const { message_timestamp: atMs, username, event } = entry;
  const what = safeCell(whatHappened(entry) ?? event ?? 'UNKNOWN', 80);
  const when = atMs === null ? 'at an unknown time' : formatInstant(atMs);
  const isQuiet = atMs !== null && bootMs - atMs > DAY_MS;
  return `${when} by ${safeCell(username ?? 'UNKNOWN', 60)}: ${what}${isQuiet ? ' (long before: says little)' : ''}`;
}

/** Alerts that belong to the start; safe texts. */
export interface BootAlerts {
  readonly unscheduled: string | undefined;
  readonly power: readonly string[];
  readonly failover: readonly string[];
  readonly hardware: readonly string[];
  readonly dumps: readonly string[];
  /** Alerts of which class or time could not be read. */
  readonly unreadCount: number;
}

/** Alerts of each sort that are quoted. */
const MAX_QUOTED = 3;

/** Reads the alerts of the time around the start; they outlive it. Calls `alert.list`. */
export async function readBootAlerts(nas: ReadClient, bootMs: number): Promise<BootAlerts> {
  const alerts = rowsOf(await nas.call('alert.list', []), alertRow);
  const near = (beforeMs: number, afterMs: number) =>
    alerts.filter(
      ({ datetime: atMs }) => atMs !== null && atMs >= bootMs - beforeMs && atMs <= bootMs + afterMs,
    );
  const of = (some: readonly Alert[], pattern: RegExp) =>
    some
      .filter(({ klass }) => pattern.test(klass ?? ''))
      .slice(0, MAX_QUOTED)
      .map((alert) => `${formatInstant(alert.datetime ?? bootMs)}: ${safeCell(alertText(alert), 160)}`);
  const before = near(2 * HOUR_MS, 10 * MINUTE_MS);
  const failovers = of(before, /^(?:Failover|Fenced)/u);
  const unscheduled = of(near(0, 2 * HOUR_MS), /^UnscheduledReboot$/u);
  return {
    unscheduled: unscheduled[0],
    power: of(before, /^UPS(?:OnBattery|BatteryLow|Shutdown|Replbatt|Commbad|LowBattery)/u),
    // The NAS's own words for a controller that was stopped by force.
    failover: [...failovers, ...unscheduled.filter((text) => /failover event/iu.test(text))],
    hardware: of(before, /^(?:IPMISEL|Sensor|PowerSupply|MemoryErrors|MemorySize|BMC)/u),
    dumps: of(alerts, /^(?:CoreFilesArePresent|Kdump)/u),
    unreadCount: alerts.filter(({ klass, datetime }) => klass === null || datetime === null).length,
  };
}

const ENVIRONMENT = { id: field.text, active: field.flag, created: field.time };

/** The version that runs, where it was installed within a day before the start. Calls `boot.environment.query`. */
export async function readNewVersion(
  nas: ReadClient,
  bootMs: number,
): Promise<{ readonly text: string | undefined; readonly isKnown: boolean }> {
  const rows = rowsOf(await nas.call('boot.environment.query', []), ENVIRONMENT);
  const running = rows.find(({ active }) => active === true);
  const created = running?.created ?? null;
  if (running === undefined || created === null) return { text: undefined, isKnown: false };
  const isNew = created <= bootMs && bootMs - created < DAY_MS;
  const text = `${safeCell(running.id ?? 'UNKNOWN', 60)}, installed ${formatInstant(created)}`;
  return { text: isNew ? text : undefined, isKnown: true };
}

/** Whether the UPS service runs; null where that is not known. Calls `service.query`. */
export async function readUps(nas: ReadClient): Promise<boolean | null> {
  const parameters = query({ filters: [['service', '=', 'ups']], select: ['service', 'state'] });
  const [row] = rowsOf(await nas.call('service.query', parameters), {
    service: field.text,
    state: field.text,
  });
  const state = row?.state ?? null;
  return state === null ? null : state === 'RUNNING';
}

/** Why it has to start once more; null where that is not known. Calls `system.reboot.info`. */
export async function readWaiting(nas: ReadClient): Promise<readonly string[] | null> {
  const { reboot_required_reasons: reasons } = objectOf(await nas.call('system.reboot.info', []), {
    reboot_required_reasons: field.objects({ code: field.text, reason: field.text }),
  });
  return (
    reasons?.map(({ code, reason }) => safeCell(reason ?? code ?? 'for a reason that is UNKNOWN', 160)) ??
    null
  );
}
