/** Reasons of the overview: what is wrong with a thing, each said once. */

/** What is wrong with a thing: findings about the same thing with the same trouble say the same. */
export type Trouble = 'state' | 'space' | 'failed';

/** One reason for a verdict, as safe text. */
export interface Finding {
  readonly level: 'CRITICAL' | 'WARNING';
  readonly text: string;
  /** The call that shows more, as a model would make it. */
  readonly next?: string;
  readonly trouble?: Trouble;
  /**
   * What it is about, by identity: `pool:tank`, `replication:2`, `job:17`. Texts prove nothing: two tasks may fail with the
   * same words, and one name may contain another.
   */
  readonly about?: readonly string[];
}

/**
 * Every trouble once. Findings with the same trouble about the same thing say the same, also by way of a third one: an alert
 * names a task, the task names its last job. Of those the worst stays, and of equally bad ones the earliest.
 */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const same = groups.filter((group) => group.some((other) => saysTheSame(finding, other)));
    const joined = [...same.flat(), finding];
    for (const group of same) groups.splice(groups.indexOf(group), 1);
    groups.push(joined);
  }
  const kept = new Set(groups.map(theWorst));
  return findings.filter((finding) => kept.has(finding));
}

function saysTheSame(a: Finding, b: Finding): boolean {
  if (a.trouble === undefined || a.trouble !== b.trouble) return false;
  const named = new Set(b.about);
  return (a.about ?? []).some((thing) => named.has(thing));
}

function theWorst(group: readonly Finding[]): Finding | undefined {
  return group.find(({ level }) => level === 'CRITICAL') ?? group[0];
}
