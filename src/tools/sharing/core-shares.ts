/** Shares that only TrueNAS CORE has: AFP, and WebDAV, which knows no hosts. */
import { query } from '../../truenas/query.ts';
import { shown } from '../../output/untrusted.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { accessList, accessText, statedFlag, UNKNOWN } from './access.ts';
import { readAllRows, shareId, shareName, sharePath, type ShareSource, unreadFacts } from './share.ts';

const COMMON = {
  id: shareId,
  name: shareName,
  path: sharePath,
  enabled: field.flag,
  locked: field.flag,
  comment: field.text,
};
const AFP_ROW = {
  ...COMMON,
  hostsallow: accessList,
  hostsdeny: accessList,
  allow: accessList,
  deny: accessList,
};
const AFP_DETAIL = { ...AFP_ROW, timemachine: field.flag, home: field.flag, ro: accessList, rw: accessList };
const WEBDAV_ROW = { ...COMMON, ro: field.flag, perm: field.flag };

/** AFP shares. */
export const afpSource: ShareSource = {
  kind: 'afp',
  title: 'AFP',
  service: 'afp',
  instead: 'AFP is on TrueNAS CORE alone; SMB takes its place, Time Machine included',
  listUses: ['sharing.afp.query'],
  detailUses: ['sharing.afp.query'],
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.afp.query', AFP_ROW, { orderBy: ['name'] });
    const shares = rows.map((row) => ({
      ...factsOf(row),
      kind: 'afp' as const,
      readonly: null,
      clients: afpClients(row),
      unread: unreadFacts(row),
    }));
    return { shares, gaps: [] };
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(AFP_DETAIL) });
    const [row] = rowsOf(await nas.call('sharing.afp.query', parameters), AFP_DETAIL);
    if (row === undefined) return undefined;
    return [
      ...placeFacts(row),
      ['hosts allowed', accessText(row.hostsallow, 'any', 20)],
      ['hosts denied', row.hostsdeny?.length === 0 ? undefined : accessText(row.hostsdeny, '', 20)],
      ['accounts allowed', accessText(row.allow, 'any', 20)],
      ['accounts denied', row.deny?.length === 0 ? undefined : accessText(row.deny, '', 20)],
      ['only read by', row.ro?.length === 0 ? undefined : accessText(row.ro, '', 20)],
      ['written by', row.rw?.length === 0 ? undefined : accessText(row.rw, '', 20)],
      ['Time Machine', statedFlag(row.timemachine)],
      ['home directories', row.home === true ? 'yes' : undefined],
      ['comment', shown(row.comment)],
      ['on later releases', afpSource.instead],
    ];
  },
};

/** WebDAV shares. */
export const webdavSource: ShareSource = {
  kind: 'webdav',
  title: 'WebDAV',
  service: 'webdav',
  instead: 'WebDAV is on TrueNAS CORE alone; an app takes its place',
  listUses: ['sharing.webdav.query'],
  detailUses: ['sharing.webdav.query', 'webdav.config'],
  async list(nas) {
    const rows = await readAllRows(nas, 'sharing.webdav.query', WEBDAV_ROW, { orderBy: ['name'] });
    const shares = rows.map((row) => ({
      ...factsOf(row),
      kind: 'webdav' as const,
      readonly: row.ro,
      clients: 'any',
      unread: unreadFacts(row),
    }));
    return { shares, gaps: [] };
  },
  async detail(nas, id) {
    const parameters = query({ filters: [['id', '=', id]], select: Object.keys(WEBDAV_ROW) });
    const [answer, config] = await Promise.all([
      nas.call('sharing.webdav.query', parameters),
      readPart(nas, async (limited) =>
        objectOf(await limited.call('webdav.config'), { htauth: field.rawText }),
      ),
    ]);
    const [row] = rowsOf(answer, WEBDAV_ROW);
    if (row === undefined) return undefined;
    const signIn = valueOr(config, undefined)?.htauth ?? null;
    return [
      ...placeFacts(row),
      ['read only', statedFlag(row.ro)],
      ['clients allowed', 'any host'],
      ['password', gapText(config) ?? passwordText(signIn)],
      ['files are given to webdav', statedFlag(row.perm)],
      ['comment', shown(row.comment)],
      ['on later releases', webdavSource.instead],
    ];
  },
};

/** One for all shares and all people. */
function passwordText(kind: string | null): string {
  if (kind === 'NONE') return 'NONE, whoever reaches it may use it';
  return kind === 'BASIC' || kind === 'DIGEST'
    ? `one for everybody (${kind.toLowerCase()})`
    : `${UNKNOWN}, the NAS does not say`;
}

type CommonRow = RowOf<typeof COMMON>;

function factsOf({ id, name, path, enabled, locked, comment }: CommonRow) {
  return { id, name, path, enabled, locked, comment };
}

function placeFacts(row: CommonRow) {
  return [
    ['path', shown(row.path) ?? UNKNOWN] as const,
    ['enabled', statedFlag(row.enabled)] as const,
    ['locked dataset', row.locked === true ? 'yes, not reachable' : undefined] as const,
  ];
}

/** `any`, `192.0.2.0/24; not 192.0.2.9; accounts alice`. */
function afpClients({ hostsallow, hostsdeny, allow, deny }: RowOf<typeof AFP_ROW>): string {
  return [
    accessText(hostsallow),
    ...(hostsdeny?.length === 0 ? [] : [`not ${accessText(hostsdeny)}`]),
    ...(allow?.length === 0 ? [] : [`accounts ${accessText(allow)}`]),
    ...(deny?.length === 0 ? [] : [`not accounts ${accessText(deny)}`]),
  ].join('; ');
}
