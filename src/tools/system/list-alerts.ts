import * as z from 'zod';
import { type Columns, defineList } from '../define-list.ts';
import { allHold, filteredHere, pageHere, sortRows } from '../support/list-reading.ts';
import { rowsOf } from '../support/rows.ts';
import { type Alert, ALERT_LEVELS, alertRow, alertText, isActive } from './alerts.ts';

const COLUMNS: Columns<Alert> = {
  level: { type: 'text', sort: 'desc', sortBy: (alert) => rank(alert.level) },
  since: { type: 'time', value: (alert) => alert.datetime, sort: 'desc' },
  last: { type: 'time', value: (alert) => alert.last_occurrence, sort: 'desc', isOnDemand: true },
  text: { type: 'text', value: alertText, maxLength: 300 },
  class: { type: 'text', value: (alert) => alert.klass, isOnDemand: true },
  dismissed: { type: 'flag', isOnDemand: true },
  id: { type: 'text', value: (alert) => alert.uuid, isOnDemand: true },
};

/** Alerts. `alert.list` takes neither filters nor limits; what it gives is filtered and paged here. */
export const listAlerts = defineList({
  name: 'list_alerts',
  toolset: 'system',
  title: 'List alerts',
  words: 'warning alarm problem notification error',
  description: 'Alerts the NAS has raised, worst first.',
  noun: 'alerts',
  filters: {
    level: z.enum(ALERT_LEVELS).optional().describe('this level and worse'),
    dismissed: z.boolean().optional().describe('true: also dismissed ones'),
    text: z.string().optional().describe('part of the text or class'),
  },
  columns: COLUMNS,
  sortedBy: 'level',
  carriesFreeText: true,
  uses: ['alert.list'],
  examples: [
    { args: {}, why: 'what is active' },
    {
      args: { level: 'WARNING', dismissed: true, text: 'pool', limit: 2, sort: 'last' },
      why: 'every filter, a page, another order',
    },
  ],
  async read(nas, question) {
    const { level, dismissed, text = '' } = question.input;
    const least = level === undefined ? 0 : rank(level);
    const part = text.toLowerCase();
    const {
      rows: matching,
      notes,
      isUnsure,
    } = filteredHere(rowsOf(await nas.call('alert.list', []), alertRow), (alert) => {
      const words = `${alertText(alert)} ${alert.klass ?? ''}`.trim().toLowerCase();
      return allHold([rank(alert.level) >= least, words === '' && part !== '' ? null : words.includes(part)]);
    });
    const listed = dismissed === true ? matching : matching.filter(isActive);
    const hidden = matching.length - listed.length;
    // Newest first among those that are alike.
    const newest = sortRows(listed, (alert) => alert.datetime, 'desc');
    return {
      ...pageHere(question, newest),
      isUnsure,
      notes: [...notes, ...(hidden > 0 ? [`(${hidden} dismissed not shown)`] : [])],
    };
  },
});

/** A level that this program does not know ranks with WARNING, so that it is neither hidden nor first. */
function rank(level: string | null): number {
  const known = (ALERT_LEVELS as readonly string[]).indexOf(level ?? '');
  return known < 0 ? ALERT_LEVELS.indexOf('WARNING') : known;
}
