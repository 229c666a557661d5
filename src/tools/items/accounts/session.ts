import { query } from '../../../truenas/query.ts';
import { field, rawRowsOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

const FIELDS = [
  'id',
  'current',
  'origin',
  'credentials',
  'credentials_data',
  'created_at',
  'secure_transport',
];
/** A NAS has some dozens; those of its own parts are left out. */
const MAX_SESSIONS = 2_000;

/** Sign-ins that stand now, this server's own among them. */
export const session = defineKind({
  name: 'session',
  toolset: 'accounts',
  noun: 'sessions',
  about: 'who is signed in now to the API or web interface, from where, since when, by which key',
  words: ['signed in', 'logged in', 'login', 'connection'],
  sources: [
    {
      uses: ['auth.sessions'],
      read: async (nas) =>
        rawRowsOf(
          await nas.call(
            'auth.sessions',
            query({ filters: [['internal', '=', false]], select: FIELDS, limit: MAX_SESSIONS }),
          ),
        ),
    },
  ],
  row: { credentials_data: dataOf, origin: field.text },
  columns: {
    user: {
      type: 'text',
      from: 'credentials_data',
      read: (value) => dataOf(value).user,
      isKey: true,
      sort: 'asc',
    },
    from: { type: 'text', value: ({ origin }) => withoutPort(origin) },
    since: { type: 'time', from: 'created_at', sort: 'desc' },
    mechanism: { type: 'text', from: 'credentials' },
    api_key: { type: 'text', value: (row) => row.credentials_data.key },
    current: { type: 'flag', from: 'current' },
    secure: { type: 'flag', from: 'secure_transport', isOnDemand: true },
    signed_in: { type: 'time', value: (row) => row.credentials_data.signedInMs, isOnDemand: true },
    origin: { type: 'text', value: ({ origin }) => origin, isOnDemand: true },
    id: { type: 'text', from: 'id', isOnDemand: true },
  },
  named: 'user',
  ids: ['id'],
  sortedBy: 'since',
  examples: [
    { args: {}, why: 'who is signed in' },
    {
      args: { filter: ['current=true'], fields: ['secure', 'origin', 'signed_in'] },
      why: "this server's own",
    },
  ],
  getExamples: [
    { args: { id: 'truenas_admin' }, why: 'by user' },
    { args: { id: 'nobody-here' }, why: 'a user who is not signed in' },
  ],
});

interface Who {
  readonly user: string | null;
  readonly key: string | null;
  readonly signedInMs: number | null;
}

const shape = {
  username: field.text,
  login_at: field.time,
  api_key: field.object({ name: field.text }),
  parent: field.object({ credentials_data: field.unknown }),
};

/** Who it is; a session by a token is that of the session which made the token. */
function dataOf(value: unknown, depth = 0): Who {
  const found = field.object(shape)(value);
  const parent =
    found?.parent === undefined || found.parent === null || depth > MAX_DEPTH
      ? undefined
      : dataOf(found.parent.credentials_data, depth + 1);
  return {
    user: found?.username ?? parent?.user ?? null,
    key: found?.api_key?.name ?? parent?.key ?? null,
    signedInMs: found?.login_at ?? parent?.signedInMs ?? null,
  };
}

/** Tokens that made tokens are not followed further. */
const MAX_DEPTH = 5;

/** `192.0.2.50` of `192.0.2.50:51234`; what is no address stays. */
function withoutPort(origin: string | null): string | null {
  const match = /^(?:\[([\da-f:.%\w]+)\]|([\d.]+)):\d+$/iu.exec(origin ?? '');
  return match?.[1] ?? match?.[2] ?? origin;
}
