/** Reads a command line against the settings table. */
import { parseArgs } from 'node:util';
import { didYouMean, nearNames } from '../output/near-names.ts';
import { problemWith } from './problem.ts';
import { type Command, SETTING_ROWS, SETTINGS, type Setting, type SettingName } from './settings.ts';

/** The flags' texts by row, and what was wrong with the command line. */
export interface Arguments {
  readonly texts: ReadonlyMap<SettingName, string>;
  readonly usageErrors: string[];
}

/** Reads the arguments after the command. Unknown flags are errors, with the nearest known one. */
export function readArguments(argv: readonly string[], command: Command): Arguments {
  const rows = SETTING_ROWS.filter(([, row]) => row.flag !== undefined && row.commands.includes(command));
  const byFlag = new Map(rows.map(([name, row]) => [row.flag ?? '', { name, row }]));
  const texts = new Map<SettingName, string>();
  const usageErrors: string[] = [];

  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      rows.map(([, row]) => [
        row.flag ?? '',
        { type: row.isSwitch === true ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') usageErrors.push(`Unexpected argument "${token.value}".`);
    if (token.kind !== 'option') continue;
    const known = byFlag.get(token.name);
    if (known === undefined || !token.rawName.startsWith('--')) {
      usageErrors.push(unknownFlag(token.rawName, [...byFlag.keys()]));
      continue;
    }
    const { name, row } = known;
    const isMissing = row.isSwitch !== true && (token.value === undefined || looksLikeFlag(token));
    if (isMissing) {
      usageErrors.push(problemWith(row, 'needs a value', true));
      continue;
    }
    const text = row.isSwitch === true ? (token.value ?? 'true') : (token.value ?? '');
    const before = texts.get(name);
    if (before !== undefined && row.isList !== true) {
      usageErrors.push(problemWith(row, 'is given twice', true));
      continue;
    }
    texts.set(name, before === undefined ? text.trim() : `${before},${text.trim()}`);
  }
  return { texts, usageErrors };
}

/** `--url --demo`: the parser would take the second flag for the first one's value. */
function looksLikeFlag(token: { value: string | undefined; inlineValue: boolean | undefined }): boolean {
  return token.inlineValue !== true && token.value !== undefined && token.value.startsWith('-');
}

function unknownFlag(rawName: string, known: readonly string[]): string {
  const bare = rawName.replace(/^-+/, '');
  const secret = [SETTINGS.apiKey, SETTINGS.httpToken].find((row: Setting<unknown>) =>
    isSecretsFlag(bare, row),
  );
  if (secret !== undefined) {
    return `There is no flag ${rawName}: a secret on a command line is visible to every user of the machine. Set ${secret.env} instead.`;
  }
  const near = didYouMean(nearNames(bare, known).map((flag) => `--${flag}`));
  return `Unknown flag ${rawName}${near === undefined ? '.' : `; ${near}`}`;
}

/** `--api-key` and `--apikey` for TRUENAS_API_KEY. */
function isSecretsFlag(bare: string, row: Setting<unknown>): boolean {
  const squeeze = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const wanted = squeeze((row.env ?? '').replace(/^TRUENAS_/, ''));
  return [wanted, `truenas${wanted}`, wanted.replace(/^http/, '')].includes(squeeze(bare));
}
