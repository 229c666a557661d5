import { formatInstant } from '../../output/time.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Part, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { safeCell, shown } from '../../output/untrusted.ts';
import { accessText, clientsText, statedFlag, UNKNOWN, unknownText } from './access.ts';
import {
  gapsOf,
  readAllRows,
  readRowsPart,
  shareId,
  shareName,
  type ShareSource,
  unreadFacts,
} from './share.ts';

const GRANT = { principal_type: field.text, name: field.text, access: field.text };
type Grant = RowOf<typeof GRANT>;
const BUCKET = {
  id: shareId,
  name: shareName,
  dataset: shareName,
  enabled: field.flag,
  locked: field.flag,
  owner: field.text,
  grants: field.objects(GRANT),
};
type Bucket = RowOf<typeof BUCKET>;
const DETAIL = {
  ...BUCKET,
  permissions_model: field.text,
  object_ownership: field.text,
  versioning: field.text,
  object_lock: field.flag,
  object_lock_default_mode: field.text,
  object_lock_default_days: field.number,
  audit: field.unknown,
};
const SETTINGS = {
  listeners: field.objects({ address: field.text, port: field.number, tls: field.flag }),
  global_grants: field.objects(GRANT),
};
type Settings = RowOf<typeof SETTINGS>;
// Neither half of a key is fetched: its name and its user tell who may connect.
const KEY = {
  id: shareId,
  name: field.text,
  username: field.text,
  status: field.text,
  last_used_at: field.time,
  manage_buckets: field.flag,
};
type Key = RowOf<typeof KEY>;

const LIST_USES = ['sharing.s3.query', 's3.config'] as const;

/** S3 buckets (27.0 and later). Each lies in a dataset of its own. */
export const s3Source: ShareSource = {
  kind: 's3',
  title: 'S3',
  service: 's3',
  listUses: LIST_USES,
  detailUses: [...LIST_USES, 's3.accesskey.query'],
  async list(nas) {
    const [buckets, settings] = await Promise.all([
      readAllRows(nas, 'sharing.s3.query', BUCKET, { orderBy: ['name'] }),
      readSettings(nas),
    ]);
    const shares = buckets.map((bucket) => {
      const { id, name, enabled, locked } = bucket;
      const facts = { kind: 's3' as const, id, name, path: pathOf(bucket), enabled };
      const clients = grantedText(bucket, settings, 3);
      return { ...facts, readonly: null, locked, clients, comment: null, unread: unreadFacts(facts) };
    });
    return { shares, gaps: buckets.length > 0 ? gapsOf('S3', { 'grants on all buckets': settings }) : [] };
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(DETAIL) });
    const [result, settings, keys] = await Promise.all([
      nas.call('sharing.s3.query', parameters),
      readSettings(nas),
      readRowsPart(nas, 's3.accesskey.query', KEY),
    ]);
    const [bucket] = rowsOf(result, DETAIL);
    if (bucket === undefined) return undefined;
    return [
      ['path', shown(pathOf(bucket)) ?? UNKNOWN],
      ['enabled', statedFlag(bucket.enabled)],
      ['locked dataset', bucket.locked === true ? 'yes, not reachable' : undefined],
      ['may be used by', grantedText(bucket, settings, 20)],
      ['open to everyone', everyoneText(bucket, settings)],
      ['access keys', keysText(bucket, keys)],
      ['listens on', listeningText(settings)],
      ['permissions', shown(bucket.permissions_model) ?? UNKNOWN],
      ['owner of objects', shown(bucket.object_ownership)],
      ['versioning', shown(bucket.versioning) ?? UNKNOWN],
      ['object lock', lockText(bucket)],
      ['audited', auditText(bucket.audit)],
    ];
  },
};

function readSettings(nas: ReadClient): Promise<Part<Settings>> {
  return readPart(nas, async (limited) => objectOf(await limited.call('s3.config'), SETTINGS));
}

/** Where TrueNAS mounts the dataset of a bucket. */
function pathOf({ dataset }: Pick<Bucket, 'dataset'>): string | null {
  return dataset === null ? null : `/mnt/${dataset}`;
}

/** The owner and those with a grant on the bucket or on all buckets. */
function grantedText({ owner, grants }: Bucket, settings: Part<Settings>, max: number): string {
  const onAll = globalGrants(settings);
  return clientsText(
    [
      owner === null ? `owner ${UNKNOWN}` : `${owner} (owner)`,
      ...(grants?.map(grantText) ?? [`others ${UNKNOWN}`]),
      ...(onAll?.map((grant) => `${grantText(grant)} (all buckets)`) ?? [`on all buckets ${UNKNOWN}`]),
    ],
    UNKNOWN,
    max,
  );
}

