/** `dismiss_alert` and `restore_alert`: an alert is put away, or shown again. What it warns of stays. */
import * as z from 'zod';
import type { Change, UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { rowsOf } from '../support/rows.ts';
import { presentTarget } from '../support/targets.ts';
import { type Alert, alertRow, alertText } from './alerts.ts';

const common = {
  toolset: 'system',
  access: 'operate',
  isUnlisted: true,
  input: z.strictObject({
    alert: z
      .string()
      .min(3)
      .max(300)
      .describe('Id (list_alerts with fields: ["id"]), class, or part of the text'),
  }),
  uses: ['alert.list'],
  writes: ['alert.dismiss', 'alert.restore'],
} as const;

export const dismissAlert = defineChange({
  ...common,
  name: 'dismiss_alert',
  title: 'Dismiss an alert',
  words: 'acknowledge clear hide silence close warning alarm',
  description: 'Puts an alert away. It does not mend what the alert warns of.',
  examples: [{ args: { alert: 'ReplicationFailed' }, why: 'by its class' }],
  plan: (nas, { alert }) => planAlert(nas, alert, true),
});

export const restoreAlert = defineChange({
  ...common,
  name: 'restore_alert',
  title: 'Show a dismissed alert again',
  words: 'undismiss bring back unhide warning alarm',
  description: 'Shows an alert again that was dismissed.',
  examples: [{ args: { alert: 'NTP health check' }, why: 'by its text' }],
  plan: (nas, { alert }) => planAlert(nas, alert, false),
});

async function planAlert(nas: ReadClient, wanted: string, isDismissed: boolean): Promise<Change> {
  const all = rowsOf(await nas.call('alert.list'), alertRow);
  const { uuid, text, level } = oneOf(all, wanted, isDismissed);
  const [verb, back] = isDismissed ? (['dismiss', 'restore'] as const) : (['restore', 'dismiss'] as const);
  const undo: UndoCall = {
    method: `alert.${back}`,
    params: [uuid],
    purpose: `${back} the alert again`,
    undoes: 0,
  };
  return {
    summary: `${isDismissed ? 'Dismiss' : 'Restore'} alert: ${safeCell(text, 120)}`,
    calls: [{ method: `alert.${verb}`, params: [uuid], purpose: `${verb} the alert` }],
    targets: [
      await presentTarget(
        nas,
        {
          name: `alert ${uuid}`,
          read: { method: 'alert.list', params: [], where: ['uuid', uuid] },
          identity: ['uuid', 'klass'],
        },
        { dismissed: isDismissed },
        { absent: () => new InputProblem('alert', 'is gone: what it warned of is over') },
      ),
    ],
    impact: [`${level ?? 'of an unknown level'}: ${safeCell(text, 300)}`, 'what it warns of stays as it is'],
    undo: { calls: [undo] },
  };
}

/** @throws InputProblem when none or several are meant */
function oneOf(
  all: readonly Alert[],
  wanted: string,
  isDismissed: boolean,
): { readonly uuid: string; readonly text: string; readonly level: string | null } {
  const open = all.flatMap((alert) =>
    alert.uuid === null ? [] : [{ ...alert, uuid: alert.uuid, words: alertText(alert) }],
  );
  const meant = wanted.trim().toLowerCase();
  const byId = open.filter(({ uuid }) => uuid.toLowerCase() === meant);
  const byWords = open.filter(
    ({ klass, words }) => klass?.toLowerCase() === meant || words.toLowerCase().includes(meant),
  );
  const found = byId.length > 0 ? byId : byWords;
  const fitting = found.filter(({ dismissed }) => (dismissed === true) !== isDismissed);
  const [alert, ...others] = fitting;
  if (alert !== undefined && others.length === 0)
    return { uuid: alert.uuid, text: alert.words, level: alert.level };
  const candidates = (
    fitting.length > 0 ? fitting : open.filter(({ dismissed }) => (dismissed === true) !== isDismissed)
  )
    .slice(0, 8)
    .map(({ uuid, klass }) => `${uuid} ${klass ?? ''}`.trim())
    .join('; ');
  if (found.length > 0 && fitting.length === 0)
    throw new InputProblem('alert', isDismissed ? 'is dismissed already' : 'is not dismissed');
  throw new InputProblem(
    'alert',
    fitting.length === 0 ? `no alert fits ${safeCell(wanted)}` : `${fitting.length} alerts fit`,
    candidates === '' ? 'There is none.' : `alerts: ${candidates}`,
  );
}
