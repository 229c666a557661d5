import { field, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

/** Credentials of which the NAS is asked what uses them, one by one. */
const MAX_ASKED = 50;

/** SSH connections and key pairs. Host, user and keys stand in one object with the secrets, which is never selected. */
export const credential = defineKind({
  name: 'credential',
  toolset: 'protection',
  noun: 'SSH credentials',
  about: 'SSH connections and key pairs for replication and rsync: type and what uses them; never the keys',
  words: ['backup credential', 'ssh connection', 'ssh key', 'keychain', 'key pair'],
  sources: [{ method: 'keychaincredential.query' }],
  row: { id: field.number, users: joined<string[]>() },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    type: { type: 'text', from: 'type', isAlwaysThere: true },
    used_by: { type: 'texts', value: ({ users }) => users },
  },
  named: 'name',
  ids: ['id'],
  joins: [
    {
      columns: ['used_by'],
      uses: ['keychaincredential.used_by'],
      async read(nas, rows) {
        const ids = rows.flatMap(({ id }) => id ?? []);
        const users = await Promise.all(
          ids.slice(0, MAX_ASKED).map(async (id): Promise<[number, string[]]> => {
            const answer = await nas.call('keychaincredential.used_by', [id]);
            // In the words of the NAS: `Replication task home`.
            return [id, rowsOf(answer, { title: field.text }).flatMap(({ title }) => title ?? '?')];
          }),
        );
        const byId = new Map(users);
        return {
          add: ({ id }) => ({ users: id === null ? undefined : byId.get(id) }),
          notes: ids.length > MAX_ASKED ? [`(what uses them was asked of the first ${MAX_ASKED} only)`] : [],
        };
      },
    },
  ],
  // Denied without a select; there is nothing else that may be seen.
  alsoSelects: [],
  mayLack: [{ method: 'keychaincredential.used_by' }],
  examples: [
    { args: {}, why: 'which there are, and what uses them' },
    { args: { filter: ['type=SSH_KEY_PAIR'], fields: ['type'] }, why: 'keys alone' },
  ],
  getExamples: [
    { args: { id: 'backup.example.org' }, why: 'by its name' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
