/** Reads a command line against the settings table. */
import { parseArgs } from 'node:util';
import { didYouMean, nearNames } from '../output/near-names.ts';
import { problemWith } from './problem.ts';
import { SETTING_ROWS, SETTINGS, type SettingName } from './settings.ts';
import type { Command, Setting } from './setting.ts';

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
  const isStrayValue = strayValues(tokens, byFlag);
  for (const [position, token] of tokens.entries()) {
    // `-demo` comes as `-d -e -m -o`, all of one place: one complaint is enough.
    if (isStrayValue(token.index) || tokens[position - 1]?.index === token.index) continue;
    if (token.kind === 'positional') usageErrors.push(`Unexpected argument ${shownWord(token.value)}.`);
    if (token.kind !== 'option') continue;
    const known = byFlag.get(token.name);
    if (known === undefined || !token.rawName.startsWith('--')) {
      usageErrors.push(unknownFlag(token.rawName, [...byFlag.keys()]));
      continue;
    }
    const { name, row } = known;
    const isMissing = row.isSwitch !== true && (token.value === undefined || looksLikeFlag(token));
    if (isMissing) {
      usageErrors.push(problemWith(row, 'needs a value', { kind: 'flag' }));
      continue;
    }
    const text = row.isSwitch === true ? (token.value ?? 'true') : (token.value ?? '');
    const before = texts.get(name);
    if (before !== undefined && row.isList !== true) {
      usageErrors.push(problemWith(row, 'is given twice', { kind: 'flag' }));
      continue;
    }
    texts.set(name, before === undefined ? text.trim() : `${before},${text.trim()}`);
  }
  return { texts, usageErrors };
}

/** What follows an unknown flag belongs to it: one complaint is enough, and it may be a secret. */
function strayValues(
  tokens: readonly { readonly kind: string; readonly index: number; readonly name?: string }[],
  known: ReadonlyMap<string, unknown>,
): (index: number) => boolean {
  const strays = new Set<number>();
  for (const [position, token] of tokens.entries()) {
    const next = tokens[position + 1];
    const isUnknown = token.kind === 'option' && !known.has(token.name ?? '');
    if (isUnknown && next?.kind === 'positional') strays.add(next.index);
  }
  return (index) => strays.has(index);
}

/** A stray word of a command line in quotes, when it is surely no key or password that ended up in the wrong place. */
export function shownWord(word: string): string {
  return /^[a-z]{1,12}$/i.test(word) ? `"${word}"` : '(not shown, as it might be a secret)';
}

/** `--url --demo`: the parser would take the second flag for the first one's value. */
function looksLikeFlag(token: { value: string | undefined; inlineValue: boolean | undefined }): boolean {
  return token.inlineValue !== true && token.value !== undefined && token.value.startsWith('-');
}

function unknownFlag(rawName: string, known: readonly string[]): string {
  const bare = rawName.replace(/^-+/, '');
  const secret = [SETTINGS.apiKey, SETTINGS.writeApiKey, SETTINGS.httpToken].find((row: Setting<unknown>) =>
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
