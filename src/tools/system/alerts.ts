/** Alerts of a NAS, as the overview and `list_alerts` read them. `alert.list` takes no filters. */
import { filledTemplate, plainText } from '../../output/markup.ts';
import { field, isObject, type RowOf } from '../support/rows.ts';

/** The parts of an alert that are read; `mail` never. */
export const alertRow = {
  uuid: field.text,
  node: field.text,
  klass: field.text,
  level: field.text,
  datetime: field.time,
  last_occurrence: field.time,
  dismissed: field.flag,
  args: argsOf,
  formatted: field.rawText,
  text: field.rawText,
};

/** Which thing it is about, and everything that its template names. */
function argsOf(value: unknown) {
  if (!isObject(value)) return null;
  return { id: field.number(value['id']), volume: field.text(value['volume']), all: value };
}
export type Alert = RowOf<typeof alertRow>;

/** Levels of TrueNAS, mildest first. */
export const ALERT_LEVELS = ['INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'] as const;

/** A level's weight in a verdict; an unknown level counts as a warning. */
export function severityOf(level: string | null): 'NOTICE' | 'WARNING' | 'CRITICAL' {
  if (level === 'INFO' || level === 'NOTICE') return 'NOTICE';
  return level === 'CRITICAL' || level === 'ALERT' || level === 'EMERGENCY' ? 'CRITICAL' : 'WARNING';
}

/** True while nobody has dismissed it. */
export function isActive(alert: Alert): boolean {
  return alert.dismissed !== true;
}

/** True for what the other controller of an HA pair says of itself: `Standby Controller (B)`, never `Active …` or `Controller A`. */
export function isOfOtherNode({ node }: Alert): boolean {
  return /^(?:standby|backup|fault|init|unknown)\b/iu.test(node ?? '');
}

/** The alert's text without markup (some alerts carry HTML), not yet neutralised; its class where it has none. */
export function alertText(alert: Alert): string {
  const template = alert.text && filledTemplate(alert.text, alert.args?.all ?? {});
  const text = plainText(alert.formatted || template || '') || (alert.klass ?? '');
  return `${isOfOtherNode(alert) ? `${alert.node ?? ''}: ` : ''}${text}`;
}
