/** Access lists of SMB shares, in the short form that a tool takes: `group:staff CHANGE`. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Thing } from '../support/targets.ts';
import { accountId } from '../support/account-ids.ts';
import { isObject, rawRowsOf, recordOf } from '../support/rows.ts';

/** Methods that share lists are read with. */
export const SHARE_ACL_USES = ['sharing.smb.getacl', 'user.query', 'group.query'] as const;

/** Everybody, as Windows names it. */
const EVERYONE = 'S-1-1-0';

/** An entry as `sharing.smb.setacl` takes it. */
export type ShareEntry = Readonly<Record<string, unknown>>;

/** The list of a share, as a thing that a change touches. */
export function shareAclThing(share: string, dataset: string | undefined): Thing {
  return {
    name: `access list of SMB share ${share}`,
    ...(dataset === undefined ? {} : { dataset }),
    read: {
      method: 'sharing.smb.getacl',
      params: [{ share_name: share }],
      absentText: 'Share does not exist',
    },
    identity: [],
  };
}

/** The entries of a share that is there. @throws TrueNasError (`odd-answer`) for what is no list */
export async function readShareAcl(nas: ReadClient, share: string): Promise<readonly ShareEntry[]> {
  const { share_acl: entries } = recordOf(await nas.call('sharing.smb.getacl', [{ share_name: share }]));
  return rawRowsOf(Array.isArray(entries) ? entries : null);
}

/** True for the list that a share has for which nobody has set anything. */
export function letsEverybodyIn(entries: readonly ShareEntry[]): boolean {
  const [only, ...others] = entries;
  return (
    others.length === 0 &&
    only?.['ae_who_sid'] === EVERYONE &&
    only['ae_perm'] === 'FULL' &&
    only['ae_type'] === 'ALLOWED'
  );
}

/** What was read, as it is sent back. */
export function sentBack(entries: readonly ShareEntry[]): ShareEntry[] {
  return entries.map((entry) => ({
    ae_perm: entry['ae_perm'],
    ae_type: entry['ae_type'],
    ae_who_sid: entry['ae_who_sid'] ?? null,
    ae_who_id: entry['ae_who_id'] ?? null,
    ae_who_str: entry['ae_who_str'] ?? null,
  }));
}

/**
 * The entries that are meant; those that are on the list already stay as they are, so that only what changes is judged.
 * @throws InputProblem for what cannot be read, or an account that does not exist
 */
export async function wantedShareAcl(
  nas: ReadClient,
  wanted: readonly string[],
  now: readonly ShareEntry[],
): Promise<ShareEntry[]> {
  if (wanted.length === 0)
    throw new InputProblem(
      'access',
      'is empty, which would let everybody in',
      'Say "everyone FULL" if that is meant.',
    );
  return Promise.all(
    wanted.map(async (line) => {
      const entry = await entryOf(nas, line);
      return sentBack(now).find((each) => isSameEntry(each, entry)) ?? entry;
    }),
  );
}

const ENTRY = /^(?:(everyone)@?|(user|group):\s*(.+?))\s+(full|change|read)(?:\s+(allowed?|denied|deny))?$/iu;

async function entryOf(nas: ReadClient, line: string): Promise<ShareEntry> {
  const match = ENTRY.exec(line.trim());
  if (match === null)
    throw new InputProblem(
      'access',
      `has an entry that cannot be read: ${JSON.stringify(safeCell(line))}`,
      '"group:staff CHANGE", "user:eve FULL DENIED" or "everyone READ"; rights are FULL, CHANGE, READ',
    );
  const [, everyone, kind, name = '', right = '', type = ''] = match;
  const rights = { ae_perm: right.toUpperCase(), ae_type: /^den/iu.test(type) ? 'DENIED' : 'ALLOWED' };
  if (everyone !== undefined) return { ...rights, ae_who_sid: EVERYONE, ae_who_id: null };
  const noun = kind?.toLowerCase() === 'user' ? 'user' : 'group';
  const { id, isSmb } = await accountId(nas, 'access', noun, name);
  if (isSmb === false)
    throw new InputProblem('access', `names the ${noun} ${safeCell(name)}, which is no SMB account`);
  return { ...rights, ae_who_sid: null, ae_who_id: { id_type: noun.toUpperCase(), id } };
}

function isSameEntry(a: ShareEntry, b: ShareEntry): boolean {
  if (a['ae_perm'] !== b['ae_perm'] || a['ae_type'] !== b['ae_type']) return false;
  const [idA, idB] = [a['ae_who_id'], b['ae_who_id']];
  if (isObject(idA) && isObject(idB)) return idA['id'] === idB['id'] && idA['id_type'] === idB['id_type'];
  return b['ae_who_sid'] !== null && a['ae_who_sid'] === b['ae_who_sid'];
}

/** The list as the NAS shows it afterwards, by paths: it adds names and security identifiers of its own. */
export function shareAclAfter(entries: readonly ShareEntry[]): Readonly<Record<string, unknown>> {
  const paths = entries.flatMap((entry, index) => {
    const at = `share_acl.${index}`;
    const id = isObject(entry['ae_who_id']) ? entry['ae_who_id']['id'] : undefined;
    return [
      [`${at}.ae_perm`, entry['ae_perm']],
      [`${at}.ae_type`, entry['ae_type']],
      ...(id === undefined ? [[`${at}.ae_who_sid`, entry['ae_who_sid']]] : [[`${at}.ae_who_id.id`, id]]),
    ];
  });
  return Object.fromEntries([...paths, [`share_acl.${entries.length}`, null]]);
}
