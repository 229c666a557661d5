/**
 * Reads the configuration file. Its keys are those of the settings; the ones that say which NAS, and with which key, may
 * stand under `systems` and the name of the NAS instead. What is wrong is named with its line, and never repeated.
 */
import { dirname, resolve } from 'node:path';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { NAS_SETTINGS } from '../nas-settings.ts';
import { readersOf, readTextFile, type TextFile } from '../files.ts';
import { type FileOrigin, placeOf } from '../origin.ts';
import { parsePath } from '../parse.ts';
import { problemWith } from '../problem.ts';
import { SETTING_ROWS, SETTINGS, type SettingName } from '../settings.ts';
import type { Setting } from '../setting.ts';
import type { Entry, MapEntry } from './document.ts';
import { fileKey } from './keys.ts';

/** A configuration file as it was read. */
export interface ConfigFile {
  readonly path: string;
  /** The texts by setting, each with its place. */
  readonly texts: ReadonlyMap<SettingName, { readonly text: string; readonly origin: FileOrigin }>;
  /** The NAS's name, where the file gives one. */
  readonly systemName?: string;
  readonly problems: readonly string[];
  /** Nothing of it could be understood: what it sets is not known. */
  readonly isUnread: boolean;
  /** Who else can read or change the file, each with the remedy. */
  readonly exposures: readonly string[];
}

/** The name of the group of keys for each NAS. */
const SYSTEMS = 'systems';

/** Settings that belong to one NAS. */
const OF_SYSTEM: ReadonlySet<string> = new Set([
  ...Object.keys(NAS_SETTINGS),
  'writeApiKey',
  'writeApiKeyFile',
  'writeUsername',
]);

/** What was found so far. */
interface Reading {
  readonly path: string;
  readonly texts: Map<SettingName, { text: string; origin: FileOrigin }>;
  readonly problems: string[];
  systemName?: string;
}

/** The file's settings, with everything that is wrong in it. Loads the YAML parser. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const reading: Reading = { path, texts: new Map(), problems: [] };
  const file = readTextFile(path);
  if ('complaint' in file)
    return {
      ...reading,
      problems: [problemWith(SETTINGS.config, file.complaint)],
      isUnread: true,
      exposures: [],
    };
  const { readDocument } = await import('./document.ts');
  const { top, problems } = readDocument(file.text);
  for (const { line, complaint } of problems)
    reading.problems.push(`${placeOf({ path, line })} ${complaint}.`);
  if (top.kind !== 'map') complain(reading, top.line, `must hold keys and values, such as url: nas.local`);
  else readKeys(top.entries, [], reading);
  const isUnread = problems.length > 0 || top.kind !== 'map';
  return { ...reading, isUnread, exposures: exposuresOf(path, file, reading) };
}

/** Adds the settings of one level; `above` are the names it stands under. */
function readKeys(entries: readonly MapEntry[], above: readonly string[], reading: Reading): void {
  const rows = new Map(
    SETTING_ROWS.flatMap(([name, row]) => {
      const key = fileKey(row);
      return key === undefined || (above.length > 0 && !OF_SYSTEM.has(name)) ? [] : [[key, { name, row }]];
    }),
  );
  for (const { key, line, value } of entries) {
    if (key === SYSTEMS && above.length === 0) {
      readSystems(value, reading);
      continue;
    }
    const known = rows.get(key);
    if (known === undefined) complain(reading, line, unknownKey(key, [...rows.keys()], above));
    else readValue(known, { key, line, value }, above, reading);
  }
}

/** Adds the settings of the one NAS under `systems`. */
function readSystems(value: Entry, reading: Reading): void {
  if (value.kind === 'nothing') return;
  const wrong = wrongSystems(value);
  if (wrong !== undefined) {
    complain(reading, wrong.line, wrong.complaint);
    return;
  }
  const [first] = value.kind === 'map' ? value.entries : [];
  if (first === undefined) return;
  reading.systemName = first.key;
  if (first.value.kind === 'map') readKeys(first.value.entries, [SYSTEMS, first.key], reading);
}

