import { field, objectOf, oddAnswer } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

const CLASS = field.object({ level: field.text, policy: field.text, proactive_support: field.flag });

/** Kinds of alerts that somebody set differently; all others are as they come, and have no row. */
export const alertPolicy = defineKind({
  name: 'alert_policy',
  toolset: 'system',
  noun: 'alert policies',
  about: 'alerts whose level or frequency was changed, above all those that are never sent (NEVER)',
  words: ['alert class', 'alert setting', 'silenced alert', 'muted alert'],
  sources: [
    {
      uses: ['alertclasses.config'],
      async read(nas) {
        const answer = await nas.call('alertclasses.config');
        const { classes } = objectOf(answer, { classes: field.record });
        if (classes === null) throw oddAnswer(undefined, 'classes of alerts');
        const rows = Object.entries(classes).map(([name, set]) => ({ ...CLASS(set), class: name }));
        return { rows, notes: [OTHERS] };
      },
    },
  ],
  row: {},
  columns: {
    class: { type: 'text', from: 'class', isKey: true, sort: 'asc' },
    policy: { type: 'text', from: 'policy' },
    level: { type: 'text', from: 'level' },
    proactive_support: { type: 'flag', from: 'proactive_support' },
  },
  named: 'class',
  examples: [
    { args: {}, why: 'what was changed' },
    { args: { filter: ['policy=NEVER'] }, why: 'what is silenced' },
  ],
  getExamples: [{ args: { id: 'ZpoolCapacityWarning' }, why: 'one that is as it comes' }],
});

const OTHERS = '(classes of alerts that are not listed are as they come)';
