import { z } from 'zod';
import { type Field, flagField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { pageInputs, pageOf } from '../inputs.ts';
import { listOutput } from '../outputs.ts';
import { rowsOf, wire } from '../wire.ts';

const SERVICE = z.object({ service: wire.text, state: wire.text, enable: wire.flag });
type Service = z.output<typeof SERVICE>;

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
    name: z.string().optional().describe('part of the name'),
    state: z.enum(['RUNNING', 'STOPPED']).optional(),
    ...pageInputs,
  }),
  output: listOutput,
  uses: ['service.query'],
  async run(nas, input, context) {
    const page = pageOf('list_services', input);
    const parameters = query({ select: ['service', 'state', 'enable'], orderBy: ['service'] });
    const all = rowsOf(await nas.call('service.query', parameters, { signal: context.signal }), SERVICE);
    const part = input.name?.toLowerCase() ?? '';
    const rows = all.filter(
      (row) =>
        (row.service ?? '').toLowerCase().includes(part) &&
        (input.state === undefined || row.state === input.state),
    );
    return listAnswer({
      tool: 'list_services',
      args: input,
      noun: 'services',
      fields: FIELDS,
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      budgetTokens: context.budgetTokens,
    });
  },
});
