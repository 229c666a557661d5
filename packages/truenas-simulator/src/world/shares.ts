/** What the NAS shares: SMB, NFS, iSCSI and NVMe-oF, some of it switched off or on locked datasets. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { extent, nfs, smb, target } from './share-rows.ts';
import { createTable, type Table, type TableRow } from './table.ts';

/** A share with the fields its release gives it; these are the ones the code reads. */
export interface PathShare extends TableRow {
  readonly path: string;
  readonly enabled: boolean;
  readonly [field: string]: unknown;
}

export interface SmbShare extends PathShare {
  readonly name: string;
}

/** Who may use an SMB share, by security identifier. */
export interface ShareAce {
  readonly sid: string;
  readonly permission: 'FULL' | 'CHANGE' | 'READ' | 'CUSTOM';
  readonly type: 'ALLOWED' | 'DENIED';
}

/** What a share has for which nobody has set anything. */
export const EVERYONE_FULL: readonly ShareAce[] = [{ sid: 'S-1-1-0', permission: 'FULL', type: 'ALLOWED' }];

export interface Portal extends TableRow {
  readonly listen: readonly { readonly ip: string }[];
  readonly tag: number;
  readonly comment: string;
}

export interface Initiator extends TableRow {
  readonly initiators: readonly string[];
  readonly comment: string;
}

export interface ChapAuth extends TableRow {
  readonly tag: number;
  readonly user: string;
  readonly secret: string;
  readonly peeruser: string;
  readonly peersecret: string;
  readonly discovery_auth: string;
}

export interface TargetGroup {
  readonly portal: number;
  readonly initiator: number | null;
  readonly authmethod: string;
  readonly auth: number | null;
}

export interface Target extends TableRow {
  readonly name: string;
  readonly alias: string | null;
  readonly mode: string;
  readonly groups: readonly TargetGroup[];
  readonly auth_networks: readonly string[];
  readonly rel_tgt_id: number;
  readonly iscsi_parameters: unknown;
}

export interface Extent extends TableRow {
  readonly name: string;
  readonly type: string;
  readonly disk: string | null;
  readonly path: string | null;
  readonly enabled: boolean;
  readonly [field: string]: unknown;
}

export interface TargetExtent extends TableRow {
  readonly target: number;
  readonly lunid: number;
  readonly extent: number;
}

export interface NvmetSubsys extends TableRow {
  readonly name: string;
  readonly subnqn: string;
  readonly serial: string;
  readonly allow_any_host: boolean;
  readonly pi_enable: boolean | null;
  readonly qid_max: number | null;
  readonly ieee_oui: string | null;
  readonly ana: boolean | null;
}

export interface NvmetNamespace extends TableRow {
  readonly nsid: number;
  readonly subsys_id: number;
  readonly device_type: string;
  readonly device_path: string;
  readonly filesize: number | null;
  readonly device_uuid: string;
  readonly device_nguid: string;
  readonly enabled: boolean;
}

export interface NvmetHost extends TableRow {
  readonly hostnqn: string;
  readonly dhchap_key: string | null;
  readonly dhchap_ctrl_key: string | null;
  readonly dhchap_dhgroup: string | null;
  readonly dhchap_hash: string;
  readonly description?: string;
}

export interface NvmetPort extends TableRow {
  readonly index: number;
  readonly addr_trtype: string;
  readonly addr_trsvcid: number | null;
  readonly addr_traddr: string;
  readonly addr_adrfam: string;
  readonly inline_data_size: number | null;
  readonly max_queue_size: number | null;
  readonly pi_enable: boolean | null;
  readonly enabled: boolean;
}

export interface NvmetPortSubsys extends TableRow {
  readonly port_id: number;
  readonly subsys_id: number;
}

export interface NvmetHostSubsys extends TableRow {
  readonly host_id: number;
  readonly subsys_id: number;
}

/** All shares. */
export interface Shares {
  readonly smb: Table<SmbShare>;
  readonly nfs: Table<PathShare>;
  readonly portals: Table<Portal>;
  readonly initiators: Table<Initiator>;
  readonly chap: Table<ChapAuth>;
  readonly targets: Table<Target>;
  readonly extents: Table<Extent>;
  readonly targetExtents: Table<TargetExtent>;
  readonly subsystems: Table<NvmetSubsys>;
  readonly namespaces: Table<NvmetNamespace>;
  readonly hosts: Table<NvmetHost>;
  readonly ports: Table<NvmetPort>;
  readonly portSubsystems: Table<NvmetPortSubsys>;
  readonly hostSubsystems: Table<NvmetHostSubsys>;
}

/** No share at all. */
export function noShares(): Shares {
  return {
    smb: createTable<SmbShare>([]),
    nfs: createTable<PathShare>([]),
    portals: createTable<Portal>([]),
    initiators: createTable<Initiator>([]),
    chap: createTable<ChapAuth>([]),
    targets: createTable<Target>([]),
    extents: createTable<Extent>([]),
    targetExtents: createTable<TargetExtent>([]),
    subsystems: createTable<NvmetSubsys>([]),
    namespaces: createTable<NvmetNamespace>([]),
    hosts: createTable<NvmetHost>([]),
    ports: createTable<NvmetPort>([]),
    portSubsystems: createTable<NvmetPortSubsys>([]),
    hostSubsystems: createTable<NvmetHostSubsys>([]),
  };
}

