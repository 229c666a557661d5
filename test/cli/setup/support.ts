/** Runs `setup` against a simulated NAS, in a home folder of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from 'truenas-simulator';
import { setup, type SetupOptions } from '../../../src/cli/setup/setup.ts';
import { readRecord, type SetupRecord } from '../../../src/cli/setup/record.ts';
import { type Places, placesOf } from '../../../src/cli/setup/places.ts';
import { openTrueNas, silentLog, type TrueNas } from '../../../src/truenas/index.ts';
import { closers } from '../../truenas/support/client.ts';

/** A computer and a NAS. */
export interface Bench {
  readonly nas: Simulator;
  readonly env: Readonly<Record<string, string>>;
  readonly places: Places;
  /** Runs it with --yes and what most runs need: address, fingerprint, administrator. */
  run(...args: string[]): Promise<Told>;
  /** Runs it with these flags alone. */
  bare(
    args: readonly string[],
    options?: SetupOptions,
    more?: Readonly<Record<string, string>>,
  ): Promise<Told>;
  record(): Promise<SetupRecord | undefined>;
}

/** What was printed, and the exit code. */
export interface Told {
  readonly code: number;
  readonly text: string;
}

export const LAUNCH = { command: 'node', args: ['/opt/truenas-mcp/cli.js'] };

/** A NAS, and the home folder of somebody who sets up for the first time. */
export async function bench(options: SimulatorOptions = {}): Promise<Bench> {
  const nas = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => nas.close());
  const home = mkdtempSync(join(tmpdir(), 'truenas-setup-'));
  const env = { HOME: home, TRUENAS_ADMIN_PASSWORD: nas.person.password };
  const places = placesOf(env, 'linux');
  const bare: Bench['bare'] = async (args, given = {}, more = {}) => {
    let text = '';
    const print = (part: string) => {
      text += part;
    };
    const code = await setup(
      args,
      { ...env, ...more },
      { print, launch: LAUNCH, keychain: undefined, ...given },
    );
    return { code, text };
  };
  const common = [
    '--yes',
    '--url',
    nas.url,
    '--tls-fingerprint',
    nas.fingerprint,
    '--admin',
    nas.person.username,
  ];
  return {
    ...{ nas, env, places, bare },
    run: (...args) => bare([...common, ...args]),
    record: () => readRecord(places, 'truenas'),
  };
}

/** A connection with the key that a set-up stored. */
export function openWithKey({ nas }: Bench, apiKey: string, username = 'truenas-mcp'): TrueNas {
  const { url, fingerprint } = nas;
  const tls = { fingerprintSha256: fingerprint };
  const opened = openTrueNas({ url, apiKey, username, tls, timeoutMs: 10_000, log: silentLog });
  closers.push(() => opened.close());
  return opened;
}

/** A connection of the issued key, a full administrator's, to look around. */
export function openAsAdministrator({ nas }: Bench): TrueNas {
  return openWithKey({ nas } as Bench, nas.apiKey, nas.username);
}

/** Names of the rows that a set-up makes. */
export async function accountsOn({
  read,
}: TrueNas): Promise<Record<'groups' | 'privileges' | 'users' | 'keys', string[]>> {
  const names = async (method: string, key: string): Promise<string[]> => {
    const rows = (await read.call(method)) as Record<string, string>[];
    return rows.map((row) => row[key] ?? '').filter((name) => name.startsWith('truenas-mcp'));
  };
  return {
    groups: await names('group.query', 'name'),
    privileges: await names('privilege.query', 'name'),
    users: await names('user.query', 'username'),
    keys: await names('api_key.query', 'name'),
  };
}
