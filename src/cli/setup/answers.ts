/** The answers that need no sign-in: which NAS, what the server may do, which clients. */
import { existsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { Misfit, parseNasAddress } from '../../config/parse.ts';
import { type AccessLevel, ACCESS_LEVELS } from '../../policy/levels.ts';
import { TOOLSETS } from '../../tools/index.ts';
import { TOOLSET_NAMES, type ToolsetName } from '../../tools/toolset.ts';
import { checkWay } from '../doctor/network.ts';
import type { TrustedNas } from './administrator.ts';
import { type Asker, SetupStopped } from './asker.ts';
import { CLIENT_NAMES, type ClientName, clientOf } from './clients/catalogue.ts';
import { fileText } from './files.ts';
import type { Options } from './options.ts';
import type { Places } from './places.ts';
import type { SetupRecord } from './record.ts';
import { expectedFingerprint, settleTrust } from './trust.ts';

/** The NAS and how it is trusted. */
export interface FoundNas extends TrustedNas {
  /** As the server's settings name it. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Asks for the address, settles the trust, and looks whether a TrueNAS answers. */
export async function findNas(
  options: Options,
  earlier: SetupRecord | undefined,
  asker: Asker,
): Promise<FoundNas> {
  const address = options.url ?? (await askAddress(earlier, asker));
  const host = new URL(address.url).host;
  if (earlier !== undefined && earlier.url !== address.url)
    throw new SetupStopped(
      `The set-up of this name is that of another NAS, ${new URL(earlier.url).host}.`,
      'Give this one another name with --name, or undo the other with --remove.',
    );
  const ca = options['ca-file'];
  const trust = await settleTrust(
    address.url,
    {
      ...expectedFingerprint(options['tls-fingerprint'], earlier),
      ca: ca === undefined ? undefined : { path: ca, pem: fileText(ca, '--ca-file') },
    },
    asker,
  );
  const { checks } = await checkWay({ url: address.url, tls: trust.tls }, 5_000);
  for (const { name, state, text, fix } of checks)
    if (state === 'failed' || (state === 'warning' && name === 'HTTP'))
      asker.say(`${text}${fix === undefined ? '' : ` ${fix}`}`);
  return { url: address.url, tls: trust.tls, settings: { TRUENAS_URL: host, ...trust.settings } };
}

async function askAddress(earlier: SetupRecord | undefined, asker: Asker): Promise<{ url: string }> {
  const guess = earlier === undefined ? await nearbyNas(asker) : new URL(earlier.url).host;
  const text = await asker.text({
    message: 'Address of the NAS',
    flag: '--url',
    ...(guess === undefined ? {} : { initial: guess }),
    check: (typed) => complaintAbout(typed),
  });
  return parseNasAddress(text);
}

function complaintAbout(typed: string): string | undefined {
  try {
    return parseNasAddress(typed).isPlain
      ? 'must not be http://: a TrueNAS revokes an API key that it sees unencrypted'
      : undefined;
  } catch (error) {
    if (error instanceof Misfit) return error.message;
    throw error;
  }
}

/** The name under which a TrueNAS announces itself by default. */
async function nearbyNas({ isUnattended }: Asker): Promise<string | undefined> {
  if (isUnattended) return undefined;
  const found = lookup('truenas.local').then(
    () => 'truenas.local',
    () => undefined,
  );
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, 1_500, undefined).unref();
  });
  return Promise.race([found, late]);
}

/** What the server may do. */
export interface Allowed {
  readonly access: AccessLevel;
  readonly toolsets: readonly ToolsetName[];
  readonly settings: Readonly<Record<string, string>>;
}

const MEANINGS: Readonly<Record<AccessLevel, string>> = {
  read: 'look, and change nothing',
  operate: 'besides: start, stop, scrub, take snapshots',
  manage: 'besides: create and change datasets, shares, tasks, apps',
  destroy: 'besides: what loses data, each time with your sign-in',
};

/** Asks for the access level and the toolsets. */
export async function askAllowed(options: Options, places: Places, asker: Asker): Promise<Allowed> {
  const access =
    options.access ??
    (await asker.choice({
      message: 'What may the assistant do?',
      choices: ACCESS_LEVELS.map((value) => ({ value, label: value, hint: MEANINGS[value] })),
      initial: 'read' as AccessLevel,
    }));
  const toolsets =
    options.toolsets ??
    (await asker.choices({
      message: 'With which tools?',
      choices: TOOLSET_NAMES.map((value) => ({
        value,
        label: value,
        hint: TOOLSETS.find(({ name }) => name === value)?.about ?? '',
      })),
      initial: TOOLSET_NAMES,
    }));
  if (toolsets.length === 0) throw new SetupStopped('Without a toolset there is nothing to set up.');
  const isAll = toolsets.length === TOOLSET_NAMES.length;
  return {
    access,
    toolsets,
    settings: {
      ...(access === 'read'
        ? {}
        : { TRUENAS_ACCESS: access, TRUENAS_STATE_DIR: options['state-dir'] ?? places.state }),
      ...(isAll ? {} : { TRUENAS_TOOLSETS: toolsets.join(',') }),
    },
  };
}

/** Asks which clients are to be configured; none of them: the configuration is printed. */
export async function askClients(
  options: Options,
  places: Places,
  asker: Asker,
): Promise<readonly ClientName[]> {
  if (options.client !== undefined) return options.client;
  const found = CLIENT_NAMES.filter((name) => existsSync(clientOf(name).sign(places)));
  if (asker.isUnattended || found.length === 0) return [];
  return asker.choices({
    message: 'Which clients shall know it? (The change of each file is shown before.)',
    choices: found.map((value) => ({
      value,
      label: clientOf(value).title,
      hint: clientOf(value).file(places),
    })),
    initial: found,
  });
}

/** `truenas-mcp on laptop`. */
export function keyNameHere(): string {
  return `truenas-mcp on ${hostname().replaceAll(/[^\w.-]/g, '') || 'a computer'}`.slice(0, 100);
}
