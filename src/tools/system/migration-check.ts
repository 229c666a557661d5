import * as z from 'zod';
import type { Finding } from '../../findings/finding.ts';
import { MIGRATION_TROUBLES } from '../../findings/migration.ts';
import { UPGRADE_TROUBLES } from '../../findings/upgrade.ts';
import { DEFAULT_BUDGET_TOKENS, estimateTokens } from '../../output/budget.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isAtLeast, type Release, UNKNOWN_RELEASE } from '../../truenas/releases.ts';
import { defineTool } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { MIGRATION_CHECKS } from './migration/checks.ts';
import { MIGRATION_PARTS } from './migration/check.ts';
import { closingLines, fullText, headlineOf, inOrder } from './migration/wording.ts';
import { readUpgradePart } from './upgrade-part.ts';
import { targetNamed, type UpgradePath } from './upgrade-steps.ts';

const USES = [...new Set<string>(MIGRATION_CHECKS.flatMap(({ uses }): readonly string[] => uses))];
/** What later releases change is known so far. */
const NEWEST_KNOWN = '27.0';
const NEWEST_FINAL = '25.10';
/** Things named of each kind in the long report, as far as there is room. */
const NAMED = [20, 10, 5, 2] as const;

/** What breaks when this NAS moves to a later release, above all from TrueNAS CORE? */
export const migrationCheck = defineTool({
  name: 'migration_check',
  toolset: 'system',
  isListedOnRequest: true,
  title: 'Migration check',
  words:
    'leave move migrate from CORE FreeBSD to SCALE what breaks is lost GELI jails plugins AFP WebDAV NIS OpenVPN tunables incompatible',
  description: 'What breaks on the way from CORE, or to a later release, and what to do before.',
  input: z.strictObject({
    target: z.string().optional(),
    part: z.enum(MIGRATION_PARTS).optional(),
    detail: z.enum(['short', 'full']).optional(),
  }),
  output: factsOutput,
  carriesFreeText: true,
  uses: USES,
  mayLack: USES.map((method) => ({ method })),
  examples: [
    { args: {}, why: 'to the next release, on one page' },
    { args: { target: '27.0', detail: 'full' }, why: 'with every step' },
    { args: { part: 'sharing', target: '26.0' }, why: 'one part' },
    { args: { target: '28.0' }, why: 'a release that is not known yet' },
  ],
  async run(nas, input, context) {
    const path = pathOf(await nas.release(), input.target);
    const checks = MIGRATION_CHECKS.filter(({ part }) => input.part === undefined || input.part === part);
    const read = await Promise.all(checks.map((check) => readUpgradePart(nas, check, path, false)));
    const findings = inOrder(withoutLocked(read.flatMap(({ judged }) => judged.findings)));
    const unjudged = [...new Set(read.flatMap(({ gaps, judged }) => [...gaps, ...judged.unknown]))];
    const isFull = input.detail === 'full';
    const titles = checks.flatMap(({ title }, index) => (read[index]?.isRead === true ? [title] : []));
    const isCalm = isFull || findings.every(({ kind }) => kind.level === 'NOTE');
    const lines = [
      isCalm
        ? `Checked: ${[...new Set(titles)].join(', ')}.`
        : `${titles.length} things were looked at. Every step: detail "full".`,
      ...(input.part === undefined ? closingLines(path, isFull) : []),
    ];
    const { budgetTokens = DEFAULT_BUDGET_TOKENS } = context;
    const answerWith = (maxNamed: number) =>
      reportAnswer({
        ...{
          tool: 'migration_check',
          // In the words of the release that it moves to.
          release: UNKNOWN_RELEASE,
          args: input,
          headline: headlineOf(path, findings),
        },
        ...{ findings, unjudged, untold: unknownOf(path), lines, budgetTokens },
        ...(isFull ? { wording: (group) => fullText(group, maxNamed) } : {}),
      });
    const fits = (maxNamed: number) => {
      const { text, data } = answerWith(maxNamed);
      return estimateTokens(text) + estimateTokens(JSON.stringify(data)) <= budgetTokens;
    };
    return answerWith((isFull ? NAMED.find(fits) : undefined) ?? 1);
  },
});

/** @throws InputProblem for a target that is no release, or one that is older */
function pathOf(from: Release, target: string | undefined): UpgradePath {
  if (target === undefined) {
    const isOld = from.family !== 'unknown' && !isAtLeast(from, NEWEST_FINAL);
    if (isOld) return { from, to: targetNamed(NEWEST_FINAL) };
    return isAtLeast(from, NEWEST_KNOWN) ? { from } : { from, to: targetNamed(NEWEST_KNOWN) };
  }
  const to = targetNamed(target);
  if (from.family === 'unknown' || isAtLeast(to, from.family)) return { from, to };
  throw new InputProblem(
    'target',
    `is older than ${safeCell(from.version, 60)}`,
    'A release before it is reached by its boot environment alone.',
  );
}

function unknownOf({ from, to }: UpgradePath): string[] {
  return [
    ...(from.family === 'unknown' ? ['what changes: the installed release is not known'] : []),
    ...(to !== undefined && !isAtLeast({ ...to, family: NEWEST_KNOWN }, to.family)
      ? [`what ${safeCell(to.version, 60)} drops: it is not known here; read its notes`]
      : []),
  ];
}

/** A pool that GELI locks is not healthy by that alone: it is told once. */
function withoutLocked(findings: readonly Finding[]): Finding[] {
  const locked = new Set(
    findings
      .filter(
        ({ kind, evidence }) => kind === MIGRATION_TROUBLES.geli && evidence?.startsWith('locked') === true,
      )
      .map(({ about }) => about),
  );
  return findings.filter(({ kind, about }) => kind !== UPGRADE_TROUBLES.pool_unhealthy || !locked.has(about));
}
