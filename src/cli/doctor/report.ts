/**
 * A compatibility report to attach to an issue. It is made of fixed words, numbers, names of methods, roles and settings
 * only: no text of a check goes into it, as those name hosts, users and files.
 */
import type { Examination } from './examine.ts';

/** The program and the computer. */
export interface Surroundings {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly architecture: string;
  /** Names of the settings that are set. */
  readonly settings: readonly string[];
}

/** The report as an object. */
export function reportOf({ checks, release, mechanism, lacking, api }: Examination, around: Surroundings) {
  return {
    program: `truenas-mcp-server ${around.version}`,
    node: around.node,
    system: `${around.platform} ${around.architecture}`,
    settings: around.settings,
    release: release === undefined ? undefined : plainVersion(release.version),
    mechanism,
    checks: checks.map(({ name, state }) => ({ name, state })),
    rolesLacking: lacking,
    api,
  };
}

/** The report as text. */
export function reportText(report: ReturnType<typeof reportOf>): string {
  const { api, rolesLacking } = report;
  return [
    `program: ${report.program}`,
    `Node: ${report.node}`,
    `system: ${report.system}`,
    `settings: ${listed(report.settings)}`,
    `release: ${report.release ?? 'not told'}`,
    `sign-in: ${report.mechanism ?? 'none'}`,
    ...report.checks.map(({ name, state }) => `check ${name}: ${state}`),
    `roles lacking: ${rolesLacking === undefined ? 'not told' : listed(rolesLacking)}`,
    `API: ${api === undefined ? 'not told' : `${api.described} methods described to the account`}`,
    ...(api === undefined
      ? []
      : [`methods missing: ${listed(api.missing)}`, `methods unexpected: ${listed(api.unexpected)}`]),
  ].join('\n');
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** Only what has the form of a version: whoever built the NAS may have put anything there. */
function plainVersion(version: string): string {
  const match =
    /^(?:TrueNAS-)?(?:SCALE-)?\d{2}\.\d{1,2}(?:\.\d{1,3}){0,3}(?:-(?:MASTER|BETA|RC|INTERNAL)(?:\.?\d{1,3}){0,2})?/.exec(
      version,
    );
  return match?.[0] ?? 'of an unknown form';
}
