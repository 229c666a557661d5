/** What may be open to everybody, part by part: each on its own, so that one which cannot be read leaves the rest. */
import type { Opening } from '../../findings/exposure.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { accessList } from './access.ts';
import { folderOf } from './folder-permissions.ts';
import { nfsClients, NFS_ROW } from './nfs.ts';
import { shareEntries } from './share-ways.ts';
import { smbAccess, SMB_ROW } from './smb.ts';

/** A part of the NAS that may be open, and the methods that it is read with, the first of which a release may lack. */
export interface ExposedPart {
  readonly title: string;
  readonly uses: readonly [string, ...string[]];
  /** The service that must run. */
  readonly service?: string;
  read(nas: ReadClient): Promise<Opening[]>;
}

/** Shares and targets of one kind that are looked at; a full page is said. */
export const MAX_THINGS = 200;
/** SMB shares whose lists and folders are looked at. */
const MAX_LISTS = 25;

const page = (select: readonly string[], filters = [['enabled', '=', true]] as const) =>
  query({ filters, select, orderBy: ['id'], limit: MAX_THINGS });
const everything = (select: readonly string[]) => query({ select, orderBy: ['id'], limit: MAX_THINGS });

async function smb(nas: ReadClient): Promise<Opening[]> {
  const rows = rowsOf(await nas.call('sharing.smb.query', page(Object.keys(SMB_ROW))), SMB_ROW);
  const guests = rows.map((row): Opening => {
    const { guest, remote } = smbAccess(row);
    const name = row.name ?? '';
    return {
      id: 'smb_guest',
      about: `SMB ${safeCell(name || '?', 80)}`,
      arguments: { share: name, kind: 'smb', options: { guests: false } },
      // From 25.10 only shares of the old kind have such a setting.
      conditions: [row.enabled, guest === undefined ? false : guest, remote === undefined],
      service: 'cifs',
    };
  });
  const here = rows.filter((row) => smbAccess(row).remote === undefined && row.locked !== true);
  const open = await Promise.all(here.slice(0, MAX_LISTS).map((row) => everybodyAt(nas, row)));
  const rest = here.slice(MAX_LISTS).map((row) => everybody(row.name, [null]));
  return [...guests, ...open, ...rest];
}

function everybody(name: string | null, conditions: readonly (boolean | null)[], why?: string): Opening {
  return { id: 'smb_everyone', about: `SMB ${safeCell(name ?? '?', 80)}`, conditions, why, service: 'cifs' };
}

/** Where the list of the share is closed, the folder says no more. */
async function everybodyAt(
  nas: ReadClient,
  row: Readonly<Record<'name' | 'path', string | null> & Record<'readonly' | 'ro', boolean | null>>,
): Promise<Opening> {
  const { name, path } = row;
  if (name === null || path === null) return everybody(name, [null]);
  const list = await shareEntries(nas, name);
  if (!('value' in list)) return everybody(name, [null], gapText(list));
  const byShare = someOf(
    list.value.map(({ sid, isDenial, permission }) => {
      if (sid !== EVERYONE) return sid === null ? null : false;
      return isDenial === null || permission === null ? null : !isDenial && permission !== 'READ';
    }),
  );
  if (byShare === false) return everybody(name, [false]);
  const isReadonly = row.readonly ?? row.ro;
  const { isOpen, why } = await writableFolder(nas, path);
  return everybody(name, [isReadonly === null ? null : !isReadonly, byShare, isOpen], why);
}

/** Whether everybody may write there. The mode tells where there is no list beyond it. */
async function writableFolder(
  nas: ReadClient,
  path: string,
): Promise<{ isOpen: boolean | null; why?: string }> {
  const stat = await readPart(nas, async (limited) =>
    objectOf(await limited.call('filesystem.stat', [path]), { mode: field.number, acl: field.flag }),
  );
  if (!('value' in stat)) return { isOpen: null, why: gapText(stat) ?? '' };
  const { mode, acl } = stat.value;
  if (acl === null || mode === null) return { isOpen: null };
  if (!acl) return { isOpen: (mode & 2) > 0 };
  const { facts, gap } = await folderOf(nas, path);
  if (facts === undefined) return { isOpen: null, ...(gap === undefined ? {} : { why: gap }) };
  const flags = facts.entries.map(({ tag, rights, isDenial, isForNewOnly }) => {
    if (tag === 'UNKNOWN') return null;
    if (isForNewOnly || (tag !== 'OTHER' && tag !== 'everyone@')) return false;
    return rights === null || isDenial === null ? null : !isDenial && rights.has('WRITE');
  });
  return { isOpen: someOf(flags) };
}

const EVERYONE = 'S-1-1-0';

/** One of them is so; null where only those that are not known may be. */
function someOf(flags: readonly (boolean | null)[]): boolean | null {
  return flags.includes(true) ? true : flags.includes(null) ? null : false;
}

