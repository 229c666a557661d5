import { z } from 'zod';
import { type Field, flagField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { chooseFields, fieldsInput, orderInput, pageInputs, pageOf, sortRows } from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';

const SERVICE = { service: field.text, state: field.text, enable: field.flag };
type Service = RowOf<typeof SERVICE>;

const FIELDS: readonly Field<Service>[] = [
  textField('service', (row) => row.service),
  textField('state', (row) => row.state),
  flagField('at_boot', (row) => row.enable),
];

/** Services. There are about a dozen: they are read in one call, then filtered and counted here. */
export const listServices = defineTool({
  name: 'list_services',
  toolset: 'system',
  title: 'List services',
  description: 'Services (cifs is SMB, ssh, nfs, iscsitarget, …): running or not, started at boot or not.',
  input: z.strictObject({
    name: z.string().optional().describe('part of the name, e.g. smb'),
    state: z.enum(['RUNNING', 'STOPPED']).optional(),
    at_boot: z.boolean().optional(),
    sort: z.enum(['service', 'state']).optional(),
    order: orderInput,
    fields: fieldsInput(['service', 'state', 'at_boot']),
    ...pageInputs,
  }),
  output: listOutput,
  uses: ['service.query'],
  examples: [
    { args: {}, why: 'all of them' },
    { args: { state: 'RUNNING', name: 's' }, why: 'a state and a part of a name' },
    { args: { at_boot: true, sort: 'state', fields: ['state'] }, why: 'columns and order' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_services', input);
    const parameters = query({ select: ['service', 'state', 'enable'], orderBy: ['service'] });
    const all = rowsOf(await nas.call('service.query', parameters), SERVICE);
    const part = input.name?.trim().toLowerCase() ?? '';
    const matching = all.filter(
      (row) =>
        namesOf(row.service ?? '').some((name) => name.includes(part)) &&
        (input.state === undefined || row.state === input.state) &&
        (input.at_boot === undefined || row.enable === input.at_boot),
    );
    const sort = input.sort ?? 'service';
    const rows = sortRows(matching, (row) => row[sort], input.order ?? 'asc');
    return listAnswer({
      tool: 'list_services',
      args: input,
      noun: 'services',
      fields: chooseFields(FIELDS, input.fields, ['state', 'at_boot'], ['service']),
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      budgetTokens: context.budgetTokens,
    });
  },
});

/** What people call services that TrueNAS names after their programs. */
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  cifs: ['smb', 'samba'],
  iscsitarget: ['iscsi target'],
  nvmet: ['nvme-of', 'nvmeof'],
};

function namesOf(service: string): readonly string[] {
  return [service.toLowerCase(), ...(ALSO_CALLED[service] ?? [])];
}
