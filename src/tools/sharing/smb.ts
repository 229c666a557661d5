import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { shown } from '../../output/untrusted.ts';
import { accessList, accessText, clientsText, readAllRows, type ShareSource, yesNo } from './share.ts';

// Up to 25.04 these lie flat in the row, under other names; from 25.10 most are in `options`.
const ACCESS = {
  hostsallow: field.unknown,
  hostsdeny: field.unknown,
  guestok: field.flag,
};
const OPTIONS = field.object({ ...ACCESS, remote_path: field.texts });
/** What a purpose has by itself, which a NAS writes as null: no list of hosts. */
const DEFAULTS = { hostsallow: [], hostsdeny: [], guestok: null, remote_path: null };
const ROW = {
  id: field.number,
  name: field.text,
  path: field.text,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
  ro: field.flag,
  readonly: field.flag,
  ...ACCESS,
  options: (value: unknown) => (value === null ? DEFAULTS : OPTIONS(value)),
};
const DETAIL = {
  ...ROW,
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
  probe: 'sharing.smb.query',
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.smb.query', ROW, { orderBy: ['name'] });
    return rows.map((row) => ({
      kind: 'smb',
      id: row.id,
      name: row.name,
      path: row.path,
      enabled: row.enabled,
      readonly: row.readonly ?? row.ro,
      locked: row.locked,
      clients: clientsOf(row),
      comment: row.comment,
    }));
  },
  async detail(nas, id) {
    const select = Object.keys(DETAIL);
    const result = await nas.call('sharing.smb.query', query({ filters: [['id', '=', id]], select }));
    const [row] = rowsOf(result, DETAIL);
    if (row === undefined) return [];
    const { allow, deny, guest, remote } = accessOf(row);
    return [
      ['path', shown(row.path)],
      ['enabled', yesNo(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', yesNo(row.readonly ?? row.ro)],
      ...(remote === undefined
        ? [
            ['guests', guestText(guest, row.purpose)] as const,
            ['hosts allowed', accessText(allow, 'any', 20)] as const,
            ['hosts denied', deny?.length === 0 ? undefined : accessText(deny, '', 20)] as const,
          ]
        : [['refers to', remoteText(remote, 20)] as const]),
      ['browsable', yesNo(row.browsable)],
      ['hides what one may not read', yesNo(row.access_based_share_enumeration ?? row.abe)],
      ['audited', yesNo(row.audit?.enable)],
      ['purpose', shown(row.purpose)],
      ['comment', shown(row.comment)],
    ];
  },
};

type Row = RowOf<typeof ROW>;

/** Who may connect, as far as it is known. */
interface SmbAccess {
  readonly allow: readonly string[] | undefined;
  readonly deny: readonly string[] | undefined;
  readonly guest: boolean | undefined;
  /** Servers that an external share refers to; they decide who may connect. undefined: the share is here. */
  readonly remote: readonly string[] | undefined;
}

function accessOf({ options, hostsallow, hostsdeny, guestok, path }: Row): SmbAccess {
  const remote = options?.remote_path ?? undefined;
  return {
    allow: accessList(options?.hostsallow ?? hostsallow),
    deny: accessList(options?.hostsdeny ?? hostsdeny),
    guest: options?.guestok ?? guestok ?? undefined,
    remote: remote ?? (path === 'EXTERNAL' ? [] : undefined),
  };
}

/** From 25.10 only shares of the old kind may let guests in; the others have no such setting. */
function guestText(guest: boolean | undefined, purpose: string | null): string {
  if (guest !== undefined) return guest ? 'allowed WITHOUT a password' : 'not allowed';
  const hasNoSetting = purpose !== null && purpose !== 'LEGACY_SHARE' && /^[A-Z_]+_SHARE$/u.test(purpose);
  return hasNoSetting ? 'not allowed' : 'UNKNOWN, the NAS does not say';
}

/** A referral says nothing about hosts: the other server decides. */
function remoteText(remote: readonly string[], max = 4): string {
  return `${clientsText(remote, 'another server', max)}, which decides who may connect`;
}

function clientsOf(row: Row): string {
  const { allow, deny, guest, remote } = accessOf(row);
  if (remote !== undefined) return remoteText(remote);
  const words = [
    accessText(allow),
    ...(deny?.length === 0 ? [] : [`not ${accessText(deny)}`]),
    ...(guest ? ['guests'] : []),
  ];
  return words.join('; ');
}
