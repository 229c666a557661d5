import { z } from 'zod';
import { type Field, flagField, textField, timeField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { defineTool } from '../define.ts';
import { chooseFields, fieldsInput, orderInput, pageInputs, pageOf, sortRows } from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { rowsOf } from '../support/rows.ts';
import { type Alert, ALERT_LEVELS, alertRow, alertText, isActive } from './alerts.ts';

const FIELDS: readonly Field<Alert>[] = [
  textField('level', (alert) => alert.level),
  timeField('since', (alert) => alert.datetime),
  timeField('last', (alert) => alert.last_occurrence),
  textField('text', (alert) => alertText(alert), 300),
  textField('class', (alert) => alert.klass),
  flagField('dismissed', (alert) => alert.dismissed),
  textField('id', (alert) => alert.uuid),
];

/** Alerts. `alert.list` takes neither filters nor limits; what it gives is filtered and paged here. */
export const listAlerts = defineTool({
  name: 'list_alerts',
  toolset: 'system',
  title: 'List alerts',
  description: 'Alerts the NAS has raised, worst first.',
  input: z.strictObject({
    level: z.enum(ALERT_LEVELS).optional().describe('this level and worse'),
    dismissed: z.boolean().optional().describe('true: also dismissed ones'),
    text: z.string().optional().describe('part of the text or class'),
    sort: z.enum(['level', 'since', 'last']).optional(),
    order: orderInput,
    fields: fieldsInput(['level', 'since', 'last', 'text', 'class', 'dismissed', 'id']),
    ...pageInputs,
  }),
  output: listOutput,
  carriesFreeText: true,
  uses: ['alert.list'],
  examples: [
    { args: {}, why: 'what is active' },
    {
      args: { level: 'WARNING', dismissed: true, text: 'pool', limit: 2, sort: 'last' },
      why: 'every filter, a page, another order',
    },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_alerts', input);
    const all = rowsOf(await nas.call('alert.list', []), alertRow);
    const least = input.level === undefined ? 0 : rank(input.level);
    const part = input.text?.toLowerCase() ?? '';
    const matching = all.filter(
      (alert) =>
        rank(alert.level) >= least && `${alertText(alert)} ${alert.klass ?? ''}`.toLowerCase().includes(part),
    );
    const listed = input.dismissed === true ? matching : matching.filter(isActive);
    const hidden = matching.length - listed.length;
    // Newest first among those that are alike.
    const newest = sortRows(listed, (alert) => alert.datetime, 'desc');
    const rows = sortRows(newest, SORT_KEYS[input.sort ?? 'level'], input.order ?? 'desc');
    return listAnswer({
      tool: 'list_alerts',
      args: input,
      noun: 'alerts',
      fields: chooseFields(FIELDS, input.fields, ['level', 'since', 'text'], []),
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      notes: hidden > 0 ? [`(${hidden} dismissed not shown)`] : [],
      budgetTokens: context.budgetTokens,
    });
  },
});

const SORT_KEYS = {
  level: (alert: Alert) => rank(alert.level),
  since: (alert: Alert) => alert.datetime,
  last: (alert: Alert) => alert.last_occurrence,
} as const;

/** A level that this program does not know ranks with WARNING, so that it is neither hidden nor first. */
function rank(level: string | null): number {
  const known = (ALERT_LEVELS as readonly string[]).indexOf(level ?? '');
  return known < 0 ? ALERT_LEVELS.indexOf('WARNING') : known;
}
