/** SMB shares and NFS exports as ways to a folder. */
import type { Person, Way } from '../../findings/access-facts.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, type RowOf, recordOf, rowsOf } from '../support/rows.ts';
import { accessText } from './access.ts';
import { mappedText, NFS_ROW, nfsClients, rootText } from './nfs.ts';
import { mappedPerson } from './person.ts';
import { SMB_ROW, smbAccess, smbClients } from './smb.ts';

const MAX_SHARES = 20;

/** A row of the table: by which way, what it is about, who, and what they may do. */
export interface AccessRow {
  readonly way: string;
  readonly part: string;
  readonly who: string;
  readonly may: string;
}

/** An SMB share, as far as its way goes. */
export type SmbRow = RowOf<typeof SMB_WITH_PURPOSE>;
type NfsRow = RowOf<typeof NFS_ROW>;
const SMB_WITH_PURPOSE = { ...SMB_ROW, purpose: field.text, path_suffix: field.rawText };

/** SMB shares by these filters, at most 20. */
export function readSmb(nas: ReadClient, filters: readonly Filter[]) {
  return readPart(nas, async (limited) =>
    rowsOf(
      await limited.call(
        'sharing.smb.query',
        query({ filters, select: Object.keys(SMB_WITH_PURPOSE), orderBy: ['name'], limit: MAX_SHARES }),
      ),
      SMB_WITH_PURPOSE,
    ),
  );
}

/** NFS exports by these filters, at most 20. */
export function readNfs(nas: ReadClient, filters: readonly Filter[]) {
  return readPart(nas, async (limited) =>
    rowsOf(
      await limited.call(
        'sharing.nfs.query',
        query({ filters, select: Object.keys(NFS_ROW), orderBy: ['id'], limit: MAX_SHARES }),
      ),
      NFS_ROW,
    ),
  );
}

/** Shares of any of these folders. */
export async function sharesAt(nas: ReadClient, paths: readonly string[]) {
  const filters = [['path', 'in', paths]] as const;
  const [smb, nfs] = await Promise.all([readSmb(nas, filters), readNfs(nas, filters)]);
  const gaps = [
    ...('gap' in smb ? [`SMB shares ${gapText(smb)}`] : []),
    ...('gap' in nfs ? [`NFS exports ${gapText(nfs)}`] : []),
  ];
  return { smb: 'value' in smb ? smb.value : [], nfs: 'value' in nfs ? nfs.value : [], gaps };
}

/** A way, its rows, and what could not be read of it. */
export interface WayRead {
  readonly way: Way;
  readonly rows: readonly AccessRow[];
  readonly gaps: readonly string[];
}

const ENTRY = {
  ae_who_sid: field.rawText,
  ae_who_id: field.object({ id_type: field.rawText, id: field.number }),
  ae_who_str: field.text,
  ae_perm: field.text,
  ae_type: field.rawText,
};

/** The list of an SMB share. */
export function shareEntries(nas: ReadClient, name: string | null) {
  return readPart(nas, async (limited) => {
    const { share_acl: entries } = recordOf(
      await limited.call('sharing.smb.getacl', [{ share_name: name ?? '' }]),
    );
    return rowsOf(Array.isArray(entries) ? entries : null, ENTRY).map((row) => {
      const { id_type: kind = null, id = null } = row.ae_who_id ?? {};
      const account = kind === null || id === null ? null : { kind, id };
      const who =
        row.ae_who_str ?? (account === null ? row.ae_who_sid : `${account.kind} ${account.id}`) ?? 'UNKNOWN';
      return {
        sid: row.ae_who_sid,
        account,
        isDenial: row.ae_type === 'DENIED' ? true : row.ae_type === 'ALLOWED' ? false : null,
        permission: row.ae_perm,
        who: `${account?.kind === 'GROUP' ? 'group ' : ''}${safeCell(who.replace('everyone@', 'everyone'), 60)}`,
      };
    });
  });
}

