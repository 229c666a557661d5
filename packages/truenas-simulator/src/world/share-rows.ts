/** Rows of shares with everything that the default world leaves alone filled in. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import type { Extent, PathShare, SmbShare, Target, TargetGroup } from './shares.ts';

const OLD_PURPOSES: Readonly<Record<string, string>> = {
  LEGACY_SHARE: 'NO_PRESET',
  TIMEMACHINE_SHARE: 'TIMEMACHINE',
  PRIVATE_DATASETS_SHARE: 'PRIVATE_DATASETS',
};

/** An SMB share in the shape of its release. */
export function smb(
  release: SimRelease,
  name: string,
  path: string,
  purpose: string,
  other: { comment?: string; enabled?: boolean } = {},
): Omit<SmbShare, 'id'> {
  const { comment = '', enabled = true } = other;
  const audit = { enable: false, watch_list: [], ignore_list: [] };
  if (isAtLeast(release, '25.10')) {
    return {
      purpose,
      name,
      path,
      enabled,
      comment,
      readonly: false,
      browsable: true,
      access_based_share_enumeration: false,
      audit,
      options: smbOptions(purpose, TIME_MACHINE_UUID),
    };
  }
  return {
    purpose: OLD_PURPOSES[purpose] ?? purpose,
    path,
    path_suffix: purpose === 'PRIVATE_DATASETS_SHARE' ? '%U' : '',
    home: false,
    name,
    comment,
    ro: false,
    browsable: true,
    timemachine: purpose === 'TIMEMACHINE_SHARE',
    timemachine_quota: 0,
    recyclebin: false,
    guestok: false,
    abe: false,
    hostsallow: [],
    hostsdeny: [],
    aapl_name_mangling: false,
    acl: true,
    durablehandle: true,
    shadowcopy: true,
    streams: true,
    fsrvp: false,
    auxsmbconf: '',
    enabled,
    afp: false,
    audit,
    path_local: path,
    vuid: '',
  };
}

const TIME_MACHINE_UUID = '1b0f5d0e-9a0c-4d4c-8d0e-2f6f0a9d3c11';
const LEGACY_UUID = '7c5d2a64-31f7-4b0e-9b6a-5f0e8d1c4a02';

/** Options of a purpose from 25.10 on. */
function smbOptions(purpose: string, vuid: string): Record<string, unknown> {
  const hosts = { hostsallow: [], hostsdeny: [] };
  switch (purpose) {
    case 'TIMEMACHINE_SHARE':
      return {
        timemachine_quota: 0,
        auto_snapshot: false,
        auto_dataset_creation: false,
        dataset_naming_schema: null,
        vuid,
        ...hosts,
      };
    case 'PRIVATE_DATASETS_SHARE':
      return { dataset_naming_schema: null, auto_quota: 0, aapl_name_mangling: false, ...hosts };
    case 'LEGACY_SHARE':
      return {
        recyclebin: true,
        path_suffix: null,
        ...hosts,
        guestok: false,
        streams: true,
        durablehandle: true,
        shadowcopy: true,
        fsrvp: false,
        home: false,
        acl: true,
        afp: false,
        timemachine: false,
        timemachine_quota: 0,
        aapl_name_mangling: false,
        // The NAS chooses one whenever such a share is saved without.
        vuid: LEGACY_UUID,
        auxsmbconf: '',
      };
    default:
      return { aapl_name_mangling: false, ...hosts };
  }
}

/** An NFS export. */
export function nfs(path: string, other: Record<string, unknown>): Omit<PathShare, 'id'> {
  return {
    path,
    aliases: [],
    comment: '',
    networks: [],
    hosts: [],
    ro: false,
    maproot_user: null,
    maproot_group: null,
    mapall_user: null,
    mapall_group: null,
    security: [],
    enabled: true,
    expose_snapshots: false,
    ...other,
  };
}

/** An iSCSI target. */
export function target(
  name: string,
  alias: string | null,
  relTgtId: number,
  groups: readonly TargetGroup[],
): Omit<Target, 'id'> {
  return {
    name,
    alias,
    mode: 'ISCSI',
    groups,
    auth_networks: [],
    rel_tgt_id: relTgtId,
    iscsi_parameters: null,
  };
}

/** An iSCSI extent on a zvol. */
export function extent(
  random: Random,
  release: SimRelease,
  name: string,
  zvol: string,
  enabled: boolean,
): Omit<Extent, 'id'> {
  return {
    name,
    type: 'DISK',
    disk: `zvol/${zvol}`,
    serial: random.hex(15),
    path: `zvol/${zvol}`,
    filesize: '0',
    blocksize: 512,
    pblocksize: false,
    avail_threshold: null,
    comment: '',
    naa: `0x6589cfc000000${random.hex(19)}`,
    insecure_tpc: true,
    xen: false,
    rpm: 'SSD',
    ro: false,
    enabled,
    vendor: 'TrueNAS',
    ...(isAtLeast(release, '25.10') ? { product_id: null } : {}),
  };
}
