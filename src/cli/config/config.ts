/** `truenas-mcp config`: shows and checks the settings that a start would have. Connects to nothing and changes nothing. */
import { fileKey } from '../../config/file/keys.ts';
import {
  type Config,
  type GivenSetting,
  readConfig,
  SETTING_ROWS,
  type Setting,
} from '../../config/index.ts';
import { placeOf } from '../../config/origin.ts';
import { settingLabel } from '../../config/problem.ts';
import { createRedactor } from '../../output/redact/redactor.ts';
import { safeCell } from '../../output/untrusted.ts';
import { configurationChecks, fileChecks, folderChecks } from '../doctor/configuration.ts';
import { linesOf } from '../doctor/lines.ts';
import { withKeyParts } from '../key-parts.ts';
import { usageError } from '../usage.ts';

/** For tests. */
export interface ConfigOptions {
  /** Takes the lines instead of stdout. */
  readonly print?: (text: string) => unknown;
}

/** Runs `config show` or `config check`; exit code 0 when the settings are right, 1 when not, 2 for a wrong command line. */
export async function config(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { print = (text) => process.stdout.write(text) }: ConfigOptions = {},
): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'show' && verb !== 'check')
    return usageError('config', ['Usage: truenas-mcp config show|check [settings of serve] [--json]']);
  const isJson = rest.includes('--json');
  const loaded = await readConfig({ argv: rest.filter((word) => word !== '--json'), env, command: 'serve' });
  if (loaded.usageErrors.length > 0) return usageError('config', loaded.usageErrors);
  const redactor = createRedactor({ ownSecrets: withKeyParts(loaded.secrets) });
  const say = (text: string) => print(`${redactor.text(text)}\n`);
  return verb === 'show' ? show(loaded, isJson, say) : check(loaded, isJson, say);
}

/** One line of `config show`. */
interface ShownSetting {
  /** Its key in the file, or its flag where it has none. */
  readonly name: string;
  /** Absent for a secret, and for what is wrong or not set. */
  readonly value?: string;
  readonly isSet: boolean;
  readonly isWrong: boolean;
  readonly from: string;
}

function show(loaded: Config, isJson: boolean, say: (text: string) => unknown): number {
  const { problems, systemName } = loaded;
  const settings = shownSettings(loaded);
  if (isJson) {
    say(JSON.stringify({ system: systemName, settings, problems }));
  } else {
    const width = Math.max(...settings.map(({ name }) => name.length)) + 2;
    const lines = settings.map(
      (setting) => `${setting.name.padEnd(width)}${valueText(setting)}  (${setting.from})`,
    );
    say([...lines, ...(problems.length === 0 ? [] : ['', 'Wrong:', ...problems])].join('\n'));
  }
  return problems.length === 0 ? 0 : 1;
}

function shownSettings({ given }: Config): ShownSetting[] {
  return SETTING_ROWS.flatMap(([name, row]): ShownSetting[] => {
    if (!row.commands.includes('serve')) return [];
    const set = given.get(name);
    // What belongs to one start is worth a line only where it was given.
    if (row.env === undefined && set === undefined) return [];
    return [shownSetting(row, set)];
  });
}

function shownSetting(row: Setting<unknown>, set: GivenSetting | undefined): ShownSetting {
  const name = fileKey(row) ?? row.flag ?? '';
  if (set === undefined) {
    const value = row.default === undefined ? {} : { value: row.default };
    const from = row.default === undefined ? 'not set' : 'default';
    return { name, ...value, isSet: false, isWrong: false, from };
  }
  const { text, isWrong, origin } = set;
  const from = origin.kind === 'file' ? placeOf(origin) : settingLabel(row, origin);
  return { name, ...(text === undefined ? {} : { value: text }), isSet: true, isWrong, from };
}

function valueText({ value, isSet, isWrong }: ShownSetting): string {
  if (isWrong) return 'WRONG, see below';
  if (value !== undefined) return safeCell(value, 300);
  return isSet ? 'set, and not shown' : '-';
}

async function check(loaded: Config, isJson: boolean, say: (text: string) => unknown): Promise<number> {
  const checks = [
    ...configurationChecks(loaded),
    ...(await fileChecks(loaded)),
    ...(await folderChecks(loaded)),
  ];
  const isRight = !checks.some(({ state }) => state === 'failed');
  if (isJson) say(JSON.stringify({ isRight, checks }));
  else say(checks.flatMap(linesOf).join('\n'));
  return isRight ? 0 : 1;
}
