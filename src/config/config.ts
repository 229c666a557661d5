/** What a configuration is: the form in which the rest of the program gets it. */
import type { ChangeSettings } from '../policy/change-settings.ts';
import type { AccessLevel } from '../policy/levels.ts';
import type { ToolsetName } from '../tools/toolset.ts';
import type { TrueNasOptions } from '../truenas/options.ts';
import type { ConfigFile } from './file/read.ts';
import type { Keychain } from './keychain.ts';
import type { Origin } from './origin.ts';
import type { Command, LogLevel, Setting } from './setting.ts';
import type { SETTINGS, SettingName } from './settings.ts';

/** What a start was asked for, checked. */
export interface Config {
  readonly command: Command;
  /** How to reach the NAS; absent for a demo, and when `problems` stand in the way. */
  readonly connection?: Omit<TrueNasOptions, 'log'>;
  readonly access: AccessLevel;
  /** How changes are made, confined and approved. */
  readonly changes: ChangeSettings;
  readonly toolsets: readonly ToolsetName[];
  /** No toolset was chosen: tools that are needed seldom are not listed. */
  readonly isShortList: boolean;
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
  /** What the NAS is called where there are several: lower-case letters, digits and dashes. */
  readonly systemName: string;
  /** What was set, by setting. */
  readonly given: ReadonlyMap<SettingName, GivenSetting>;
}

/** A setting as it was given. */
export interface GivenSetting {
  /** Absent for a secret, and for a value that was not accepted. */
  readonly text?: string;
  readonly isWrong: boolean;
  readonly origin: Origin;
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
  /** What TRUENAS_CONFIG names, as it was read. */
  readonly file?: ConfigFile | undefined;
  /** Where TRUENAS_KEYCHAIN is looked up; absent where there is none. */
  readonly keychain?: Pick<Keychain, 'read'> | undefined;
}

/** A row's value type. */
type ValueOf<Name extends SettingName> = (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
/** What was set, by row; a row that was not set is absent. */
export type SettingValues = { readonly [Name in SettingName]?: ValueOf<Name> };
