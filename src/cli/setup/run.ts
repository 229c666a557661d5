/** One run of the set-up: what was given, and who answers. */
import type { Keychain } from '../../config/keychain.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import type { Asker } from './asker.ts';
import type { Options } from './options.ts';
import type { Places } from './places.ts';
import type { SetupRecord } from './record.ts';

export interface Run {
  readonly options: Options;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  /** Of the set-up, and of the entry in the clients. */
  readonly name: string;
  /** What an earlier run of this name left. */
  readonly earlier: SetupRecord | undefined;
  readonly asker: Asker;
  readonly keychain: Keychain | undefined;
  readonly timings: Partial<Timings>;
}

/** The command that undoes the set-up of this name. */
export function removal(name: string): string {
  return `truenas-mcp setup --remove${name === 'truenas' ? '' : ` --name ${name}`}`;
}
