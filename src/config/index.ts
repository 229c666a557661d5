/**
 * Reads the configuration once, from flags, environment and file. Nothing here throws for a wrong value: the server must start
 * and say what is wrong, so problems are collected, all at once.
 */
import { changesFrom } from './changes.ts';
import { connectionFrom } from './connection.ts';
import type { Config, ConfigSources, GivenSetting, SettingValues } from './config.ts';
import { readArguments } from './arguments.ts';
import { type ConfigFile, readConfigFile } from './file/read.ts';
import type { Origin } from './origin.ts';
import { problemWith, settingLabel } from './problem.ts';
import { Misfit, refuseWrapping } from './parse.ts';
import { SETTING_ROWS, SETTINGS, type SettingName } from './settings.ts';
import type { Setting } from './setting.ts';
import { unknownVariables } from './variables.ts';

export type { Config, ConfigSources, GivenSetting, SettingValues, SimulatorChoice } from './config.ts';
export type { SettingName } from './settings.ts';
export type { Command, LogLevel, Setting } from './setting.ts';
export { SETTING_ROWS, SETTINGS } from './settings.ts';
export { COMMANDS, LOG_LEVELS } from './setting.ts';

/** As {@link loadConfig}, after the file that TRUENAS_CONFIG or --config names was read. */
export async function readConfig(sources: Omit<ConfigSources, 'file'>): Promise<Config> {
  const file = await namedFile(sources);
  const config = loadConfig({ ...sources, file });
  // Its package takes time to load, and few name an entry of it.
  if (!config.given.has('keychain') || sources.keychain !== undefined) return config;
  const { openKeychain } = await import('./keychain.ts');
  return loadConfig({ ...sources, file, keychain: await openKeychain() });
}

