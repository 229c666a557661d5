/** `iscsi.*`: targets, extents and what ties them together. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { iscsiLogins } from '../world/connected.ts';
import { zvolAt } from '../world/dataset-paths.ts';
import { isLocked } from '../world/datasets.ts';
import { formatSize } from '../world/units.ts';
import type { ChapAuth, Extent, Initiator, Portal, Target, TargetExtent } from '../world/shares.ts';
import { refuse } from './common.ts';
import { type Check, crud, type Data, optional, required } from './crud.ts';
import { placeOfDevice } from './share-path.ts';

const AUTH_METHODS = ['NONE', 'CHAP', 'CHAP_MUTUAL'] as const;
const read = (kind: string): string[] => [`SHARING_ISCSI_${kind}_READ`];
const write = (kind: string): string[] => [`SHARING_ISCSI_${kind}_WRITE`];
const flag = z.boolean();

const group = model('IscsiGroup', {
  portal: z.int(),
  initiator: z.int().nullable().default(null),
  authmethod: z.enum(AUTH_METHODS).default('NONE'),
  auth: z.int().nullable().default(null),
});

const targets = crud<Target>({
  namespace: 'iscsi.target',
  audited: '% iSCSI target',
  entity: 'iSCSITarget',
  model: 'IscsiTarget',
  what: 'iSCSI targets',
  roles: read('TARGET'),
  writeRoles: write('TARGET'),
  param: 'iscsi_target',
  fields: {
    name: required(text({ min: 1, max: 120 })),
    alias: optional(text().nullable(), null),
    mode: optional(z.enum(['ISCSI', 'FC', 'BOTH']), 'ISCSI'),
    groups: optional(z.array(group), []),
    auth_networks: optional(z.array(text()), []),
    iscsi_parameters: optional(
      model('IscsiParameters', {
        QueuedCommands: z
          .union([z.literal(32), z.literal(128)])
          .nullable()
          .default(null),
      }).nullable(),
      null,
    ),
  },
  deleteParams: [
    ['force', flag.default(false)],
    ['delete_extents', flag.default(false)],
  ],
  table: (world) => world.shares.targets,
  check({ world }, { data, old, problems, at }) {
    const { targets: table, portals } = world.shares;
    const problem = nameProblem(table.rows(), String(data.name), old?.id ?? null);
    if (problem !== null) problems.add(`${at}.name`, problem);
    (data.groups as Target['groups']).forEach(({ portal }, index) => {
      if (portals.get(portal) === undefined) {
        problems.add(`${at}.groups.${String(index)}.portal`, `Portal ${String(portal)} does not exist`);
      }
    });
    return { ...data, rel_tgt_id: old?.rel_tgt_id ?? table.rows().length + 1 };
  },
  beforeDelete({ world }, target, force, deleteExtents) {
    const ties = world.shares.targetExtents.rows().filter((tie) => tie.target === target.id);
    const isUsed = iscsiLogins(world).some((login) => login.target.id === target.id);
    if (isUsed && force !== true) {
      refuse(`Target ${target.name} is in use.`, ERRNO.EBUSY);
    }
    for (const tie of ties) {
      world.shares.targetExtents.remove(tie.id);
      if (deleteExtents === true) world.shares.extents.remove(tie.extent);
    }
  },
});

const extentFields = {
  name: required(text({ min: 1, max: 64 })),
  type: optional(z.enum(['DISK', 'FILE']), 'DISK'),
  disk: optional(text().nullable(), null),
  serial: optional(text().nullable(), null),
  path: optional(text().nullable(), null),
  filesize: optional(z.union([text(), z.int()]), '0'),
  blocksize: optional(z.union([z.literal(512), z.literal(1024), z.literal(2048), z.literal(4096)]), 512),
  pblocksize: optional(flag, false),
  avail_threshold: optional(z.int().min(1).max(99).nullable(), null),
  comment: optional(text(), ''),
  insecure_tpc: optional(flag, true),
  xen: optional(flag, false),
  rpm: optional(z.enum(['UNKNOWN', 'SSD', '5400', '7200', '10000', '15000']), 'SSD'),
  ro: optional(flag, false),
  enabled: optional(flag, true),
};

const extents = crud<Extent>({
  namespace: 'iscsi.extent',
  audited: '% iSCSI extent',
  entity: 'iSCSITargetExtent',
  model: 'IscsiExtent',
  what: 'iSCSI extents',
  roles: read('EXTENT'),
  writeRoles: write('EXTENT'),
  param: 'iscsi_extent',
  fields: (release) =>
    isAtLeast(release, '25.10')
      ? { ...extentFields, product_id: optional(text({ min: 1, max: 16 }).nullable(), null) }
      : extentFields,
  deleteParams: [
    ['remove', flag.default(false)],
    ['force', flag.default(false)],
  ],
  table: (world) => world.shares.extents,
  show: (context, extent) => ({ ...extent, ...placeOfDevice(context, extent.disk ?? extent.path ?? '') }),
  check: checkExtent,
  beforeDelete({ world }, extent, _remove, force) {
    const ties = world.shares.targetExtents.rows().filter((tie) => tie.extent === extent.id);
    const used = iscsiLogins(world).filter(({ target }) => ties.some((tie) => tie.target === target.id));
    if (used.length > 0 && force !== true) {
      const names = [...new Set(used.map(({ target }) => target.name))].join(',');
      refuse(`Target(s) ${names} that use this extent are in use`, ERRNO.EBUSY);
    }
    for (const tie of ties) world.shares.targetExtents.remove(tie.id);
  },
});

const portals = crud<Portal>({
  namespace: 'iscsi.portal',
  audited: '% iSCSI portal',
  attribute: 'iscsiportal',
  entity: 'ISCSIPortal',
  model: 'IscsiPortal',
  what: 'iSCSI portals',
  roles: read('PORTAL'),
  writeRoles: write('PORTAL'),
  param: 'iscsi_portal',
  fields: {
    listen: required(z.array(model('IscsiPortalIP', { ip: text({ min: 1 }) }))),
    comment: optional(text(), ''),
  },
  table: (world) => world.shares.portals,
  show: (_context, portal) => ({ ...portal, listen: portal.listen.map(({ ip }) => ({ ip, port: 3260 })) }),
  check({ world }, { data, old, problems, at }) {
    if ((data.listen as unknown[]).length === 0)
      problems.add(`${at}.listen`, 'At least one listen entry is required.');
    return { ...data, tag: old?.tag ?? world.shares.portals.rows().length + 1 };
  },
  beforeDelete({ world }, portal) {
    const users = world.shares.targets
      .rows()
      .filter(({ groups }) => groups.some((each) => each.portal === portal.id));
    const names = users.map(({ name }) => name).join(', ');
    if (users.length > 0) refuse(`Portal is in use by these targets: ${names}`, ERRNO.EBUSY);
  },
});

const initiatorFields = { initiators: optional(z.array(text()), []), comment: optional(text(), '') };

const initiators = crud<Initiator>({
  namespace: 'iscsi.initiator',
  audited: '% iSCSI initiator',
  entity: 'iSCSITargetAuthorizedInitiator',
  model: 'IscsiInitiator',
  what: 'iSCSI initiator groups',
  roles: read('INITIATOR'),
  writeRoles: write('INITIATOR'),
  param: 'iscsi_initiator',
  fields: initiatorFields,
  updateFields: { ...initiatorFields, id: required(z.int()) },
  table: (world) => world.shares.initiators,
});

const tieFields = {
  target: required(z.int()),
  lunid: optional(z.int().nullable(), null),
  extent: required(z.int()),
};

const targetExtents = crud<TargetExtent>({
  namespace: 'iscsi.targetextent',
  audited: '% iSCSI target/LUN/extent mapping',
  entity: 'iSCSITargetToExtent',
  model: 'IscsiTargetToExtent',
  what: 'ties between iSCSI targets and extents',
  roles: read('TARGETEXTENT'),
  writeRoles: write('TARGETEXTENT'),
  param: 'iscsi_target_to_extent',
  fields: tieFields,
  updateFields: { ...tieFields, id: required(z.int()) },
  deleteParams: [['force', flag.default(false)]],
  table: (world) => world.shares.targetExtents,
  check: checkTie,
  beforeDelete({ world }, tie, force) {
    const used = iscsiLogins(world).find(({ target }) => target.id === tie.target);
    if (used !== undefined && force !== true)
      refuse(`Associated target ${used.target.name} is in use.`, ERRNO.EBUSY);
  },
});

const chap = crud<ChapAuth>({
  namespace: 'iscsi.auth',
  audited: '% iSCSI Authorized Access',
  entity: 'iSCSITargetAuthCredential',
  model: 'IscsiAuth',
  what: 'CHAP credentials',
  roles: read('AUTH'),
  writeRoles: write('AUTH'),
  secretRoles: write('AUTH'),
  row: z.looseObject({ secret: secret(z.string()), peersecret: secret(z.string()) }),
  fields: {
    tag: required(z.int()),
    user: required(text()),
    secret: required(secret(text())),
    peeruser: optional(text(), ''),
    peersecret: optional(secret(text()), ''),
    discovery_auth: optional(z.enum(AUTH_METHODS), 'NONE'),
  },
  table: (world) => world.shares.chap,
  check(_context, { data, problems, at }) {
    const { length } = String(data.secret);
    if (length < 12 || length > 16)
      problems.add(`${at}.secret`, 'Secret must be between 12 and 16 characters.');
    if (data.peersecret !== '' && data.peersecret === data.secret) {
      problems.add(`${at}.peersecret`, 'The peer secret cannot be the same as user secret.');
    }
    return undefined;
  },
});

/** What is to be known before something is made. */
const choices: readonly SimMethod[] = [
  {
    name: 'iscsi.target.validate_name',
    description: 'What is wrong with the name of a target; null when nothing is.',
    roles: write('TARGET'),
    params: [
      ['name', text()],
      ['existing_id', z.int().nullable().default(null)],
    ],
    run: ({ world }: MethodContext, name: string, id: number | null) =>
      nameProblem(world.shares.targets.rows(), name, id),
  },
  {
    name: 'iscsi.extent.disk_choices',
    description: 'Volumes that an extent can be made of.',
    roles: [...read('EXTENT'), 'READONLY_ADMIN'],
    run({ world }: MethodContext) {
      const taken = new Set(world.shares.extents.rows().map(({ disk }) => disk));
      const volumes = [...world.datasets.walk()].filter(({ type }) => type === 'VOLUME');
      const free = volumes.filter((each) => !isLocked(each) && !taken.has(`zvol/${each.id}`));
      return Object.fromEntries(
        free.map((each) => {
          const size = Number(each.local.get('volsize') ?? 0);
          return [`zvol/${each.id.replaceAll(' ', '+')}`, `${each.id} (${formatSize(size)})`];
        }),
      );
    },
  },
  {
    name: 'iscsi.portal.listen_ip_choices',
    description: 'Addresses that a portal can listen at.',
    roles: [...read('PORTAL'), 'READONLY_ADMIN'],
    run({ world }: MethodContext) {
      const own = world.system.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
      return Object.fromEntries(['0.0.0.0', '::', ...own].map((address) => [address, address]));
    },
  },
];

