import * as z from 'zod';
import { query } from '../../truenas/query.ts';
import { type Columns, defineList } from '../define-list.ts';
import { allHold, filteredHere, pageHere } from '../support/list-reading.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';

const SERVICE = { service: field.text, state: field.text, enable: field.flag };

const COLUMNS: Columns<RowOf<typeof SERVICE>> = {
  service: { type: 'text', isKey: true, sort: 'asc' },
  state: { type: 'text', sort: 'asc' },
  at_boot: { type: 'flag', value: (service) => service.enable },
};

/** Services. There are about a dozen: they are read in one call, then filtered and counted here. */
export const listServices = defineList({
  name: 'list_services',
  toolset: 'system',
  title: 'List services',
  words: 'daemon running enabled ssh smb nfs ftp snmp ups',
  description: 'Services (cifs is SMB, ssh, nfs, iscsitarget, …): running or not, started at boot or not.',
  noun: 'services',
  filters: {
    name: z.string().optional().describe('part of the name, e.g. smb'),
    state: z.enum(['RUNNING', 'STOPPED']).optional(),
    at_boot: z.boolean().optional(),
  },
  columns: COLUMNS,
  sortedBy: 'service',
  uses: ['service.query'],
  examples: [
    { args: {}, why: 'all of them' },
    { args: { state: 'RUNNING', name: 's' }, why: 'a state and a part of a name' },
    { args: { at_boot: true, sort: 'state', fields: ['state'] }, why: 'columns and order' },
  ],
  async read(nas, question) {
    const { name = '', state, at_boot } = question.input;
    const parameters = query({ select: Object.keys(SERVICE), orderBy: ['service'] });
    const all = rowsOf(await nas.call('service.query', parameters), SERVICE);
    const part = name.trim().toLowerCase();
    const { rows, notes, isUnsure } = filteredHere(all, (row) => {
      const isNamed =
        row.service === null ? null : namesOf(row.service).some((known) => known.includes(part));
      const facts = [
        part === '' ? true : isNamed,
        state === undefined || row.state === null ? state === undefined || null : row.state === state,
        at_boot === undefined || row.enable === null ? at_boot === undefined || null : row.enable === at_boot,
      ];
      return allHold(facts);
    });
    return { ...pageHere(question, rows), isUnsure, notes };
  },
});

/** Everyday names of services that TrueNAS names after their programs. */
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  cifs: ['smb', 'samba'],
  iscsitarget: ['iscsi target'],
  nvmet: ['nvme-of', 'nvmeof'],
};

function namesOf(service: string): readonly string[] {
  return [service.toLowerCase(), ...(ALSO_CALLED[service] ?? [])];
}
