import { z } from 'zod';
import { type Judged, judging } from '../../findings/judging.ts';
import { UPGRADE_TROUBLES } from '../../findings/upgrade.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineTool } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { UPGRADE_PARTS, type UpgradePart, type UpgradePartName } from './upgrade-facts.ts';
import { type Offer, OFFER_USES, readOffer } from './upgrade-offer.ts';
import {
  changesOn,
  enters,
  isPrerelease,
  leavesCore,
  releaseNamed,
  type UpgradePath,
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
    const parts = await Promise.all(names.map((name) => readOne(nas, name, path, input.part === name)));
    const version =
      input.part === undefined || input.part === 'version' ? [versionFindings(path, offer)] : [];
    const judged = [...version, ...parts.map((part) => part.judged)];
    return reportAnswer({
      tool: 'upgrade_check',
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
  if (target !== undefined && releaseNamed(target).family === 'unknown') {
    throw new InputProblem('target', `is no release: ${safeCell(target, 40)}`, 'e.g. 25.10 or 27.0');
  }
  const named = target ?? offered;
  return named === undefined ? { from } : { from, to: releaseNamed(named) };
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

/** A part that concerns another way is read only where it is asked for, and finds nothing. */
async function readOne(nas: ReadClient, name: UpgradePartName, path: UpgradePath, isAskedFor: boolean) {
  const part: UpgradePart = UPGRADE_PARTS[name];
  const nothing: Judged = { findings: [], unknown: [] };
  const isOnTheWay = part.into === undefined ? true : enters(path, part.into);
  // That the way is not known is told once.
  const isRead = (isOnTheWay === true || isAskedFor) && (await nas.has(part.uses[0]));
  if (!isRead) return { judged: nothing, gaps: [], lines: [] };
  const read = await readPart(nas, (limited) => part.read(limited, path));
  if (!('value' in read))
    return { judged: nothing, gaps: [`${part.title} ${gapText(read) ?? ''}`], lines: [] };
  const { lines = [], ...judged } = read.value;
  return { judged: isOnTheWay === true ? judged : { ...judged, findings: [] }, gaps: [], lines };
}

const WAY_BACK = 'The system of now stays as a boot environment to go back to';
const ONE_WAY =
  'ONE WAY: never start a boot environment of CORE after it, which may break the system; the way back is a new installation with the saved configuration';

function linesOf(path: UpgradePath, { choices }: Offer): string[] {
  return [
    ...(choices.length === 0 ? [] : [`offered: ${safeCell(choices.join(', '), 120)}`]),
    ...changesOn(path),
    'No release tells how old the backup of the configuration is: save it now, with the secret seed (System > General Settings > Manage Configuration).',
    `${leavesCore(path) ? ONE_WAY : WAY_BACK}; do not upgrade the features of pools before the new one has proved itself. Read the release notes: they are not known here.`,
  ];
}
