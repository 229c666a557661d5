/** The words of the report: its headline, how a finding is told in full, and what no NAS tells. */
import type { Finding, FindingGroup } from '../../../findings/finding.ts';
import { type Stage, STAGES } from '../../../findings/migration-kind.ts';
import { stageOf, stepsOf } from '../../../findings/migration.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { isAtLeast } from '../../../truenas/releases.ts';
import {
  changesOn,
  enters,
  leavesCore,
  SAVE_CONFIGURATION,
  type UpgradePath,
  wayBack,
} from '../upgrade-steps.ts';

/** `TrueNAS-13.3-U1.2 to 25.10: blocks 3, before 12`. */
export function headlineOf({ from, to }: UpgradePath, findings: readonly Finding[]): string {
  const installed = safeCell(from.version, 60);
  if (to === undefined) return `${installed}: no later release is known here; its state was looked at`;
  const kinds = new Map(findings.map(({ kind }) => [kind.id, kind]));
  const counts = STAGES.flatMap((stage) => {
    const count = [...kinds.values()].filter((kind) => stageOf(kind) === stage).length;
    return count === 0 ? [] : [`${stage} ${count}`];
  });
  const told = counts.length === 0 ? 'nothing found against it' : counts.join(', ');
  return `${installed} to ${safeCell(to.version, 60)}: ${told}`;
}

/** Findings in the order in which they are dealt with. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => STAGES.indexOf(stageOf(a.kind)) - STAGES.indexOf(stageOf(b.kind)));
}

const HEADINGS: Readonly<Record<Stage, string>> = {
  blocks: 'BLOCKS',
  before: 'BEFORE',
  changes: 'CHANGES',
  note: 'NOTE',
};

/** A kind of finding in full, at most so many of its things named. */
export function fullText({ kind, findings }: FindingGroup, maxNamed: number): string {
  const named = findings
    .slice(0, maxNamed)
    .map(({ about, evidence }) => (evidence === undefined ? about : `${about} (${evidence})`));
  const more = findings.length > maxNamed ? ` and ${findings.length - maxNamed} more` : '';
  const likely = kind.certainty === 'likely' ? ', likely' : '';
  return [
    `${HEADINGS[stageOf(kind)]} ${kind.what}${likely} [${kind.id}]: ${named.join('; ')}${more}`,
    `  ${kind.means}`,
    `  → ${stepsOf(kind) ?? kind.seeAlso ?? ''}`,
  ].join('\n');
}

const BY_HAND =
  'By hand: a backup elsewhere, one restore tried; certificates and SSH keys saved; Linux drivers for network card and disk controller; ACLs of some folders noted, to compare; what scripts do inside; cloud accounts of OneDrive, which are not taken along.';
const UNSEEN =
  'Not visible here: edits by hand in the system, packages, self-encrypting disks (note their passwords), tasks of other machines that write here or read from here.';
const CORE_WAY =
  'Way: the ISO of the version that the upgrade paths of the documentation name for CORE (24.04 so far)';
const GOLDEYE =
  'Of 25.10 take 25.10.2 or later: earlier ones hid cloud sync tasks of CORE, and did not start SMB with old share ACLs.';

/** Releases that follow each other; 26 was never final. */
const TRAINS = ['24.10', '25.04', '25.10', '27.0'] as const;

/** Which releases the way leads through. */
function wayOf(path: UpgradePath): string {
  const isFromCore = leavesCore(path);
  const trains = TRAINS.filter((family) => enters(path, family) === true);
  const steps = trains.length === 0 ? '' : trains.join(', ');
  if (isFromCore) return `${CORE_WAY}, then ${steps === '' ? 'update' : steps}, with the notes of each.`;
  return trains.length === 0
    ? 'Way: by the last maintenance version of the present release.'
    : `Way: the last maintenance version of the present release, then ${steps}, with the notes of each.`;
}

/** Lines below the findings. */
export function closingLines(path: UpgradePath, isFull: boolean): string[] {
  if (path.to === undefined) return ['upgrade_check asks which versions are offered.'];
  const isFromCore = leavesCore(path);
  return [
    // What leaving CORE changes stands among the findings.
    ...(isFromCore ? [] : changesOn(path)),
    ...(isFromCore && isFull ? changesOn(path).slice(1) : []),
    ...(isFromCore ? [BY_HAND] : []),
    UNSEEN,
    wayOf(path),
    ...(isFromCore && isAtLeast(path.to, '25.10') ? [GOLDEYE] : []),
    SAVE_CONFIGURATION,
    `${wayBack(path)}.`,
  ];
}
