import { safeCell } from '../../../output/untrusted.ts';
import { field, objectOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { entryAccess, entryInherits, entryWho } from './acl-entries.ts';
import { OF_A_PATH, poolPathOf } from './pool-path.ts';

const ACL = {
  acltype: field.text,
  acl: field.unknown,
  trivial: field.flag,
  user: field.text,
  group: field.text,
  uid: field.number,
  gid: field.number,
};

const ENTRY = {
  tag: field.text,
  who: field.text,
  id: field.number,
  type: field.text,
  perms: field.record,
  flags: field.record,
  default: field.flag,
};

/** The access list of a path, entry by entry in the order in which the NAS goes through them. */
export const acl = defineKind({
  name: 'acl',
  toolset: 'files',
  noun: 'ACL entries',
  about: 'who may do what with a path: entries of its access list, owner and group',
  words: ['permission', 'permissions', 'access list', 'file acl', 'access control list'],
  sources: [
    {
      uses: ['filesystem.getacl'],
      async read(nas, of) {
        const path = poolPathOf(of);
        const answer = objectOf(await nas.call('filesystem.getacl', [path, true, true]), ACL);
        const { acltype, acl: list, trivial, user, group, uid, gid } = answer;
        const entries = field.objects(ENTRY)(list);
        const owner = `${user ?? uid ?? '?'}:${group ?? gid ?? '?'}`;
        const kind = `(${acltype ?? 'an unknown type'}, owner ${safeCell(owner, 120)}${trivialText(trivial)})`;
        const unread = entries === null && acltype !== 'DISABLED' ? ['entries are in an unknown form'] : [];
        return {
          rows: (entries ?? []).map((entry, index) => ({ ...entry, order: index + 1 })),
          notes: [kind, ...unread],
        };
      },
    },
  ],
  of: OF_A_PATH,
  row: ENTRY,
  columns: {
    who: { type: 'text', value: (row) => entryWho(row), isKey: true, maxLength: 100 },
    access: { type: 'text', value: ({ type, perms }) => entryAccess(type, perms), maxLength: 200 },
    inherits: { type: 'text', value: (row) => entryInherits(row.flags, row.default) },
    order: { type: 'number', from: 'order', isOnDemand: true, sort: 'asc' },
  },
  named: 'who',
  ids: ['order'],
  sortedBy: 'order',
  hides: ['tag'],
  changedBy: ['set_permissions'],
  examples: [
    { args: { of: '/mnt/tank/documents' }, why: 'who may read and write there' },
    { args: { of: 'tank/media', fields: ['access', 'order'] }, why: 'as a dataset is called' },
  ],
  getExamples: [{ args: { of: '/mnt/tank/documents', id: '1' }, why: 'the first entry' }],
});

function trivialText(trivial: boolean | null): string {
  if (trivial === null) return '; whether the mode alone says it is not known';
  return trivial ? '; trivial: the mode alone says it' : '';
}
