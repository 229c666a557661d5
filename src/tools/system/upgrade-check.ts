import * as z from 'zod';
import { type Judged, judging } from '../../findings/judging.ts';
import { UPGRADE_TROUBLES } from '../../findings/upgrade.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineTool } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { reportAnswer } from '../support/report.ts';
import { UPGRADE_PARTS, type UpgradePartName } from './upgrade-facts.ts';
import { type Offer, OFFER_USES, readOffer } from './upgrade-offer.ts';
import { readUpgradePart } from './upgrade-part.ts';
import {
  changesOn,
  isPrerelease,
  releaseNamed,
  SAVE_CONFIGURATION,
  targetNamed,
  type UpgradePath,
  wayBack,
} from './upgrade-steps.ts';

const NAMES = Object.keys(UPGRADE_PARTS) as [UpgradePartName, ...UpgradePartName[]];
const PARTS = ['version', ...NAMES] as const;
const USES = [
  ...new Set<string>([
    ...OFFER_USES,
    ...NAMES.flatMap((name): readonly string[] => UPGRADE_PARTS[name].uses),
  ]),
];

/** May this NAS be upgraded, and what changes? */
export const upgradeCheck = defineTool({
  name: 'upgrade_check',
  toolset: 'system',
  isListedOnRequest: true,
  title: 'Upgrade check',
  words:
    'can I upgrade update to the next release 27 25.10 safe before ready breaking changes version prerequisites boot environment',
  description: 'What stands against an upgrade, and what the new release changes.',
  input: z.strictObject({
    target: z.string().optional().describe('27.0; default: offered'),
    part: z.enum(PARTS).optional(),
  }),
  output: factsOutput,
  carriesFreeText: true,
  reachesOutside: true,
  uses: USES,
  mayLack: USES.map((method) => ({ method })),
  examples: [
    { args: {}, why: 'to the version that is offered' },
    { args: { target: '27.0' }, why: 'to a release that is named' },
    { args: { part: 'boot' }, why: 'one part' },
    { args: { part: 'keys' }, why: 'one that concerns the way into 27' },
    { args: { part: 'smb1' }, why: 'one that concerns the way into 26' },
    { args: { part: 'replication', target: '26.0' }, why: 'one that concerns the betas' },
    { args: { part: 'instances' }, why: 'one of releases before 26' },
  ],
  async run(nas, input, context) {
    const [from, offer] = await Promise.all([nas.release(), readOffer(nas)]);
    const path = pathOf(from, input.target, offer.version);
    const names = NAMES.filter((name) => input.part === undefined || input.part === name);
    const parts = await Promise.all(
      names.map((name) => readUpgradePart(nas, UPGRADE_PARTS[name], path, input.part === name)),
    );
    const version =
      input.part === undefined || input.part === 'version' ? [versionFindings(path, offer)] : [];
    const judged = [...version, ...parts.map((part) => part.judged)];
    return reportAnswer({
      tool: 'upgrade_check',
      release: await nas.release(),
      args: input,
      headline: headlineOf(path, offer),
      findings: judged.flatMap(({ findings }) => findings),
      unjudged: [
        ...offer.gaps,
        ...parts.flatMap(({ gaps }) => gaps),
        ...judged.flatMap(({ unknown }) => unknown),
        ...(from.family === 'unknown' ? ['what changes: the installed release is not known'] : []),
        ...(path.to?.family === 'unknown' ? ['what changes: the new release is not known'] : []),
      ],
      lines: [
        ...parts.flatMap(({ lines }) => lines),
        ...(input.part === undefined ? linesOf(path, offer) : []),
      ],
      budgetTokens: context.budgetTokens,
    });
  },
});

function headlineOf({ from, to }: UpgradePath, { isKnown }: Offer): string {
  const installed = safeCell(from.version, 60);
  if (to !== undefined) return `${installed} to ${safeCell(to.version, 60)}`;
  return isKnown
    ? `${installed}: no newer version is offered`
    : `${installed} to a version that is not known`;
}

/** @throws InputProblem for a target that is no release */
function pathOf(
  from: UpgradePath['from'],
  target: string | undefined,
  offered: string | undefined,
): UpgradePath {
  if (target !== undefined) return { from, to: targetNamed(target) };
  return offered === undefined ? { from } : { from, to: releaseNamed(offered) };
}

function versionFindings({ to }: UpgradePath, offer: Offer): Judged {
  const { when, judged } = judging(UPGRADE_TROUBLES);
  if (to === undefined) return judged();
  const about = safeCell(to.version, 60);
  when('prerelease', about, [isPrerelease(to.version)]);
  const isOffered = offer.choices.some((version) => releaseNamed(version).family === to.family);
  when(
    'not_offered',
    about,
    [offer.isKnown ? !isOffered : false],
    `offered: ${safeCell(offer.choices.join(', '), 80) || 'none'}`,
  );
  return judged();
}

function linesOf(path: UpgradePath, { choices }: Offer): string[] {
  return [
    ...(choices.length === 0 ? [] : [`offered: ${safeCell(choices.join(', '), 120)}`]),
    ...changesOn(path),
    SAVE_CONFIGURATION,
    `${wayBack(path)}; do not upgrade the features of pools before the new one has proved itself. Read the release notes: they are not known here.`,
  ];
}