/** The configuration file, if one is named; a wrong name is complained about with the other settings. */
async function namedFile({
  argv,
  env,
  command = 'serve',
}: Omit<ConfigSources, 'file'>): Promise<ConfigFile | undefined> {
  const row: Setting<string> = SETTINGS.config;
  if (!row.commands.includes(command)) return undefined;
  const variable = fromEnvironment(row, env);
  // Most starts have no file, and need not read their arguments twice.
  if (variable === undefined && !argv.some((word) => word.startsWith(`--${row.flag}`))) return undefined;
  const text = readArguments(argv, command).texts.get('config') ?? variable;
  try {
    if (text === undefined) return undefined;
    refuseWrapping(text);
    return await readConfigFile(row.parse(text));
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

/** Reads flags, environment and file, in this order, and checks everything. */
export function loadConfig({ argv, env, command = 'serve', file, keychain }: ConfigSources): Config {
  const { texts, usageErrors } = readArguments(argv, command);
  const given = givenTexts(texts, env, file);
  const problems: string[] = [...(file?.problems ?? [])];
  const exposures: string[] = [...(file?.exposures ?? [])];
  const warnings: string[] = [...exposures];
  const values: Record<string, unknown> = {};
  const shown = new Map<SettingName, GivenSetting>();
  // Address and key may stand in the file that could not be read: that they are missing is not known.
  const wrong = new Set<SettingName>(file?.isUnread === true ? ['url', 'apiKeyFile'] : []);
  const secrets: string[] = [];
  const settings: string[] = [];

  for (const [name, row] of SETTING_ROWS) {
    if (!row.commands.includes(command)) continue;
    const found = given.get(name);
    if (found === undefined) continue;
    const { text, origin } = found;
    settings.push(settingLabel(row, origin.kind === 'file' ? undefined : origin));
    if (row.isSecret === true) secrets.push(text);
    try {
      refuseWrapping(text);
      values[name] = row.parse(text);
      shown.set(name, { ...(row.isSecret === true ? {} : { text }), isWrong: false, origin });
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const problem = problemWith(row, error.message, origin);
      (row.env === undefined ? usageErrors : problems).push(problem);
      wrong.add(name);
      shown.set(name, { isWrong: true, origin });
    }
  }

  const misspelt = command === 'serve' ? unknownVariables(env) : [];
  warnings.push(...misspelt);
  const set = values as SettingValues;
  const isDemo = set.demo === true;
  const originOf = (name: SettingName) => given.get(name)?.origin;
  const findings = { problems, warnings, secrets, exposures, wrong, originOf, keychain };
  const connection = command === 'serve' && !isDemo ? connectionFrom(set, findings) : undefined;
  const changes = changesFrom(isDemo ? withoutWriteKey(set) : set, findings);
  if (command === 'serve') warnings.push(...ignoredSettings(set));

  return {
    command,
    ...(connection !== undefined && problems.length === 0 ? { connection } : {}),
    access: set.access ?? 'read',
    changes,
    isShortList: set.toolsets === undefined,
    toolsets: set.toolsets ?? SETTINGS.toolsets.parse('all'),
    timeoutMs: set.timeout ?? SETTINGS.timeout.parse(SETTINGS.timeout.default ?? ''),
    maxResultTokens:
      set.maxResultTokens ?? SETTINGS.maxResultTokens.parse(SETTINGS.maxResultTokens.default ?? ''),
    logLevel: set.logLevel ?? 'info',
    ...(set.auditFile === undefined ? {} : { auditFile: set.auditFile }),
    ...(set.httpPort === undefined ? {} : { http: httpFrom(set.httpPort, set.httpToken) }),
    isDemo,
    simulator: {
      release: set.release ?? '25.10',
      world: set.world ?? 'mixed',
      seed: set.seed ?? 1,
      ...(set.datasets === undefined ? {} : { datasets: set.datasets }),
      ...(set.snapshots === undefined ? {} : { snapshots: set.snapshots }),
      ...(set.roles === undefined ? {} : { roles: set.roles }),
      port: set.port ?? 0,
      host: set.host ?? '127.0.0.1',
    },
    isJson: set.json === true,
    problems,
    usageErrors,
    warnings,
    ...{ misspelt, exposures, settings },
    ...(set.caFile === undefined ? {} : { caFile: set.caFile }),
    secrets: secrets.filter((secret) => secret.length >= 8),
    systemName: file?.systemName ?? 'nas',
    given: shown,
  };
}

/** A setting's text, and the place it was given at. */
type Given = Map<SettingName, { readonly text: string; readonly origin: Origin }>;

/** Two ways to give one thing: whichever of them a nearer place has displaces both of the file. */
const ALTERNATIVES: readonly (readonly SettingName[])[] = [
  ['apiKey', 'apiKeyFile', 'keychain'],
  ['writeApiKey', 'writeApiKeyFile'],
];

/** What was given for each setting by the place that wins. */
function givenTexts(
  flags: ReadonlyMap<SettingName, string>,
  env: ConfigSources['env'],
  file: ConfigFile | undefined,
): Given {
  const given: Given = new Map();
  for (const [name, row] of SETTING_ROWS) {
    const flag = flags.get(name);
    const text = flag ?? fromEnvironment(row, env);
    if (text !== undefined)
      given.set(name, { text, origin: { kind: flag === undefined ? 'environment' : 'flag' } });
  }
  const nearer = new Set(given.keys());
  for (const [name, found] of file?.texts ?? []) {
    const rivals = ALTERNATIVES.find((names) => names.includes(name)) ?? [name];
    if (!rivals.some((rival) => nearer.has(rival))) given.set(name, found);
  }
  return given;
}

/** What was set and has no effect beside the other settings. */
function ignoredSettings(set: SettingValues): string[] {
  const forDemo = [set.release, set.world, set.seed, set.datasets, set.snapshots];
  if (set.demo !== true)
    return forDemo.some((value) => value !== undefined)
      ? ['--release, --world, --seed, --datasets and --snapshots are ignored: they are for --demo.']
      : [];
  const hasWriteKey = set.writeApiKey !== undefined || set.writeApiKeyFile !== undefined;
  return [
    ...(set.url === undefined ? [] : ['TRUENAS_URL is ignored: --demo serves the simulated TrueNAS.']),
    ...(hasWriteKey ? ['TRUENAS_WRITE_API_KEY is ignored: --demo serves the simulated TrueNAS.'] : []),
  ];
}

/** A demo's simulated NAS knows no key but its own. */
function withoutWriteKey({
  writeApiKey: _key,
  writeApiKeyFile: _file,
  writeUsername: _name,
  ...set
}: SettingValues): SettingValues {
  return set;
}

/** An empty variable counts as absent: that is how MCP clients pass a setting the user left blank. */
function fromEnvironment(row: Setting<unknown>, env: ConfigSources['env']): string | undefined {
  const text = row.env === undefined ? undefined : env[row.env]?.trim();
  return text === '' ? undefined : text;
}

function httpFrom(port: number, token: string | undefined): { port: number; token?: string } {
  return token === undefined ? { port } : { port, token };
}