export const ISCSI_METHODS: readonly SimMethod[] = [
  ...choices,
  ...targets,
  ...extents,
  ...portals,
  ...initiators,
  ...targetExtents,
  ...chap,
];

/** What the NAS says against the name of a target. */
function nameProblem(targets: readonly Target[], name: string, id: number | null): string | null {
  if (!/^[a-z0-9.:-]+$/.test(name)) {
    return 'Only lowercase alphanumeric characters plus dot (.), dash (-), and colon (:) are allowed.';
  }
  const isTaken = targets.some((row) => row.id !== id && row.name === name);
  return isTaken ? 'Target with this name already exists' : null;
}

function checkExtent({ world }: MethodContext, { data, old, problems, at }: Check<Extent>): Data {
  const { extents: table } = world.shares;
  const others = table.rows().filter((row) => row.id !== old?.id);
  if (others.some((row) => row.name === data.name)) {
    problems.add(`${at}.name`, 'Extent name must be unique', ERRNO.EEXIST);
  }
  if (data.type === 'DISK') {
    const disk = typeof data.disk === 'string' ? data.disk : '';
    if (disk === '') problems.add(`${at}.disk`, 'This field is required');
    else if (zvolAt(world.datasets, disk) === null)
      problems.add(`${at}.disk`, `Device '${disk}' was not found`);
    else if (others.some((row) => row.disk === disk)) problems.add(`${at}.disk`, 'Disk currently in use');
  } else if (data.path === null || data.path === '') {
    problems.add(`${at}.path`, 'This field is required');
  }
  return {
    ...data,
    path: data.type === 'DISK' ? data.disk : data.path,
    serial: data.serial ?? world.random.hex(15),
    naa: old?.naa ?? `0x6589cfc000000${world.random.hex(19)}`,
    vendor: 'TrueNAS',
  };
}

function checkTie({ world }: MethodContext, { data, old, problems, at }: Check<TargetExtent>): Data {
  const { shares } = world;
  const others = shares.targetExtents.rows().filter((row) => row.id !== old?.id);
  const onTarget = others.filter((row) => row.target === data.target);
  if (shares.targets.get(Number(data.target)) === undefined) {
    problems.add(`${at}.target`, 'Target does not exist', ERRNO.ENOENT);
  }
  if (shares.extents.get(Number(data.extent)) === undefined) {
    problems.add(`${at}.extent`, 'Extent does not exist', ERRNO.ENOENT);
  }
  if (others.some((row) => row.extent === data.extent))
    problems.add(`${at}.extent`, 'Extent is already in use');
  const lunid = data.lunid ?? firstFree(onTarget.map((row) => row.lunid));
  if (onTarget.some((row) => row.lunid === lunid)) {
    problems.add(`${at}.lunid`, 'LUN ID is already being used for this target.');
  }
  return { ...data, lunid };
}

function firstFree(taken: readonly number[]): number {
  let lun = 0;
  while (taken.includes(lun)) lun += 1;
  return lun;
}
