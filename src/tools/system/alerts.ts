/** Alerts of a NAS, as the overview and `list_alerts` read them. `alert.list` takes no filters. */
import { field, type RowOf } from '../support/rows.ts';

/** The parts of an alert that are read; of `args` only what says which thing it is about, and `mail` never. */
export const alertRow = {
  uuid: field.text,
  node: field.text,
  klass: field.text,
  level: field.text,
  datetime: field.time,
  last_occurrence: field.time,
  dismissed: field.flag,
  args: field.object({ id: field.number, volume: field.text }),
  formatted: field.rawText,
  text: field.rawText,
};
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

const MARKUP = /<\/?(?:a|b|br|code|div|em|h\d|i|li|ol|p|pre|span|strong|table|td|tr|ul)\b[^>]*>/giu;

/** The alert's text without markup (some alerts carry HTML), not yet neutralised. */
export function alertText(alert: Alert): string {
  const text = alert.formatted ?? alert.text ?? alert.klass ?? '';
  const whose = isOfOtherNode(alert) ? `${alert.node ?? ''}: ` : '';
  return `${whose}${text}`
    .replace(MARKUP, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/gu, ' ')
    .trim();
}