async function nfs(nas: ReadClient): Promise<Opening[]> {
  const rows = rowsOf(await nas.call('sharing.nfs.query', page(Object.keys(NFS_ROW))), NFS_ROW);
  return rows.flatMap((row): Opening[] => {
    const clients = nfsClients(row);
    const isAny = clients === undefined ? null : clients.length === 0;
    const about = `NFS ${safeCell(row.path ?? '?', 100)}`;
    const asRoot = someOf(
      [row.maproot_user, row.mapall_user].map((name) => (name === undefined ? null : name === 'root')),
    );
    const evidence =
      row.ro === true ? 'read-only' : row.ro === null ? 'read-only or not: UNKNOWN' : 'to write';
    const share = { share: row.path ?? '', kind: 'nfs' };
    const common = { about, evidence, service: 'nfs' };
    return [
      { ...common, id: 'nfs_any_host', conditions: [row.enabled, isAny] },
      {
        ...common,
        id: 'nfs_root',
        arguments:
          row.mapall_user === 'root'
            ? { ...share, options: { mapall: 'nobody:nogroup' } }
            : { ...share, options: { maproot: 'nobody:nogroup' } },
        conditions: [row.enabled, isAny, asRoot],
      },
    ];
  });
}

const TARGET = {
  name: field.text,
  groups: field.objects({ initiator: field.unknown, authmethod: field.text }),
  auth_networks: accessList,
};

async function iscsi(nas: ReadClient): Promise<Opening[]> {
  const [targets, groups] = await Promise.all([
    nas.call('iscsi.target.query', everything(['id', ...Object.keys(TARGET)])),
    nas.call('iscsi.initiator.query', everything(['id', 'initiators'])),
  ]);
  const initiators = rowsOf(groups, { id: field.number, initiators: accessList });
  const isAnyInitiator = (id: unknown): boolean | null => {
    if (id === null) return true;
    const group = initiators.find((each) => each.id === id);
    return group?.initiators === undefined ? null : group.initiators.length === 0;
  };
  return rowsOf(targets, TARGET).map(({ name, groups: all, auth_networks: networks }): Opening => {
    const open = all?.map(({ initiator, authmethod }) => {
      const flags = [isAnyInitiator(initiator), authmethod === null ? null : authmethod === 'NONE'];
      return flags.includes(false) ? false : flags.includes(null) ? null : true;
    });
    return {
      id: 'iscsi_any',
      about: `iSCSI ${safeCell(name ?? '?', 80)}`,
      conditions: [
        open === undefined ? null : someOf(open),
        networks === undefined ? null : networks.length === 0,
      ],
      service: 'iscsitarget',
    };
  });
}

async function nvmeof(nas: ReadClient): Promise<Opening[]> {
  const shape = { name: field.text, allow_any_host: field.flag };
  const rows = rowsOf(await nas.call('nvmet.subsys.query', everything(['id', ...Object.keys(shape)])), shape);
  return rows.map(({ name, allow_any_host: isAny }) => ({
    id: 'nvmeof_any',
    about: `NVMe-oF ${safeCell(name ?? '?', 80)}`,
    conditions: [isAny],
    service: 'nvmet',
  }));
}

const GRANTS = field.objects({ principal_type: field.text, access: field.text });

async function s3(nas: ReadClient): Promise<Opening[]> {
  const shape = { name: field.text, enabled: field.flag, grants: GRANTS };
  const [buckets, settings] = await Promise.all([
    nas.call('sharing.s3.query', page(['id', ...Object.keys(shape)])),
    nas.call('s3.config', []),
  ]);
  const onAll = objectOf(settings, { global_grants: GRANTS }).global_grants;
  return rowsOf(buckets, shape).map(({ name, enabled, grants }) => ({
    id: 's3_anonymous',
    about: `S3 ${safeCell(name ?? '?', 80)}`,
    conditions: [enabled, someOf([isGranted(grants), isGranted(onAll)])],
    service: 's3',
  }));
}

function isGranted(grants: ReturnType<typeof GRANTS>): boolean | null {
  if (grants === null) return null;
  return someOf(
    grants.map(({ principal_type: type, access }) =>
      type === null ? null : type !== 'EVERYONE' ? false : access === null ? null : access !== 'DENY',
    ),
  );
}

async function web(nas: ReadClient): Promise<Opening[]> {
  const { ui_httpsredirect: redirects, ui_httpsprotocols: protocols } = objectOf(
    await nas.call('system.general.config', []),
    { ui_httpsredirect: field.flag, ui_httpsprotocols: field.texts },
  );
  const old = protocols?.filter((name) => /^(?:TLSv1(?:\.[01])?|SSLv\d)$/u.test(name));
  const about = 'web interface';
  return [
    { id: 'web_http', about, conditions: [redirects === null ? null : !redirects] },
    {
      id: 'web_old_tls',
      about,
      evidence: old?.join(', '),
      conditions: [old === undefined ? null : old.length > 0],
    },
  ];
}