/** The shares of the mixed world. */
export function createShares(random: Random, release: SimRelease): Shares {
  const portal = createTable<Portal>([{ listen: [{ ip: '0.0.0.0' }], tag: 1, comment: 'all interfaces' }]);
  const nqn = 'nqn.2011-06.com.truenas:uuid:7d2d0f0a-5f0e-4a53-9a54-6c1f3d5ee1c4';
  return {
    smb: createTable<SmbShare>([
      smb(release, 'media', '/mnt/tank/media', 'LEGACY_SHARE', { comment: 'Films, series and music' }),
      smb(release, 'homes', '/mnt/tank/home', 'PRIVATE_DATASETS_SHARE'),
      smb(release, 'documents', '/mnt/tank/documents', 'LEGACY_SHARE'),
      smb(release, 'timemachine', '/mnt/tank/backups/timemachine', 'TIMEMACHINE_SHARE'),
      smb(release, 'vault', '/mnt/tank/vault', 'DEFAULT_SHARE', { comment: 'Dataset is locked' }),
      smb(release, 'old-scans', '/mnt/tank/documents/scans', 'DEFAULT_SHARE', { enabled: false }),
    ]),
    nfs: createTable<PathShare>([
      nfs('/mnt/tank/projects', { networks: ['192.0.2.0/24'], maproot_user: 'root', maproot_group: 'root' }),
      nfs('/mnt/tank/iso', { ro: true, comment: 'Installation media' }),
      nfs('/mnt/fast/containers', { hosts: ['k8s1.example.org', 'k8s2.example.org'] }),
      nfs('/mnt/backup/old-server', { ro: true, enabled: false }),
    ]),
    portals: portal,
    initiators: createTable<Initiator>([
      { initiators: [], comment: 'anyone' },
      { initiators: ['iqn.1998-01.com.vmware:esx1', 'iqn.1998-01.com.vmware:esx2'], comment: 'ESXi hosts' },
    ]),
    chap: createTable<ChapAuth>([
      {
        tag: 1,
        user: 'esxi',
        secret: `chap-${random.hex(10)}`,
        peeruser: 'nas',
        peersecret: `peer-${random.hex(10)}`,
        discovery_auth: 'NONE',
      },
    ]),
    targets: createTable<Target>([
      target('esx', 'ESXi datastore', 1, [{ portal: 1, initiator: 2, authmethod: 'CHAP', auth: 1 }]),
      target('lab', null, 2, [{ portal: 1, initiator: 1, authmethod: 'NONE', auth: null }]),
    ]),
    extents: createTable<Extent>([
      extent(random, release, 'esx-datastore', 'tank/iscsi/esx-datastore', true),
      extent(random, release, 'win11', 'fast/vms/win11', false),
    ]),
    targetExtents: createTable<TargetExtent>([
      { target: 1, lunid: 0, extent: 1 },
      { target: 2, lunid: 0, extent: 2 },
    ]),
    subsystems: createTable<NvmetSubsys>([
      {
        name: 'db',
        subnqn: `${nqn}:db`,
        serial: random.hex(20),
        allow_any_host: false,
        pi_enable: null,
        qid_max: null,
        ieee_oui: null,
        ana: null,
      },
    ]),
    namespaces: createTable<NvmetNamespace>([
      {
        nsid: 1,
        subsys_id: 1,
        device_type: 'ZVOL',
        device_path: 'zvol/fast/vms/db01',
        filesize: null,
        device_uuid: random.uuid(),
        device_nguid: random.uuid(),
        enabled: true,
      },
    ]),
    hosts: createTable<NvmetHost>([
      {
        hostnqn: 'nqn.2014-08.org.nvmexpress:uuid:db01.example.org',
        dhchap_key: `DHHC-1:01:${random.hex(32)}:`,
        dhchap_ctrl_key: `DHHC-1:01:${random.hex(32)}:`,
        dhchap_dhgroup: '2048-BIT',
        dhchap_hash: 'SHA-256',
        ...(isAtLeast(release, '27.0') ? { description: 'Database server' } : {}),
      },
    ]),
    ports: createTable<NvmetPort>([
      {
        index: 1,
        addr_trtype: 'TCP',
        addr_trsvcid: 4420,
        addr_traddr: '192.0.2.10',
        addr_adrfam: 'IPV4',
        inline_data_size: null,
        max_queue_size: null,
        pi_enable: null,
        enabled: true,
      },
    ]),
    portSubsystems: createTable<NvmetPortSubsys>([{ port_id: 1, subsys_id: 1 }]),
    hostSubsystems: createTable<NvmetHostSubsys>([{ host_id: 1, subsys_id: 1 }]),
  };
}
