/** `smb.status` and `smb.client_count`: who is connected over SMB, to which shares, with which files open. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { queryParams } from '../query/params.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import type { SmbClient } from '../world/clients.ts';
import { smbSessions } from '../world/connected.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_25_04, ONLY_27_0 } from './common.ts';
import { memoized } from './crud.ts';

const LEVELS = ['ALL', 'SESSIONS', 'SHARES', 'LOCKS', 'BYTERANGE', 'NOTIFICATIONS'] as const;
type Level = (typeof LEVELS)[number] | 'AUTH_LOG';

interface StatusOptions {
  readonly restrict_user: string;
  readonly restrict_session: string;
}

const statusOptions = model('SMBStatusOptions', {
  verbose: z.boolean().default(true),
  fast: z.boolean().default(false),
  restrict_user: text().default(''),
  restrict_session: text().default(''),
  resolve_uids: z.boolean().default(true),
}).prefault({});

const STATUS = {
  name: 'smb.status',
  description: 'Sessions, shares in use, open files or locks of SMB clients.',
  params: memoized((release) => [
    [
      'info_level',
      z.enum(isAtLeast(release, '25.10') ? LEVELS : (['AUTH_LOG', ...LEVELS] as const)).default('ALL'),
    ],
    ...queryParams(release),
    ['status_options', statusOptions],
  ]),
  run: status,
} as const;

export const SMB_STATUS_METHODS: readonly SimMethod[] = [
  { ...STATUS, releases: ONLY_25_04, roles: ['READONLY_ADMIN', 'SHARING_SMB_WRITE'] },
  { ...STATUS, releases: ONLY_27_0, roles: ['SHARING_SMB_READ'] },
  {
    name: 'smb.client_count',
    description: 'How many SMB clients are connected.',
    releases: ONLY_25_04,
    roles: ['SHARING_SMB_READ'],
    run: ({ world }: MethodContext) => smbSessions(world).length,
  },
];

function status(
  context: MethodContext,
  level: Level,
  filters: readonly unknown[],
  options: QueryOptions,
  { restrict_user: user, restrict_session: session }: StatusOptions,
): unknown {
  const { world } = context;
  if (level === 'AUTH_LOG') {
    return applyQuery(world.audit.entries('SMB', 0), [...filters, ['event', '=', 'AUTHENTICATION']], options);
  }
  const sessions = smbSessions(world).filter(
    (client) =>
      (user === '' || client.username === user || String(uidOf(context, client)) === user) &&
      (session === '' || String(client.sessionId) === session),
  );
  return applyQuery(rowsOf(context, level, sessions), filters, options);
}

function rowsOf(context: MethodContext, level: Level, sessions: readonly SmbClient[]): ApiRow[] {
  switch (level) {
    case 'ALL':
      return sessions.map((client) => ({
        ...sessionRow(context, client),
        share_connections: client.shares.map((share, index) => connectionRow(client, share, index)),
      }));
    case 'SESSIONS':
      return sessions.map((client) => sessionRow(context, client));
    case 'SHARES':
      return sessions.flatMap((client) =>
        client.shares.map((share, index) => connectionRow(client, share, index)),
      );
    case 'LOCKS':
      return sessions.flatMap((client) =>
        client.openFiles.map((file, index) => openFileRow(context, client, file, index)),
      );
    default:
      return [];
  }
}

function sessionRow(context: MethodContext, client: SmbClient): ApiRow {
  const user = context.accounts.userByName(client.username);
  const group = user === undefined ? undefined : context.accounts.groups.get(user.groupId);
  const signing = { cipher: 'AES-128-GMAC', degree: 'partial' };
  return {
    session_id: String(client.sessionId),
    server_id: serverId(client),
    uid: user?.uid ?? -1,
    gid: group?.gid ?? -1,
    username: client.username,
    groupname: group?.name ?? '',
    creation_time: localTime(context.world, client.connectedMs),
    expiration_time: null,
    auth_time: localTime(context.world, client.connectedMs),
    remote_machine: client.address,
    hostname: `ipv4:${client.address}:${String(49_152 + (client.pid % 10_000))}`,
    session_dialect: client.dialect,
    client_guid: null,
    encryption: { cipher: '', degree: 'none' },
    signing,
  };
}

function connectionRow(client: SmbClient, share: string, index: number): ApiRow {
  return {
    service: share,
    server_id: serverId(client),
    tcon_id: String(1000 + index),
    session_id: String(client.sessionId),
    machine: client.address,
    connected_at: new Date(client.connectedMs).toISOString(),
    encryption: { cipher: '', degree: 'none' },
    signing: { cipher: '', degree: 'none' },
  };
}

function openFileRow(
  context: MethodContext,
  client: SmbClient,
  file: SmbClient['openFiles'][number],
  index: number,
): ApiRow {
  const share = context.world.shares.smb.rows().find(({ name }) => name === file.share);
  const id = `${String(client.pid)}/${String(index)}`;
  return {
    service_path: share?.path ?? '',
    filename: file.name,
    fileid: { devid: 44, inode: 1000 + index, extid: 0 },
    num_pending_deletes: 0,
    opens: {
      [id]: {
        server_id: serverId(client),
        uid: uidOf(context, client),
        share_file_id: String(index + 1),
        sharemode: { hex: '0x00000003', READ: true, WRITE: true, DELETE: false, text: 'RW' },
        access_mask: file.isWritten
          ? { hex: '0x0012019f', READ_DATA: true, WRITE_DATA: true, text: 'RW' }
          : { hex: '0x00120089', READ_DATA: true, WRITE_DATA: false, text: 'R' },
        caching: { read: true, write: false, handle: true, hex: '0x00000005', text: 'RH' },
        oplock: {},
        lease: {},
        opened_at: new Date(client.connectedMs).toISOString(),
      },
    },
  };
}

function serverId({ pid, sessionId }: SmbClient): ApiRow {
  return { pid: String(pid), task_id: '0', vnn: '4294967295', unique_id: String(BigInt(sessionId) << 29n) };
}

function uidOf({ accounts }: MethodContext, { username }: SmbClient): number {
  return accounts.userByName(username)?.uid ?? -1;
}

/** Local time with its offset, as the NAS's own tools print it. */
function localTime({ system }: World, ms: number): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: system.timezone, dateStyle: 'short', timeStyle: 'medium' },
  }).format(ms);
  const local = Date.parse(`${parts.replace(' ', 'T')}Z`);
  const minutes = Math.round((local - ms) / 60_000);
  const sign = minutes < 0 ? '-' : '+';
  const clock = new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16);
  return `${parts.replace(' ', 'T')}.000000${sign}${clock}`;
}
