/** Alerts that the NAS raised: how bad each is. What its class means is in alert-classes.ts. */
import { classOf } from './alert-classes.ts';
import type { Finding, FindingKind } from './finding.ts';

/** An alert. */
export interface AlertFacts {
  readonly severity: 'NOTICE' | 'WARNING' | 'CRITICAL';
  readonly klass: string | null;
  /** Safe text. */
  readonly text: string;
  /** `2 d ago`. */
  readonly since: string | undefined;
}

const common = {
  means: 'The NAS says so; the next step belongs to its class.',
  certainty: 'sure',
  seeAlso: 'list_alerts',
} as const;
const CRITICAL: FindingKind = { ...common, id: 'alert.critical', level: 'CRITICAL', what: 'critical alert' };
const WARNING: FindingKind = { ...common, id: 'alert.warning', level: 'WARNING', what: 'alert' };
const NOTICE: FindingKind = { ...common, id: 'alert.notice', level: 'NOTE', what: 'notice' };

/** Every kind of finding here. */
export const ALERT_KINDS: readonly FindingKind[] = [CRITICAL, WARNING, NOTICE];

const KIND_OF = { CRITICAL, WARNING, NOTICE } as const;

/** The finding that an alert is. */
export function judgeAlert({ severity, klass, text, since }: AlertFacts): Finding {
  const what = classOf(klass);
  return {
    kind: KIND_OF[severity],
    about: text,
    ...(since === undefined ? {} : { evidence: `since ${since}` }),
    ...(what === undefined ? {} : { next: what.todo }),
  };
}
