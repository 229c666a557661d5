import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessList, accessText, clientsText, statedFlag, UNKNOWN, yesNo } from './access.ts';
import { readAllRows, shareId, shareName, sharePath, type ShareSource, unreadFacts } from './share.ts';

// Up to 25.04 these lie flat in the row, under other names; from 25.10 most are in `options`.
const ACCESS = {
  hostsallow: field.unknown,
  hostsdeny: field.unknown,
  guestok: settingFlag,
};
const OPTIONS = field.object({ ...ACCESS, remote_path: field.texts });
/** What a purpose has by itself, which a NAS writes as null: no list of hosts. */
const DEFAULTS = { hostsallow: [], hostsdeny: [], guestok: undefined, remote_path: null };
/** Fields of an SMB share that say where it leads and who may connect. */
export const SMB_ROW = {
  id: shareId,
  name: shareName,
  path: sharePath,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
  ro: field.flag,
  readonly: field.flag,
  ...ACCESS,
  options: (value: unknown) => (value === null ? DEFAULTS : OPTIONS(value)),
};
const DETAIL = {
  ...SMB_ROW,
  purpose: field.text,
  browsable: field.flag,
  abe: field.flag,
  access_based_share_enumeration: field.flag,
  audit: field.object({ enable: field.flag }),
};

/** SMB shares. */
export const smbSource: ShareSource = {
  kind: 'smb',
  title: 'SMB',
  service: 'cifs',
  listUses: ['sharing.smb.query'],
  detailUses: ['sharing.smb.query'],
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.smb.query', SMB_ROW, { orderBy: ['name'] });
    const shares = rows.map((row) => ({
      kind: 'smb' as const,
      id: row.id,
      name: row.name,
      path: row.path,
      enabled: row.enabled,
      readonly: row.readonly ?? row.ro,
      locked: row.locked,
      clients: smbClients(row),
      comment: row.comment,
      unread: unreadFacts(row),
    }));
    return { shares, gaps: [] };
  },
  async detail(nas, id) {
    const select = Object.keys(DETAIL);
    const result = await nas.call('sharing.smb.query', query({ filters: [['id', '=', id]], select }));
    const [row] = rowsOf(result, DETAIL);
    if (row === undefined) return undefined;
    const { allow, deny, guest, remote } = smbAccess(row);
    return [
      ['path', shown(row.path) ?? UNKNOWN],
      ['enabled', statedFlag(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', statedFlag(row.readonly ?? row.ro)],
      ...(remote === undefined
        ? [
            ['guests', guestText(guest, row.purpose)] as const,
            ['hosts allowed', accessText(allow, 'any', 20)] as const,
            ['hosts denied', deny?.length === 0 ? undefined : accessText(deny, '', 20)] as const,
          ]
        : [['refers to', remoteText(remote, 20)] as const]),
      ['browsable', statedFlag(row.browsable)],
      ['hides what one may not read', yesNo(row.access_based_share_enumeration ?? row.abe)],
      ['audited', yesNo(row.audit?.enable)],
      ['purpose', shown(row.purpose)],
      ['comment', shown(row.comment)],
    ];
  },
};

type Row = RowOf<typeof SMB_ROW>;

/** Who may connect, as far as it is known. */
interface SmbAccess {
  readonly allow: readonly string[] | undefined;
  readonly deny: readonly string[] | undefined;
  /** undefined: there is no such setting; null: it could not be read. */
  readonly guest: boolean | null | undefined;
  /** Servers that an external share refers to; they decide who may connect. undefined: the share is here. */
  readonly remote: readonly string[] | undefined;
}

/** Hosts, guests, and servers that an external share refers to. */
export function smbAccess({ options, hostsallow, hostsdeny, guestok, path }: Row): SmbAccess {
  const remote = options?.remote_path ?? undefined;
  return {
    allow: accessList(options?.hostsallow ?? hostsallow),
    deny: accessList(options?.hostsdeny ?? hostsdeny),
    guest: options?.guestok === undefined ? guestok : options.guestok,
    remote: remote ?? externalServers(path),
  };
}

/** Up to 25.04 the path itself names the servers: `EXTERNAL:filer\\docs`. */
function externalServers(path: string | null): string[] | undefined {
  const servers = /^EXTERNAL(?::(.*))?$/u.exec(path ?? '');
  return servers === null ? undefined : (servers[1]?.split(',') ?? []);
}

/** A setting that not every share has: undefined where it is absent, null where it is odd. */
function settingFlag(value: unknown): boolean | null | undefined {
  return value === undefined ? undefined : field.flag(value);
}

/** From 25.10 only shares of the old kind may let guests in; the others have no such setting. */
function guestText(guest: boolean | null | undefined, purpose: string | null): string {
  if (guest === true) return 'allowed WITHOUT a password';
  const hasNoSetting = purpose !== null && purpose !== 'LEGACY_SHARE' && /^[A-Z_]+_SHARE$/u.test(purpose);
  return guest === false || (guest === undefined && hasNoSetting)
    ? 'not allowed'
    : `${UNKNOWN}, the NAS does not say`;
}

/** A referral says nothing about hosts: the other server decides. */
function remoteText(remote: readonly string[], max = 4): string {
  return `${clientsText(remote, 'another server', max)}, which decides who may connect`;
}

/** `any; guests`, `192.0.2.0/24; not 192.0.2.9`. */
export function smbClients(row: Row): string {
  const { allow, deny, guest, remote } = smbAccess(row);
  if (remote !== undefined) return remoteText(remote);
  const words = [
    accessText(allow),
    ...(deny?.length === 0 ? [] : [`not ${accessText(deny)}`]),
    ...(guest === true ? ['guests'] : guest === null ? [`guests ${UNKNOWN}`] : []),
  ];
  return words.join('; ');
}
