import { query } from '../../truenas/query.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { clientsText, MAX_SHARES, type ShareSource, shown, yesNo } from './share.ts';

// Up to 25.04 these lie flat in the row, under other names; from 25.10 most are in `options`.
const ACCESS = { hostsallow: field.texts, hostsdeny: field.texts, guestok: field.flag };
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
  options: field.object(ACCESS),
};
const DETAIL = {
  ...ROW,
  purpose: field.text,
  browsable: field.flag,
  abe: field.flag,
  access_based_share_enumeration: field.flag,
  audit: field.object({ enable: field.flag }),
};

const SELECT = Object.keys(ROW);

/** SMB shares. */
export const smbSource: ShareSource = {
  kind: 'smb',
  title: 'SMB',
  service: 'cifs',
  listUses: ['sharing.smb.query'],
  detailUses: ['sharing.smb.query'],
  probe: 'sharing.smb.query',
  async list(nas) {
    const parameters = query({ select: SELECT, orderBy: ['name'], limit: MAX_SHARES });
    return rowsOf(await nas.call('sharing.smb.query', parameters), ROW).map((row) => ({
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
    const { allow, deny, guest } = accessOf(row);
    return [
      ['path', shown(row.path)],
      ['enabled', yesNo(row.enabled)],
      ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined],
      ['read only', yesNo(row.readonly ?? row.ro)],
      ['guests', guest === undefined ? undefined : guest ? 'allowed WITHOUT a password' : 'not allowed'],
      ['hosts allowed', clientsText(allow, 'any', 20)],
      ['hosts denied', deny.length === 0 ? undefined : clientsText(deny, '', 20)],
      ['browsable', yesNo(row.browsable)],
      ['hides what one may not read', yesNo(row.access_based_share_enumeration ?? row.abe)],
      ['audited', yesNo(row.audit?.enable)],
      ['purpose', shown(row.purpose)],
      ['comment', shown(row.comment)],
    ];
  },
};

type Row = RowOf<typeof ROW>;

function accessOf(row: Row): {
  allow: readonly string[];
  deny: readonly string[];
  guest: boolean | undefined;
} {
  return {
    allow: row.options?.hostsallow ?? row.hostsallow ?? [],
    deny: row.options?.hostsdeny ?? row.hostsdeny ?? [],
    guest: row.options?.guestok ?? row.guestok ?? undefined,
  };
}

function clientsOf(row: Row): string {
  const { allow, deny, guest } = accessOf(row);
  const words = [
    clientsText(allow),
    ...(deny.length > 0 ? [`not ${clientsText(deny)}`] : []),
    ...(guest ? ['guests'] : []),
  ];
  return words.join('; ');
}
