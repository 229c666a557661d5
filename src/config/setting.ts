/** What a setting is: one row of the tables in this folder. */
/** The commands that take settings. */
export const COMMANDS = ['serve', 'demo', 'simulate'] as const;
export type Command = (typeof COMMANDS)[number];

/** The variable that names the configuration file. */
export const CONFIG_VARIABLE = 'TRUENAS_CONFIG';

/** One row of the table. */
export interface Setting<Value> {
  /** Environment variable; absent for a choice that belongs to one start only. */
  readonly env?: string;
  /** Long flag without dashes; absent for secrets. */
  readonly flag?: string;
  /** A switch is given without a value as a flag, and as `true`/`false` in the environment. */
  readonly isSwitch?: boolean;
  /** Given several times or as a comma-separated list. */
  readonly isList?: boolean;
  /** Never printed, never a flag. */
  readonly isSecret?: boolean;
  readonly commands: readonly Command[];
  /** The words that are accepted, where those are all. */
  readonly choices?: readonly string[];
  /** What is accepted, for people. */
  readonly type: string;
  /** Default as a person would type it. */
  readonly default?: string;
  readonly description: string;
  /** A right value, shown when a wrong one was given. */
  readonly example: string;
  /** @throws Misfit */
  parse(text: string): Value;
}

/** Checks a row against its own type. */
export function setting<Value>(row: Setting<Value>): Setting<Value> {
  return row;
}

/** Log levels in descending urgency. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Worlds the simulator can start from; the simulator's own list is checked against this one by a test. */
export const SIMULATED_WORLDS = ['mixed', 'home', 'office', 'trouble', 'bare'] as const;

/** Releases the simulator can play; the simulator's own list is checked against this one by a test. */
export const SIMULATED_RELEASES = ['core-13.0', 'core-13.3', '24.10', '25.04', '25.10', '27.0'] as const;
