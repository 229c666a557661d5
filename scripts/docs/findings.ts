/** docs/findings.md: every kind of finding of the composite answers, from the objects that define them. */
import { FINDING_KINDS } from '../../src/findings/catalogue.ts';
import { code, GENERATED, table } from './markdown.ts';

/** The whole page. */
export function findingsPage(): string {
  const subjects = [...new Set(FINDING_KINDS.map(({ id }) => id.split('.')[0] ?? id))];
  return [
    GENERATED,
    '# Findings',
    [
      'What the composite answers can find wrong. A finding stands in an answer with its id, what was seen, and the call that',
      'repairs it or the place to look at. What could not be read is never a finding: it makes the verdict UNKNOWN. "Likely" says',
      'that facts point to it without proving it. Each is tested against a simulated NAS that has the trouble and one that has not,',
      'and where a tool repairs it, by that very call.',
    ].join('\n'),
    ...subjects.flatMap((subject) => [
      `## ${subject}`,
      table(
        ['Finding', 'Level', 'What', 'Why it matters', 'Repaired by'],
        FINDING_KINDS.filter(({ id }) => id.startsWith(`${subject}.`)).map(
          ({ id, level, what, means, certainty, repairedBy, seeAlso }) => [
            code(id),
            certainty === 'likely' ? `${level}, likely` : level,
            what,
            means,
            repairedBy === undefined ? (seeAlso ?? '') : code(repairedBy),
          ],
        ),
      ),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}