async function ssh(nas: ReadClient): Promise<Opening[]> {
  const [config, users] = await Promise.all([
    nas.call('ssh.config', []),
    readPart(nas, async (limited) =>
      rowsOf(
        await limited.call(
          'user.query',
          query({ filters: [['uid', '=', 0]], select: ['password_disabled', 'ssh_password_enabled'] }),
        ),
        { password_disabled: field.flag, ssh_password_enabled: field.flag },
      ),
    ),
  ]);
  const { passwordauth, password_login_groups: groups } = objectOf(config, {
    passwordauth: field.flag,
    password_login_groups: field.texts,
  });
  const root = 'value' in users ? users.value[0] : undefined;
  const isByPassword = someOf([passwordauth, groups === null ? null : groups.length > 0]);
  return [
    {
      id: 'ssh_password',
      about: 'SSH',
      evidence:
        passwordauth === true ? 'every account' : groups?.map((name) => safeCell(name, 40)).join(', '),
      conditions: [isByPassword],
      service: 'ssh',
    },
    {
      id: 'ssh_root',
      about: 'SSH as root',
      why: gapText(users),
      conditions: [
        root?.ssh_password_enabled ?? null,
        typeof root?.password_disabled === 'boolean' ? !root.password_disabled : null,
      ],
      service: 'ssh',
    },
  ];
}

async function ftp(nas: ReadClient): Promise<Opening[]> {
  const { onlyanonymous } = objectOf(await nas.call('ftp.config', []), { onlyanonymous: field.flag });
  return [
    {
      id: 'ftp_anonymous',
      about: 'FTP',
      arguments: { service: 'ftp', action: 'stop' },
      conditions: [onlyanonymous],
      service: 'ftp',
    },
  ];
}

async function snmp(nas: ReadClient): Promise<Opening[]> {
  const { community } = objectOf(await nas.call('snmp.config', []), { community: field.rawText });
  return [
    {
      id: 'snmp_public',
      about: 'SNMP',
      conditions: [community === null ? null : community === 'public'],
      service: 'snmp',
    },
  ];
}

async function ups(nas: ReadClient): Promise<Opening[]> {
  const { rmonitor } = objectOf(await nas.call('ups.config', []), { rmonitor: field.flag });
  return [{ id: 'ups_remote', about: 'UPS', conditions: [rmonitor], service: 'ups' }];
}

const PORTS = field.object({
  used_ports: field.objects({
    protocol: field.text,
    host_ports: field.objects({ host_port: field.number, host_ip: field.text }),
  }),
});

async function apps(nas: ReadClient): Promise<Opening[]> {
  const shape = { name: field.text, state: field.text, active_workloads: PORTS };
  const parameters = query({
    select: ['name', 'state', 'active_workloads'],
    orderBy: ['name'],
    limit: MAX_THINGS,
  });
  return rowsOf(await nas.call('app.query', parameters), shape).map(
    ({ name, state, active_workloads: used }) => {
      const hosts = used?.used_ports?.map(({ host_ports: ports }) => ports);
      const isKnown =
        hosts?.every((ports) => ports?.every(({ host_ip: ip }) => ip !== null) === true) === true;
      const open =
        hosts?.flatMap((ports) => ports ?? []).filter(({ host_ip: ip }) => ip === '0.0.0.0' || ip === '::') ??
        [];
      const numbers = [...new Set(open.flatMap(({ host_port: port }) => port ?? []))];
      return {
        id: 'app_ports',
        about: `app ${safeCell(name ?? '?', 60)}`,
        evidence: numbers.slice(0, 6).join(', '),
        conditions: [
          state === null ? null : state === 'RUNNING',
          open.length > 0 ? true : isKnown ? false : null,
        ],
      };
    },
  );
}

/** Every part, in the order of the table. */
export const EXPOSED_PARTS = {
  smb: {
    title: 'SMB',
    uses: ['sharing.smb.query', 'sharing.smb.getacl', 'filesystem.stat', 'filesystem.getacl'],
    read: smb,
    service: 'cifs',
  },
  nfs: { title: 'NFS', uses: ['sharing.nfs.query'], read: nfs, service: 'nfs' },
  iscsi: {
    title: 'iSCSI',
    uses: ['iscsi.target.query', 'iscsi.initiator.query'],
    read: iscsi,
    service: 'iscsitarget',
  },
  nvmeof: { title: 'NVMe-oF', uses: ['nvmet.subsys.query'], read: nvmeof, service: 'nvmet' },
  s3: { title: 'S3', uses: ['sharing.s3.query', 's3.config'], read: s3, service: 's3' },
  web: { title: 'web interface', uses: ['system.general.config'], read: web },
  ssh: { title: 'SSH', uses: ['ssh.config', 'user.query'], read: ssh, service: 'ssh' },
  ftp: { title: 'FTP', uses: ['ftp.config'], read: ftp, service: 'ftp' },
  snmp: { title: 'SNMP', uses: ['snmp.config'], read: snmp, service: 'snmp' },
  ups: { title: 'UPS', uses: ['ups.config'], read: ups, service: 'ups' },
  apps: { title: 'apps', uses: ['app.query'], read: apps },
} as const satisfies Readonly<Record<string, ExposedPart>>;
export type ExposedName = keyof typeof EXPOSED_PARTS;
