/** What releases change for those who administer them and for programs, step by step. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isAtLeast, parseRelease, type Release } from '../../truenas/releases.ts';

/** Where an upgrade goes. */
export interface UpgradePath {
  readonly from: Release;
  /** Absent where no newer version is offered or named, or none is known. */
  readonly to?: Release;
}

interface Step {
  readonly family: string;
  readonly changes: string;
}

/** Every release before it is TrueNAS CORE, on FreeBSD. */
export const FIRST_SCALE = '22.02';

const STEPS: readonly Step[] = [
  {
    family: FIRST_SCALE,
    changes:
      'a migration from FreeBSD to Linux, which the documentation describes: jails, plugins, AFP and WebDAV shares are gone, pools encrypted by GELI cannot be opened; check disks and interfaces of virtual machines before they start',
  },
  {
    family: '25.10',
    changes:
      'programs: smart.*, certificateauthority.*, activedirectory.* and ldap.* are gone (directoryservices.*), zfs.snapshot.* is pool.snapshot.*, update.check_available is update.status; SMB shares have a purpose with options of its own',
  },
  {
    family: '26.0',
    changes:
      'programs: the REST API and virt.* (container.*) are gone; the SMB1 switch is an oldest protocol; two-factor secrets whose interval is neither 30 nor 60 s are cleared; a failed delete of a dataset may answer well, so look afterwards',
  },
  {
    family: '27.0',
    changes: 'programs: container.delete is a job, the encryption algorithm of a pool cannot be chosen',
  },
];

/** True when the path enters this family; null where an end of it is not known. */
export function enters({ from, to }: UpgradePath, family: string): boolean | null {
  if (from.family === 'unknown' || to?.family === 'unknown') return null;
  return to !== undefined && !isAtLeast(from, family) && isAtLeast(to, family);
}

/** True when the path leaves TrueNAS CORE, which is one way: its boot environments are nothing to go back to. */
export function leavesCore(path: UpgradePath): boolean {
  return enters(path, FIRST_SCALE) === true;
}

/** `25.10 changes: …` for each step of the path. */
export function changesOn(path: UpgradePath): string[] {
  return STEPS.filter(({ family }) => enters(path, family) === true).map(
    ({ family, changes }) => `${family} changes: ${changes}.`,
  );
}

/** What every upgrade begins with. */
export const SAVE_CONFIGURATION =
  'No release tells how old the backup of the configuration is: save it now, with the secret seed (System > General Settings > Manage Configuration).';

const WAY_BACK = 'The system of now stays as a boot environment to go back to';
const ONE_WAY =
  'ONE WAY: never start a boot environment of CORE after it, which may break the system; the way back is a new installation with the saved configuration';

/** How to go back, as a sentence without its full stop. */
export function wayBack(path: UpgradePath): string {
  return leavesCore(path) ? ONE_WAY : WAY_BACK;
}

/** True for a version that is no final release. */
export function isPrerelease(version: string): boolean {
  return /ALPHA|BETA|RC|NIGHTLY|MASTER/iu.test(version);
}

/** The release that a person or the NAS names: `27`, `27.0`, `25.10.7`. */
export function releaseNamed(text: string): Release {
  return parseRelease(/^\d{2}$/u.test(text.trim()) ? `${text.trim()}.0` : text);
}

/** As {@link releaseNamed}. @throws InputProblem for a target that is no release */
export function targetNamed(text: string): Release {
  const release = releaseNamed(text);
  if (release.family !== 'unknown') return release;
  throw new InputProblem('target', `is no release: ${safeCell(text, 40)}`, 'e.g. 25.10 or 27.0');
}
