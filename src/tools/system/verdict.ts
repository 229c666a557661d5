/**
 * How single findings become one verdict. The order is the point:
 *
 * 1. CRITICAL when anything critical was seen, even if other parts could not be read: the worst is already known.
 * 2. UNKNOWN when a part could not be read and nothing critical was seen: something worse may hide in it. Warnings that
 *    were seen are still listed.
 * 3. WARNING when there was a warning, 4. OK only when every part was read and found nothing.
 */

/** The verdicts, worst first. */
export const VERDICTS = ['CRITICAL', 'UNKNOWN', 'WARNING', 'OK'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One reason for a verdict, as safe text. */
export interface Finding {
  readonly level: 'CRITICAL' | 'WARNING';
  readonly text: string;
  /** What `text` was cut from; only compared, never shown. */
  readonly wholeText?: string;
  /** The pool it is about, when the pool itself was looked at. */
  readonly pool?: string;
  /** True for an alert about a pool's state or space, which says again what looking at the pool says. */
  readonly isAboutPool?: boolean;
  /** Words of which another finding about the same trouble holds each: then this one is a repetition. */
  readonly repeats?: readonly string[];
}

/** Every trouble once: without findings that say again what another one says, at least as badly. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  // Backwards, so that of two that say the same the earlier one stays: pools and alerts come before tasks and jobs.
  for (const finding of findings.toReversed()) {
    const others = [...findings.slice(0, findings.indexOf(finding)), ...kept];
    if (!others.some((other) => isSaidBy(finding, other))) kept.unshift(finding);
  }
  return kept;
}

function isSaidBy(finding: Finding, other: Finding): boolean {
  if (finding.level === 'CRITICAL' && other.level !== 'CRITICAL') return false;
  if (finding.isAboutPool === true && other.pool !== undefined && holds(finding.text, other.pool))
    return true;
  const { repeats = [] } = finding;
  const said = other.wholeText ?? other.text;
  return repeats.length > 0 && repeats.every((words) => holds(said, words));
}

/** True when `text` holds these words whole, in any case. */
function holds(text: string, words: string): boolean {
  const literal = words.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  return new RegExp(`(?<![\\w./-])${literal}(?![\\w/-])`, 'iu').test(text);
}

/** The verdict on what was found and which parts could not be read. */
export function verdictOf(findings: readonly Finding[], unreadParts: readonly string[]): Verdict {
  if (findings.some((finding) => finding.level === 'CRITICAL')) return 'CRITICAL';
  if (unreadParts.length > 0) return 'UNKNOWN';
  return findings.length > 0 ? 'WARNING' : 'OK';
}
