import { isoInstant } from '../../../output/time.ts';
import { query } from '../../../truenas/query.ts';
import type { NasTime } from '../../support/clock.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { widestRoles } from './roles.ts';

/** API keys: never what proves them, which the NAS keeps as a hash and as SCRAM keys. */
export const apiKey = defineKind({
  name: 'api_key',
  toolset: 'accounts',
  noun: 'API keys',
  about: 'whose they are, age, expired, revoked and why, in use now, roles of the owner',
  words: ['token', 'apikey', 'key', 'credential of a program'],
  sources: [{ method: 'api_key.query' }],
  row: {
    id: field.number,
    username: field.text,
    created_at: field.time,
    expires_at: keyExpiry,
    revoked: field.flag,
    sessions: joined<number>(),
    roles: joined<string[]>(),
  },
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    owner: { type: 'text', value: ({ username }) => username },
    state: { type: 'text', value: stateOf },
    created: { type: 'time', value: (row) => row.created_at, sort: 'desc' },
    age_days: {
      type: 'number',
      value: ({ created_at: ms, time }) => ms && Math.floor((time.nowMs - ms) / DAY_MS),
      sort: 'desc',
    },
    expires: { type: 'text', value: expiresText },
    days_left: {
      type: 'number',
      value: (row) =>
        typeof row.expires_at === 'number' && row.revoked !== true
          ? Math.floor((row.expires_at - row.time.nowMs) / DAY_MS)
          : null,
      sort: 'asc',
      isOnDemand: true,
    },
    revoked: { type: 'flag', value: (row) => row.revoked, isOnDemand: true },
    revoked_reason: { type: 'text', from: 'revoked_reason', isOnDemand: true },
    sessions: { type: 'number', value: (row) => row.sessions, isOnDemand: true },
    roles: { type: 'texts', value: (row) => row.roles, isOnDemand: true },
    local: { type: 'flag', from: 'local', isAlwaysThere: true, isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  usesClock: true,
  // The row holds hashes and keys: nothing but its columns is asked for.
  alsoSelects: [],
  joins: [
    {
      columns: ['sessions'],
      uses: ['auth.sessions'],
      async read(nas) {
        const shape = { credentials_data: field.object({ api_key: field.object({ id: field.number }) }) };
        const result = await nas.call(
          'auth.sessions',
          query({
            filters: [['credentials', '=', 'API_KEY']],
            select: ['credentials_data'],
            limit: MAX_SESSIONS,
          }),
        );
        const users = rowsOf(result, shape).map((row) => row.credentials_data?.api_key?.id);
        // A session whose key is not told may be by any of them.
        if (users.some((used) => typeof used !== 'number')) return { add: () => ({}), notes: [UNTOLD] };
        return {
          add: ({ id }) => (id === null ? {} : { sessions: users.filter((used) => used === id).length }),
        };
      },
    },
    {
      columns: ['roles'],
      uses: ['user.query'],
      async read(nas, rows) {
        const names = [...new Set(rows.flatMap(({ username }) => username ?? []))];
        const filters = [['username', 'in', names]] as const;
        const owners = rowsOf(
          await nas.call(
            'user.query',
            query({ filters, select: ['username', 'roles'], limit: MAX_SESSIONS }),
          ),
          { username: field.text, roles: field.texts },
        );
        return {
          add({ username }) {
            const owner = owners.find((each) => each.username === username);
            return owner === undefined ? {} : { roles: widestRoles(owner.roles) };
          },
        };
      },
    },
  ],
  mayLack: [
    { method: 'system.info' },
    { method: 'auth.sessions' },
    { method: 'user.query' },
    { method: 'api_key.query', field: 'revoked_reason' },
  ],
  examples: [
    { args: {}, why: 'whose keys there are' },
    {
      args: { name: 'sim', fields: ['roles', 'sessions'] },
      why: 'what they may do, and which are in use',
    },
    {
      args: { filter: ['state!=active'], fields: ['state', 'revoked_reason'] },
      why: 'expired and revoked ones',
    },
  ],
  getExamples: [
    { args: { id: 'simulator' }, why: 'by name' },
    { args: { id: 'no-such-key' }, why: 'a name that is none' },
  ],
});

const UNTOLD = '(sessions could not be read: the NAS does not tell of each by which key it is)';
const DAY_MS = 86_400_000;
/** Sessions and owners that are looked through. */
const MAX_SESSIONS = 2_000;

/** When it expires; `never` where the NAS says null, null where it does not say. */
export function keyExpiry(value: unknown): number | 'never' | null {
  return value === null ? 'never' : field.time(value);
}

interface KeyDates {
  readonly expires_at: number | 'never' | null;
  readonly revoked: boolean | null;
  readonly time: NasTime;
}

function stateOf({ revoked, expires_at: expires, time }: KeyDates): string | null {
  if (revoked === true) return 'revoked';
  if (typeof expires === 'number' && expires <= time.nowMs) return 'expired';
  return revoked === null || expires === null ? null : 'active';
}

/** A NAS that revokes a key forgets when it was to expire. */
function expiresText({ revoked, expires_at: expires }: KeyDates): string | null {
  if (expires === null || revoked === true) return null;
  return expires === 'never' ? 'never' : isoInstant(expires).slice(0, 10);
}