function wrongSystems(value: Entry): { readonly line: number; readonly complaint: string } | undefined {
  if (value.kind !== 'map')
    return { line: value.line, complaint: 'must name a NAS, with its settings indented below it' };
  const [first, second] = value.entries;
  if (second !== undefined)
    return { line: second.line, complaint: 'names a second NAS; this version serves one' };
  if (first === undefined) return undefined;
  const { key, line, value: settings } = first;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(key) || key === 'docs')
    return {
      line,
      complaint: 'must name the NAS in lower-case letters, digits and dashes (not docs)',
    };
  return settings.kind === 'map' || settings.kind === 'nothing'
    ? undefined
    : { line, complaint: 'must have the settings of the NAS indented below its name' };
}

/** Adds one setting as the text that its row parses. */
function readValue(
  { name, row }: { readonly name: SettingName; readonly row: Setting<unknown> },
  { key, line, value }: MapEntry,
  above: readonly string[],
  { path, texts, problems }: Reading,
): void {
  const origin: FileOrigin = { kind: 'file', path, line, key: [...above, key].join('.') };
  const text = textOf(value, row);
  if (text === undefined) {
    if (value.kind === 'nothing') return;
    const wanted = row.isList === true ? 'must be one value or a list of values' : 'must be one value';
    problems.push(problemWith(row, wanted, origin));
    return;
  }
  const before = texts.get(name);
  if (before === undefined) texts.set(name, { text: settled(row, text, path), origin });
  else problems.push(problemWith(row, `stands in line ${before.origin.line} already`, origin));
}

/** The value as a flag would carry it; undefined where there is none, or one of another form. */
function textOf(value: Entry, row: Setting<unknown>): string | undefined {
  if (value.kind === 'text') return value.text;
  if (value.kind !== 'list' || row.isList !== true) return undefined;
  const items = value.items.map((item) => (item.kind === 'text' ? item.text : undefined));
  // An item with a comma would become two.
  return items.some((item) => item === undefined || item.includes(',')) ? undefined : items.join(',');
}

/** A path is meant from the folder of the file: an MCP client starts programs in folders of its own choice. */
function settled(row: Setting<unknown>, text: string, path: string): string {
  return row.parse === parsePath && !/^(?:~[/\\]|\$\{|<)/.test(text) ? resolve(dirname(path), text) : text;
}

function unknownKey(key: string, known: readonly string[], above: readonly string[]): string {
  const plain = key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .replace(/^truenas_/i, '')
    .toLowerCase();
  const meant = didYouMean(nearNames(plain, known, 1));
  const isElsewhere = above.length > 0 && SETTING_ROWS.some(([, row]) => fileKey(row) === plain);
  const hint = isElsewhere
    ? '; it stands at the beginning of a line, not under a NAS'
    : meant === undefined
      ? ''
      : `; ${meant}`;
  // What a key stands for may be a secret in the wrong place.
  const shown = /^[A-Za-z][A-Za-z_-]{0,39}$/.test(key) ? `has the key ${key}, which is` : 'has a key that is';
  return `${shown} no setting of this version${hint}`;
}

function complain({ path, problems }: Reading, line: number, complaint: string): void {
  problems.push(`${placeOf({ path, line })} ${complaint}.`.replace(/\?\.$/, '?'));
}

/** A file with a key is its owner's alone; a file without one may be read by all, and changed by nobody else. */
function exposuresOf(path: string, file: TextFile, { texts }: Reading): string[] {
  const secret = [...texts.keys()].find((name) => {
    const row: Setting<unknown> = SETTINGS[name];
    return row.isSecret === true;
  });
  const readers = secret === undefined ? undefined : readersOf(file);
  if (readers !== undefined) return [`TRUENAS_CONFIG: ${readers} the key in ${path}. Run: chmod 600 ${path}`];
  if (process.getuid === undefined) return [];
  const isOthers = file.uid !== process.getuid() && file.uid !== 0;
  if (!isOthers && (file.mode & 0o022) === 0) return [];
  const remedy = isOthers ? `Run: chown ${process.getuid()} ${path}` : `Run: chmod go-w ${path}`;
  return [`TRUENAS_CONFIG: other users can change ${path}, and with it what this server may do. ${remedy}`];
}