function globalGrants(settings: Part<Settings>): readonly Grant[] | null {
  return valueOr(settings, undefined)?.global_grants ?? null;
}

const ACCESS: Readonly<Record<string, string>> = {
  READONLY: 'read only',
  WRITEONLY: 'write only',
  READWRITE: 'read and write',
  DENY: 'DENIED',
};

function grantText({ principal_type: type, name, access }: Grant): string {
  const names: Readonly<Record<string, string>> = {
    EVERYONE: 'EVERYONE',
    USER: name ?? `a user ${UNKNOWN}`,
    GROUP: `group ${name ?? UNKNOWN}`,
  };
  return `${names[type ?? ''] ?? UNKNOWN} ${ACCESS[access ?? ''] ?? `access ${UNKNOWN}`}`;
}

/** A grant that is odd may be one for everyone. */
function everyoneText({ grants }: Bucket, settings: Part<Settings>): string {
  const onAll = globalGrants(settings);
  const all = [...(grants ?? []), ...(onAll ?? [])];
  const open = all.filter(({ principal_type: type, access }) => type === 'EVERYONE' && access !== 'DENY');
  if (open.length > 0)
    return `YES, ${[...new Set(open.map(({ access }) => ACCESS[access ?? ''] ?? UNKNOWN))].join(', ')}`;
  if ('gap' in settings) return unknownText(settings);
  const isKnown = grants !== null && onAll !== null && all.every(({ principal_type: type }) => type !== null);
  return isKnown ? 'no' : UNKNOWN;
}

/** Keys of the owner and of users with a grant; how many others there are, which groups and everyone may let in. */
function keysText({ owner, grants }: Bucket, keys: Part<readonly Key[]>): string {
  if ('gap' in keys) return unknownText(keys);
  const named = grants?.filter((grant) => grant.principal_type === 'USER').map(({ name }) => name);
  const users = new Set([owner, ...(named ?? [null])]);
  const own = keys.value.filter(({ username }) => username !== null && users.has(username));
  // A key whose user is gone opens nothing.
  const strays = keys.value.filter(({ username, status }) => username === null && status !== 'USER_MISSING');
  const otherCount = keys.value.length - own.length - strays.length;
  const nobody = users.has(null) ? `${UNKNOWN} whose` : strays.length > 0 ? '' : 'none of its users';
  const texts = [
    clientsText(own.map(keyText), nobody, 10),
    strays.length > 0 ? `${strays.length} whose user is ${UNKNOWN}` : '',
    otherCount > 0 ? `${otherCount} of other users` : '',
  ];
  return texts.filter((text) => text !== '').join('; ');
}

function keyText({ name, username, status, last_used_at: lastMs, manage_buckets: managesAll }: Key): string {
  const words = [
    safeCell(username ?? UNKNOWN, 30),
    status === 'ENABLED' ? undefined : (status ?? `state ${UNKNOWN}`),
    lastMs === null ? undefined : `used ${formatInstant(lastMs)}`,
    managesAll === true ? 'may manage buckets' : undefined,
  ];
  return `${safeCell(name ?? UNKNOWN, 30)} (${words.filter(Boolean).join('; ')})`;
}

function listeningText(settings: Part<Settings>): string {
  const listeners = valueOr(settings, undefined)?.listeners;
  const texts = listeners?.map(({ address, port, tls }) => {
    const security = tls === null ? `TLS ${UNKNOWN}` : tls ? 'TLS' : 'WITHOUT TLS';
    return `${address ?? UNKNOWN}:${port ?? '-'} (${security})`;
  });
  return accessText(texts, 'no address', 10, unknownText(settings));
}

function lockText(bucket: RowOf<typeof DETAIL>): string {
  const { object_lock: isOn, object_lock_default_mode: mode, object_lock_default_days: days } = bucket;
  if (isOn !== true || mode === null) return statedFlag(isOn);
  return `yes, ${mode}${days === null ? '' : ` for ${days} days`}`;
}

/** A list of operations, `ALL`, or null for the default of the service. */
function auditText(audit: unknown): string {
  if (audit === null) return 'as the service by default';
  if (audit === 'ALL') return 'all operations';
  return accessText(field.texts(audit) ?? undefined, 'no', 4, UNKNOWN);
}
