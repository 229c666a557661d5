/**
 * How single findings become one verdict. The order is the point:
 *
 * 1. CRITICAL when anything critical was seen, even if other parts could not be read: the worst is already known.
 * 2. UNKNOWN when a part could not be read or judged and nothing critical was seen: something worse may hide in it. Warnings
 *    that were seen are still listed.
 * 3. WARNING when there was a warning, 4. OK only when every part was read and found nothing.
 */

/** The verdicts, worst first. */
export const VERDICTS = ['CRITICAL', 'UNKNOWN', 'WARNING', 'OK'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdict on what was found and what could not be judged. */
export function verdictOf(
  findings: readonly { readonly level: string }[],
  unjudged: readonly string[],
): Verdict {
  if (findings.some((finding) => finding.level === 'CRITICAL')) return 'CRITICAL';
  if (unjudged.length > 0) return 'UNKNOWN';
  return findings.some((finding) => finding.level === 'WARNING') ? 'WARNING' : 'OK';
}
