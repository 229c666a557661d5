/** Clients that are connected to a share at this moment. What a release does not tell is unknown, never none. */
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { field, oddAnswer, rawRowsOf, rowsOf } from '../support/rows.ts';
import { whereTold } from '../support/untold.ts';
import type { ChangedKind } from './changed-share.ts';

/** Methods that {@link connectedClients} reads with. */
export const CLIENT_USES = [
  'smb.status',
  'nfs.get_nfs3_clients',
  'nfs.get_nfs4_clients',
  'iscsi.global.sessions',
] as const;

/** Each client in a few words. */
export type Clients = Part<readonly string[]>;

/** @param name of an SMB share or an iSCSI target, or the path of an NFS export */
export function connectedClients(nas: ReadClient, kind: ChangedKind, name: string): Promise<Clients> {
  const read = { smb: smbClients, nfs: nfsClients, iscsi: iscsiClients }[kind];
  return readPart(nas, (limited) =>
    whereTold(limited, `who is connected over ${PROTOCOLS[kind]}`, () => read(limited, name)),
  );
}

const PROTOCOLS: Readonly<Record<ChangedKind, string>> = { smb: 'SMB', nfs: 'NFS', iscsi: 'iSCSI' };

/** The fact that the judgement of a call goes by; absent where it is unknown. */
export function clientFacts(clients: Clients): { readonly clients?: number } {
  return 'value' in clients ? { clients: clients.value.length } : {};
}

/** One line of the impact. */
export function clientText(clients: Clients): string {
  if ('gap' in clients) return `clients connected now: UNKNOWN, ${gapText(clients)}`;
  const { value } = clients;
  if (value.length === 0) return 'clients connected now: none';
  const more = value.length > MAX_NAMED ? ', …' : '';
  return `${plural(value.length, 'client')} connected now: ${value.slice(0, MAX_NAMED).join(', ')}${more}`;
}

const MAX_NAMED = 5;

async function smbClients(nas: ReadClient, name: string): Promise<string[]> {
  const rows = rowsOf(await nas.call('smb.status', ['SHARES']), {
    service: field.rawText,
    machine: field.text,
  });
  if (rows.some(({ service }) => service === null)) throw oddAnswer(null, 'the name of a share');
  return rows
    .filter(({ service }) => service?.toLowerCase() === name.toLowerCase())
    .map(({ machine }) => safeCell(machine ?? 'a client', 60));
}

/** An NFSv4 client does not say which export it uses: each counts. */
async function nfsClients(nas: ReadClient, path: string): Promise<string[]> {
  const [old, recent] = await Promise.all([
    nas.call('nfs.get_nfs3_clients', []),
    nas.call('nfs.get_nfs4_clients', []),
  ]);
  const mounts = rowsOf(old, { ip: field.text, export: field.rawText });
  if (mounts.some((mount) => mount.export === null)) throw oddAnswer(null, 'the path of a mount');
  const here = mounts.filter((mount) => {
    const mounted = mount.export?.slice(mount.export.indexOf(':/') + 1) ?? '';
    return mounted === path || mounted.startsWith(`${path}/`);
  });
  const versionFour = rawRowsOf(recent).map(({ info }) => {
    const { name = null, address = null } =
      rowsOf([Object(info)], { name: field.text, address: field.text })[0] ?? {};
    return `${safeCell(address ?? name ?? 'a client', 60)} (NFSv4, of some export)`;
  });
  return [...here.map(({ ip }) => safeCell(ip ?? 'a client', 60)), ...versionFour];
}

async function iscsiClients(nas: ReadClient, target: string): Promise<string[]> {
  const rows = rowsOf(await nas.call('iscsi.global.sessions', []), {
    target: field.rawText,
    initiator: field.text,
    initiator_addr: field.text,
  });
  if (rows.some((row) => row.target === null)) throw oddAnswer(null, 'the name of a target');
  return rows
    .filter((row) => row.target === target || row.target?.endsWith(`:${target}`) === true)
    .map((row) => safeCell(row.initiator ?? row.initiator_addr ?? 'an initiator', 80));
}
