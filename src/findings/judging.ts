/** Collects findings of kinds known by a short name: a condition that is false ends it, one that is not known is told. */
import type { Finding, FindingKind } from './finding.ts';

/** What was found, and of what it is not known. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly unknown: readonly string[];
}

/** @param conditions what must all be so, each null where it is not known */
type When<Id extends string> = (
  id: Id,
  about: string,
  conditions: readonly (boolean | null)[],
  evidence?: string | null,
) => void;

export function judging<Id extends string>(kinds: Readonly<Record<Id, FindingKind>>) {
  const findings: Finding[] = [];
  const unknown: string[] = [];
  const when: When<Id> = (id, about, conditions, evidence) => {
    if (conditions.includes(false)) return;
    const kind = kinds[id];
    if (conditions.includes(null)) unknown.push(`${about}: whether "${kind.what}" holds`);
    else findings.push({ kind, about, ...(evidence ? { evidence } : {}) });
  };
  const judged = (): Judged => ({ findings, unknown: [...new Set(unknown)] });
  return { when, judged };
}
