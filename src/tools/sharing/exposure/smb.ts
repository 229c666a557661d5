/** SMB shares that guests or everybody may use. */
import type { Opening } from '../../../findings/exposure.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import { folderOf } from '../folder-permissions.ts';
import { shareEntries } from '../share-ways.ts';
import { SMB_ROW, smbAccess } from '../smb.ts';
import { type ExposedPart, page, someOf } from './exposed-part.ts';

/** SMB shares for guests, and those that everybody may write to. */
export const smb: ExposedPart = {
  title: 'SMB',
  uses: ['sharing.smb.query', 'sharing.smb.getacl', 'filesystem.stat', 'filesystem.getacl'],
  service: 'cifs',
  async read(nas) {
    const rows = rowsOf(await nas.call('sharing.smb.query', page(Object.keys(SMB_ROW))), SMB_ROW);
    const guests = rows.map((row): Opening => {
      const { guest, remote } = smbAccess(row);
      const name = row.name ?? '';
      return {
        id: 'smb_guest',
        about: `SMB ${safeCell(name || '?', 80)}`,
        arguments: { share: name, kind: 'smb', options: { guests: false } },
        // From 25.10 only shares of the old kind have such a setting.
        conditions: [row.enabled, guest === undefined ? false : guest, remote === undefined],
        service: 'cifs',
      };
    });
    const here = rows.filter((row) => smbAccess(row).remote === undefined && row.locked !== true);
    const open = await Promise.all(here.slice(0, MAX_LISTS).map((row) => everybodyAt(nas, row)));
    const rest = here.slice(MAX_LISTS).map((row) => everybody(row.name, [null]));
    return [...guests, ...open, ...rest];
  },
};

/** Most SMB shares whose lists and folders are read. */
const MAX_LISTS = 25;

function everybody(name: string | null, conditions: readonly (boolean | null)[], why?: string): Opening {
  return { id: 'smb_everyone', about: `SMB ${safeCell(name ?? '?', 80)}`, conditions, why, service: 'cifs' };
}

/** Reads the list of the share, and the folder unless that list is closed. */
async function everybodyAt(
  nas: ReadClient,
  row: Readonly<Record<'name' | 'path', string | null> & Record<'readonly' | 'ro', boolean | null>>,
): Promise<Opening> {
  const { name, path } = row;
  if (name === null || path === null) return everybody(name, [null]);
  const list = await shareEntries(nas, name);
  if (!('value' in list)) return everybody(name, [null], gapText(list));
  const byShare = someOf(
    list.value.map(({ sid, isDenial, permission }) => {
      if (sid !== EVERYONE) return sid === null ? null : false;
      return isDenial === null || permission === null ? null : !isDenial && permission !== 'READ';
    }),
  );
  if (byShare === false) return everybody(name, [false]);
  const isReadonly = row.readonly ?? row.ro;
  const { isOpen, why } = await writableFolder(nas, path);
  return everybody(name, [isReadonly === null ? null : !isReadonly, byShare, isOpen], why);
}

/** Whether everybody may write there: by the mode, or by the list where there is one. */
async function writableFolder(
  nas: ReadClient,
  path: string,
): Promise<{ isOpen: boolean | null; why?: string }> {
  const stat = await readPart(nas, async (limited) =>
    objectOf(await limited.call('filesystem.stat', [path]), { mode: field.number, acl: field.flag }),
  );
  if (!('value' in stat)) return { isOpen: null, why: gapText(stat) ?? '' };
  const { mode, acl } = stat.value;
  if (acl === null || mode === null) return { isOpen: null };
  if (!acl) return { isOpen: (mode & 2) > 0 };
  const { facts, gap } = await folderOf(nas, path);
  if (facts === undefined) return { isOpen: null, ...(gap === undefined ? {} : { why: gap }) };
  const flags = facts.entries.map(({ tag, rights, isDenial, isForNewOnly }) => {
    if (tag === 'UNKNOWN') return null;
    if (isForNewOnly || (tag !== 'OTHER' && tag !== 'everyone@')) return false;
    return rights === null || isDenial === null ? null : !isDenial && rights.has('WRITE');
  });
  return { isOpen: someOf(flags) };
}

const EVERYONE = 'S-1-1-0';
