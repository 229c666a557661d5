/**
 * What a finding is: a trouble of a known kind about one thing. Its kind is data: what it means, how bad and how sure it is, and
 * what repairs it. Judges are pure functions from facts to findings; they read nothing, and a fact that is not known never
 * becomes a finding: it makes the verdict UNKNOWN.
 */

/** How bad: NOTE is worth knowing and nobody's fault. */
export type Level = 'CRITICAL' | 'WARNING' | 'NOTE';

/** A kind of trouble. */
export interface FindingKind {
  /** Stable and dotted: `backup.none`. Scripts and tests go by it. */
  readonly id: string;
  readonly level: Level;
  /** The trouble in a few words, as it stands in an answer. */
  readonly what: string;
  /** Why it matters, in one sentence. */
  readonly means: string;
  /** `likely` where facts only point to it, or the NAS itself may be wrong. */
  readonly certainty: 'sure' | 'likely';
  /** A change tool that removes it; `arguments` of the finding say how it is called. */
  readonly repairedBy?: string;
  /** A page of the NAS's web interface, or a tool that reads more, where no change tool repairs it. */
  readonly seeAlso?: string;
  /** Releases in which the NAS itself says otherwise, and is wrong. */
  readonly nasIsWrongOn?: readonly string[];
}

/** One trouble of one thing. */
export interface Finding {
  readonly kind: FindingKind;
  /** The thing, as people call it; safe text. */
  readonly about: string;
  /** What was seen, as safe text: figures, dates, the NAS's own words. */
  readonly evidence?: string;
  /** Arguments for `repairedBy`. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** What to do about this very thing, in place of `seeAlso` of its kind; safe text. */
  readonly next?: string;
}

/** Findings of one kind. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly findings: readonly Finding[];
}

const LEVELS: readonly Level[] = ['CRITICAL', 'WARNING', 'NOTE'];

/** Findings by kind, worst first; within a level in the order in which a kind was first found. */
export function groupedFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.kind.id);
    if (group === undefined) groups.set(finding.kind.id, [finding]);
    else group.push(finding);
  }
  return [...groups.values()]
    .flatMap((each) => (each[0] === undefined ? [] : [{ kind: each[0].kind, findings: each }]))
    .toSorted((a, b) => LEVELS.indexOf(a.kind.level) - LEVELS.indexOf(b.kind.level));
}