/** An SMB share as a way. */
export function smbWay(
  row: SmbRow,
  state: string | null,
  list: Awaited<ReturnType<typeof shareEntries>>,
): WayRead {
  const name = safeCell(row.name ?? row.path ?? '-', 80);
  const label = `SMB ${name}`;
  const isReadonly = row.readonly ?? row.ro;
  const entries = 'value' in list ? list.value : undefined;
  const { allow, guest } = smbAccess(row);
  return {
    way: {
      kind: 'smb',
      label,
      argument: row.name ?? '',
      isEnabled: row.enabled,
      isReadonly,
      service: { name: 'cifs', state },
      entries,
    },
    rows: [
      { way: label, part: 'share', who: smbClients(row), may: shareText(row.enabled, isReadonly, state) },
      ...(entries === undefined
        ? [{ way: label, part: 'share list', who: 'UNKNOWN', may: 'UNKNOWN' }]
        : entries.map((entry) => ({
            way: label,
            part: 'share list',
            who: entry.who,
            may: `${entry.isDenial === true ? 'DENIED ' : entry.isDenial === null ? 'UNKNOWN ' : ''}${entry.permission ?? 'UNKNOWN'}`,
          }))),
    ],
    gaps: [
      ...(row.name === null ? ['the name of an SMB share'] : []),
      ...('gap' in list ? [`list of ${label} ${gapText(list)}`] : []),
      ...(entries?.some(({ isDenial, permission }) => isDenial === null || permission === null) === true
        ? [`entries of the list of ${label}`]
        : []),
      ...flagGaps(label, row.enabled, isReadonly),
      ...(allow === undefined || guest === null ? [`hosts and guests of ${label}`] : []),
    ],
  };
}

function flagGaps(label: string, isEnabled: boolean | null, isReadonly: boolean | null): string[] {
  return [
    ...(isEnabled === null ? [`whether ${label} is enabled`] : []),
    ...(isReadonly === null ? [`whether ${label} is read-only`] : []),
  ];
}

function shareText(isEnabled: boolean | null, isReadonly: boolean | null, state: string | null): string {
  return [
    isEnabled === null ? 'UNKNOWN whether enabled' : isEnabled ? undefined : 'SWITCHED OFF',
    state === null ? 'service UNKNOWN' : state === 'RUNNING' ? undefined : `service ${state}`,
    isReadonly === null ? 'UNKNOWN whether read-only' : isReadonly ? 'read only' : 'read, write',
  ]
    .filter(Boolean)
    .join('; ');
}

/** An NFS export as a way; `person` as NFS takes them. */
export async function nfsWay(
  nas: ReadClient,
  row: NfsRow,
  state: string | null,
  person: Person | undefined,
): Promise<WayRead> {
  const label = `NFS ${safeCell(row.path ?? '-', 100)}`;
  const clients = nfsClients(row);
  const everybody = mappedText(row.mapall_user, row.mapall_group);
  const asPerson = person === undefined ? undefined : await nfsPerson(nas, row, person);
  const isMappingKnown = [row.maproot_user, row.maproot_group, row.mapall_user, row.mapall_group].every(
    (name) => name !== undefined,
  );
  return {
    way: {
      kind: 'nfs',
      label,
      argument: row.path ?? '',
      isEnabled: row.enabled,
      isReadonly: row.ro,
      service: { name: 'nfs', state },
      entries: undefined,
      asPerson,
    },
    rows: [
      { way: label, part: 'share', who: accessText(clients), may: shareText(row.enabled, row.ro, state) },
      { way: label, part: 'root', who: 'root of a client', may: `as ${rootText(row)}` },
      ...(everybody === undefined
        ? []
        : [{ way: label, part: 'everybody', who: 'users of clients', may: `as ${everybody}` }]),
    ],
    gaps: [
      ...(row.path === null ? ['the path of an NFS export'] : []),
      ...flagGaps(label, row.enabled, row.ro),
      ...(clients === undefined ? [`clients of ${label}`] : []),
      ...(isMappingKnown ? [] : [`whom ${label} takes its clients for`]),
      ...(isMappingKnown && person !== undefined && asPerson === undefined
        ? [`who ${label} takes ${person.label} for`]
        : []),
    ],
  };
}

/** Everybody is mapped, root else; others come with their own number. */
function nfsPerson(nas: ReadClient, row: NfsRow, person: Person): Promise<Person | undefined> {
  const { maproot_user: root, maproot_group: rootGroup, mapall_user: all, mapall_group: allGroup } = row;
  if (root === undefined || rootGroup === undefined || all === undefined || allGroup === undefined)
    return Promise.resolve(undefined);
  if (all !== null || allGroup !== null) return mappedPerson(nas, all, allGroup);
  if (person.who.uid === null) return Promise.resolve(undefined);
  return person.who.uid === 0 ? mappedPerson(nas, root, rootGroup) : Promise.resolve(person);
}
