/** The machine, and the account that looks at it. */
import { formatDuration } from '../../../output/time.ts';
import { formatBytes } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import type { Release } from '../../../truenas/releases.ts';
import { askForOwner } from '../../support/key-owner.ts';
import { field, objectOf, oddAnswer, type RowOf } from '../../support/rows.ts';

/** The methods called here, by canonical name. */
export const HOST_USES = ['system.info', 'auth.me'];

const INFO = {
  hostname: field.text,
  version: field.text,
  uptime_seconds: field.number,
  physmem: field.number,
  datetime: field.time,
  system_manufacturer: field.text,
};

/** Facts about the machine. */
export interface Host {
  readonly info: RowOf<typeof INFO>;
  /** The clock of the NAS, in milliseconds since the epoch. */
  readonly datetime: number | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Calls `system.info`.
 * @throws TrueNasError (`odd-answer`) when it says nothing that is understood
 */
export async function readHost(nas: ReadClient): Promise<Host> {
  const answer = await nas.call('system.info', []);
  const info = objectOf(answer, INFO);
  if (Object.values(info).every((fact) => fact === null)) throw oddAnswer(answer, 'facts about the machine');
  return {
    info,
    datetime: info.datetime,
    facts: {
      hostname: safeCell(info.hostname ?? '-', 60),
      version: safeCell(info.version ?? '-', 40),
      uptimeSeconds: info.uptime_seconds === null ? undefined : Math.round(info.uptime_seconds),
      ...(isSimulated(info) ? { isSimulated: true } : {}),
    },
  };
}

/** `nas, TrueNAS 25.10.1, up 12 d, 64 GiB memory`, and that it is simulated when it is. */
export function hostText({ info }: Host): string {
  const version = safeCell(info.version ?? '-', 40).replace(/^TrueNAS-(?:SCALE-)?/u, '');
  const words = [
    ...(isSimulated(info) ? ['SIMULATED'] : []),
    safeCell(info.hostname ?? '-', 60),
    `TrueNAS ${version}`,
    `up ${info.uptime_seconds === null ? '-' : formatDuration(info.uptime_seconds * 1000)}`,
    ...(info.physmem === null ? [] : [`${formatBytes(info.physmem)} memory`]),
  ];
  return words.join(', ');
}

/** The simulated TrueNAS says so where others name who built the machine. */
function isSimulated({ system_manufacturer: manufacturer }: RowOf<typeof INFO>): boolean {
  return manufacturer === 'truenas-simulator';
}

const ME = { pw_name: field.text, privilege: field.object({ roles: field.items }) };
/** Roles that say most about a privilege; the first that an account holds is named. */
const TELLING_ROLES = ['FULL_ADMIN', 'SHARING_ADMIN', 'REPLICATION_ADMIN', 'READONLY_ADMIN'];

/** `monitor (READONLY_ADMIN)`: calls `auth.me`, which every signed-in user may. */
export async function readAccount(nas: ReadClient): Promise<string> {
  const owner = await askForOwner(nas);
  if (owner === 'nobody') return keyText(await nas.release());
  const me = objectOf(owner.me, ME);
  const name = safeCell(me.pw_name ?? '-', 60);
  const items = me.privilege?.roles ?? null;
  if (items === null) return `${name} (roles unknown)`;
  const roles = items.filter((role) => typeof role === 'string');
  const telling = TELLING_ROLES.find((role) => roles.includes(role)) ?? roles.slice(0, 3).join(', ');
  if (telling === 'FULL_ADMIN') return `${name} (FULL_ADMIN; for reading, READONLY_ADMIN is enough)`;
  return `${name} (${telling === '' ? 'no roles' : safeCell(telling, 90)})`;
}

/** The rights of a key of a release before 25.04, and what follows from the protocol that it is used over. */
function keyText({ family }: Release): string {
  const whose = family.startsWith('13.')
    ? 'an API key of TrueNAS CORE, which is root'
    : `an API key of TrueNAS ${family}, which belongs to no user and has an allow list`;
  return `${whose}; this release (protocol before JSON-RPC) is only read, nothing on it is changed`;
}
