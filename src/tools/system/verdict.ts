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
  /** The pool it is about, when the pool itself was looked at. */
  readonly pool?: string;
  /** True for an alert about a pool's state or space, which says again what looking at the pool says. */
  readonly isAboutPool?: boolean;
}

/** Findings without alerts that only repeat what was found at the pool they name, at least as badly. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = findings.filter((finding) => finding.pool !== undefined);
  return findings.filter(
    (finding) =>
      finding.isAboutPool !== true ||
      !seen.some(({ pool = '', level }) => {
        const namesIt = new RegExp(
          `(?<![\\w.-])${pool.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}(?![\\w-])`,
          'u',
        );
        return (level === 'CRITICAL' || finding.level === 'WARNING') && namesIt.test(finding.text);
      }),
  );
}

/** The verdict on what was found and which parts could not be read. */
export function verdictOf(findings: readonly Finding[], unreadParts: readonly string[]): Verdict {
  if (findings.some((finding) => finding.level === 'CRITICAL')) return 'CRITICAL';
  if (unreadParts.length > 0) return 'UNKNOWN';
  return findings.length > 0 ? 'WARNING' : 'OK';
}
