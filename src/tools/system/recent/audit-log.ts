/** What the audit log tells: changes, sign-ins and refused ones, orders to restart, commands with sudo. */
import { formatInstant } from '../../../output/time.ts';
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { Filter } from '../../../truenas/query.ts';
import { type Entry, readEntries, readRetention } from '../../audit/entries.ts';
import { whatHappened } from '../../audit/entry-text.ts';
import { field, isObject } from '../../support/rows.ts';
import type { Happening, Sort } from './happening.ts';
import type { Period, Source, SourceRead } from './period.ts';

/** Entries of each sort that are read, the newest first. */
const MAX_ENTRIES = 100;

const SIGN_INS = ['AUTHENTICATION', 'LOGIN'];
/** That a connection ended is no news. */
const DULL = ['LOGOUT'];

export const CHANGES: Source = {
  noun: 'audit log of changes',
  uses: ['audit.query'],
  async read(nas, period) {
    const filters: Filter[] = [['event', 'nin', [...SIGN_INS, ...DULL]], ...byUser(period)];
    const entries = await readEntries(nas, {
      service: 'MIDDLEWARE',
      ...period,
      filters,
      limit: MAX_ENTRIES + 1,
    });
    return told(entries, 'changes', changeOf);
  },
};

export const SIGN_IN_LOG: Source = {
  noun: 'audit log of sign-ins',
  uses: ['audit.query'],
  async read(nas, period) {
    // Who is refused is nobody yet: the name stands in the data, which is no filter.
    const filters: Filter[] = [['event', 'in', SIGN_INS], ...byUser(period)];
    const entries = await readEntries(nas, {
      service: 'MIDDLEWARE',
      ...period,
      filters,
      limit: MAX_ENTRIES + 1,
    });
    return told(entries, 'sign-ins', signInOf);
  },
};

export const SUDO_LOG: Source = {
  noun: 'audit log of sudo',
  uses: ['audit.query'],
  async read(nas, period) {
    const filters = byUser(period);
    const entries = await readEntries(nas, { service: 'SUDO', ...period, filters, limit: MAX_ENTRIES + 1 });
    return told(entries, 'commands with sudo', (entry) => happening('command', entry));
  },
};

/** How far back the log goes. */
export const RETENTION: Source = {
  noun: 'how long the audit log is kept',
  uses: ['audit.config'],
  async read(nas, { sinceMs, nowMs }) {
    const days = await readRetention(nas);
    if (days === null) return { happenings: [], unread: ['how long the audit log is kept'] };
    const keptSinceMs = nowMs - days * DAY_MS;
    const gone = `what was done more than ${plural(days, 'day')} ago (not known: the audit log goes back no further)`;
    return { happenings: [], keptSinceMs, ...(sinceMs < keptSinceMs ? { notKept: [gone] } : {}) };
  },
};

const DAY_MS = 86_400_000;

function byUser({ user }: Period): Filter[] {
  return user === undefined ? [] : [['username', '=', user]];
}

function told(entries: readonly Entry[], noun: string, tell: (entry: Entry) => Happening): SourceRead {
  const shown = entries.slice(0, MAX_ENTRIES);
  const oldest = shown.at(-1)?.message_timestamp ?? null;
  const from = oldest === null ? '' : ` before ${formatInstant(oldest)}`;
  return {
    happenings: shown.map(tell),
    ...(entries.length > MAX_ENTRIES
      ? {
          unread: [
            `${noun}${from} (of more than ${MAX_ENTRIES} only the newest were looked at; a shorter since shows them)`,
          ],
        }
      : {}),
  };
}

function changeOf(entry: Entry): Happening {
  const { event, event_data: data } = entry;
  if (event === 'REBOOT' || event === 'SHUTDOWN') {
    const reason = field.text(data?.['reason']);
    const what = `ordered ${event === 'REBOOT' ? 'a reboot' : 'a shutdown'}${reason ? `: ${safeCell(reason, 80)}` : ''}`;
    return { ...happening('boot', entry), what };
  }
  const method = field.text(data?.['method']);
  return { ...happening('change', entry), ...(method === null ? {} : { method }) };
}

function signInOf(entry: Entry): Happening {
  const wanted = wantedAccount(entry);
  const base = happening('sign-in', entry);
  return entry.success === false && wanted !== null
    ? { ...base, who: undefined, what: `sign-in as ${safeCell(wanted, 60)}`, account: safeCell(wanted, 60) }
    : { ...base, what: `signed in${wayText(entry)}` };
}

function happening(sort: Sort, entry: Entry): Happening {
  const { message_timestamp: atMs, username, address, success, event, event_data: data } = entry;
  const what = whatHappened(entry);
  const refused = data?.['authorized'] === false || sort === 'sign-in' ? 'refused' : 'failed';
  return {
    sort,
    atMs,
    who: username === null || username === '' ? undefined : `${safeCell(username, 60)}${keyText(entry)}`,
    what: safeCell(what ?? event ?? 'UNKNOWN', 120),
    ...(address === null || address === '' ? {} : { from: safeCell(address, 60) }),
    ...(success === true ? {} : { result: success === null ? 'UNKNOWN' : refused }),
    ...(success === false ? { isFailure: true } : {}),
  };
}

function credentialsOf({ service_data: service, event_data: data }: Entry) {
  const at = service?.['credentials'] ?? data?.['credentials'];
  if (!isObject(at)) return undefined;
  const more = at['credentials_data'];
  return { way: field.text(at['credentials']), data: isObject(more) ? more : {} };
}

function wantedAccount(entry: Entry): string | null {
  const own = entry.event_data?.['credentials'];
  const data = isObject(own) ? own['credentials_data'] : undefined;
  return isObject(data) ? field.text(data['username']) : null;
}

/** ` (key backup)`: two keys of one account are two culprits. */
function keyText(entry: Entry): string {
  const key = credentialsOf(entry)?.data['api_key'];
  const name = isObject(key) ? field.text(key['name']) : null;
  return name === null ? '' : ` (key ${safeCell(name, 40)})`;
}

const WAYS: Readonly<Record<string, string>> = {
  LOGIN_PASSWORD: ' with a password',
  LOGIN_TWOFACTOR: ' with a second factor',
  API_KEY: ' with an API key',
  TOKEN: ' with a token',
  UNIX_SOCKET: ' on the NAS itself',
};

function wayText(entry: Entry): string {
  const own = entry.event_data?.['credentials'];
  const way = isObject(own) ? field.text(own['credentials']) : (credentialsOf(entry)?.way ?? null);
  return way === null ? '' : (WAYS[way] ?? ` (${safeCell(way, 30)})`);
}
