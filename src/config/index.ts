/**
 * Reads the configuration once, from flags and environment. Nothing here throws for a wrong value: the server must start
 * and say what is wrong, so problems are collected, all at once.
 */
import type { ChangeSettings } from '../policy/change-settings.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { ToolsetName } from '../tools/toolset.ts';
import type { TrueNasOptions } from '../truenas/options.ts';
import { didYouMean, nearNames } from '../output/near-names.ts';
import { safeCell } from '../output/untrusted.ts';
import { changesFrom } from './changes.ts';
import { connectionFrom } from './connection.ts';
import { readArguments } from './arguments.ts';
import { problemWith, settingLabel } from './problem.ts';
import { Misfit, refuseWrapping } from './parse.ts';
import { SETTING_ROWS, SETTINGS, type SettingName } from './settings.ts';
import type { Command, LogLevel, Setting } from './setting.ts';

export type { SettingName } from './settings.ts';
export type { Command, LogLevel, Setting } from './setting.ts';
export { SETTING_ROWS, SETTINGS } from './settings.ts';
export { COMMANDS, LOG_LEVELS } from './setting.ts';

/** What a start was asked for, checked. */
export interface Config {
  readonly command: Command;
  /** How to reach the NAS; absent for a demo, and when `problems` stand in the way. */
  readonly connection?: Omit<TrueNasOptions, 'log'>;
  readonly access: AccessLevel;
  /** How changes are made, confined and approved. */
  readonly changes: ChangeSettings;
  readonly toolsets: readonly ToolsetName[];
  readonly timeoutMs: number;
  readonly maxResultTokens: number;
  readonly logLevel: LogLevel;
  /** Where calls are noted. */
  readonly auditFile?: string;
  /** Serve HTTP instead of stdio. */
  readonly http?: { readonly port: number; readonly token?: string };
  /** Serve the embedded simulator. */
  readonly isDemo: boolean;
  readonly simulator: SimulatorChoice;
  /** `simulate --json`. */
  readonly isJson: boolean;
  /** Wrong or missing settings, each naming its variable: the server starts, and every call answers with these. */
  readonly problems: readonly string[];
  /** Mistakes on the command line itself: nothing starts. */
  readonly usageErrors: readonly string[];
  /** Said once on stderr. */
  readonly warnings: readonly string[];
  /** Those of the warnings that tell of a variable which nothing reads. */
  readonly misspelt: readonly string[];
  /** Those of the warnings that tell of a file with a key which others can read or replace. */
  readonly exposures: readonly string[];
  /** What was set, by the name of its variable or flag. */
  readonly settings: readonly string[];
  /** The file of the authorities that are trusted. */
  readonly caFile?: string;
  /** Every secret that was read, for the redactor. */
  readonly secrets: readonly string[];
}

/** The simulated TrueNAS that was asked for. */
export interface SimulatorChoice {
  readonly release: typeof SETTINGS.release extends Setting<infer Value> ? Value : never;
  readonly world: typeof SETTINGS.world extends Setting<infer Value> ? Value : never;
  readonly seed: number;
  readonly datasets?: number;
  readonly snapshots?: number;
  readonly roles?: readonly string[];
  readonly port: number;
  readonly host: string;
}

/** Where the configuration comes from. */
export interface ConfigSources {
  /** Arguments after the command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `serve` when absent. */
  readonly command?: Command;
}

/** A row's value type. */
type ValueOf<Name extends SettingName> = (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
/** What was set, by row; a row that was not set is absent. */
export type SettingValues = { readonly [Name in SettingName]?: ValueOf<Name> };

/** Reads flags and environment, flags first, and checks everything. */
export function loadConfig({ argv, env, command = 'serve' }: ConfigSources): Config {
  const { texts, usageErrors } = readArguments(argv, command);
  const problems: string[] = [];
  const warnings: string[] = [];
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  const exposures: string[] = [];
  const settings: string[] = [];

  for (const [name, row] of SETTING_ROWS) {
    if (!row.commands.includes(command)) continue;
    const flagText = texts.get(name);
    const text = flagText ?? fromEnvironment(row, env);
    if (text === undefined) continue;
    settings.push(settingLabel(row, flagText !== undefined));
    if (row.isSecret === true) secrets.push(text);
    try {
      refuseWrapping(text);
      values[name] = row.parse(text);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const text = problemWith(row, error.message, flagText !== undefined);
      (row.env === undefined ? usageErrors : problems).push(text);
    }
  }

  const misspelt = command === 'serve' ? unknownVariables(env) : [];
  warnings.push(...misspelt);
  const set = values as SettingValues;
  const isDemo = set.demo === true;
  const findings = {
    ...{ problems, warnings, secrets, exposures },
    isFlag: (name: SettingName) => texts.has(name),
  };
  const connection = command === 'serve' && !isDemo ? connectionFrom(set, findings) : undefined;
  const changes = changesFrom(isDemo ? withoutWriteKey(set) : set, findings);
  if (isDemo && set.url !== undefined)
    warnings.push('TRUENAS_URL is ignored: --demo serves the simulated TrueNAS.');
  if (isDemo && (set.writeApiKey !== undefined || set.writeApiKeyFile !== undefined))
    warnings.push('TRUENAS_WRITE_API_KEY is ignored: --demo serves the simulated TrueNAS.');
  const forDemo = [set.release, set.world, set.seed, set.datasets, set.snapshots];
  if (command === 'serve' && !isDemo && forDemo.some((value) => value !== undefined))
    warnings.push('--release, --world, --seed, --datasets and --snapshots are ignored: they are for --demo.');

  return {
    command,
    ...(connection !== undefined && problems.length === 0 ? { connection } : {}),
    access: set.access ?? 'read',
    changes,
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
  };
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

/** A variable that nothing reads is a slip of its writer, or of a newer version; its value may be a key and is not shown. */
function unknownVariables(env: ConfigSources['env']): string[] {
  const known = SETTING_ROWS.flatMap(([, row]) => row.env ?? []);
  return (
    Object.keys(env)
      .filter((name) => /^TRUENAS_/i.test(name) && env[name] !== '')
      // On Windows a variable is read in whatever case it was written.
      .filter((name) => !(known.includes(name.toUpperCase()) && env[name.toUpperCase()] === env[name]))
      .map((name) => {
        const meant = didYouMean(nearNames(name, known, 1));
        return `${safeCell(name)} is not a setting of this version${meant === undefined ? '' : `; ${meant}`}`;
      })
  );
}

/** An empty variable counts as absent: that is how MCP clients pass a setting the user left blank. */
function fromEnvironment(row: Setting<unknown>, env: ConfigSources['env']): string | undefined {
  const text = row.env === undefined ? undefined : env[row.env]?.trim();
  return text === '' ? undefined : text;
}

function httpFrom(port: number, token: string | undefined): { port: number; token?: string } {
  return token === undefined ? { port } : { port, token };
}
