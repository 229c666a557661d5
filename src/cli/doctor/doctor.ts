/**
 * `truenas-mcp doctor`: looks at everything between this program and the NAS, and names the remedy where something fails.
 * It signs in at most once and changes nothing, neither on the NAS nor on this computer.
 */
import { arch, platform } from 'node:process';
import { readConfig } from '../../config/index.ts';
import type { Keychain } from '../../config/keychain.ts';
import { createRedactor } from '../../output/redact/redactor.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import { withKeyParts } from '../key-parts.ts';
import { usageError } from '../usage.ts';
import { VERSION } from '../version.ts';
import type { Check } from './check.ts';
import { examine } from './examine.ts';
import { linesOf } from './lines.ts';
import { reportOf, reportText } from './report.ts';

/** For tests. */
export interface DoctorOptions {
  /** Takes the lines instead of stdout. */
  readonly print?: (text: string) => unknown;
  /** Shorter waiting times. */
  readonly timings?: Partial<Timings>;
  /** In place of that of this computer. */
  readonly keychain?: Pick<Keychain, 'read'> | undefined;
}

/** Runs the checks; exit code 0 when nothing failed, 1 when something did, 2 for a command line that makes no sense. */
export async function doctor(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { print = (text) => process.stdout.write(text), timings = {}, keychain }: DoctorOptions = {},
): Promise<number> {
  const own = ['--json', '--report'];
  const argv = args.filter((arg) => !own.includes(arg));
  const config = await readConfig({ argv, env, command: 'serve', keychain });
  if (config.usageErrors.length > 0) return usageError('doctor', config.usageErrors);
  if (config.isDemo) return usageError('doctor', ['The demo has nothing to examine: leave --demo out.']);
  const isJson = args.includes('--json');
  const isReport = args.includes('--report');
  const examination = await examine(config, { withApi: isReport, timings });
  const { checks } = examination;
  const redactor = createRedactor({ ownSecrets: withKeyParts(config.secrets) });
  const hasFailed = checks.some(({ state }) => state === 'failed');
  const say = (text: string) => print(`${redactor.text(text)}\n`);
  if (isReport) {
    const { settings } = config;
    const around = { version: VERSION, node: process.version, platform, architecture: arch, settings };
    const report = reportOf(examination, around);
    say(isJson ? JSON.stringify(report) : reportText(report));
  } else if (isJson) {
    say(JSON.stringify({ isWell: !hasFailed, checks }));
  } else {
    say([...checks.flatMap(linesOf), verdictOf(checks)].join('\n'));
  }
  return hasFailed ? 1 : 0;
}

function verdictOf(checks: readonly Check[]): string {
  const failed = [...new Set(checks.filter(({ state }) => state === 'failed').map(({ name }) => name))];
  if (failed.length > 0) return `Something is wrong: ${failed.join(', ')}.`;
  return checks.some(({ state }) => state === 'warning') ? 'It works; see the warnings.' : 'All is well.';
}
