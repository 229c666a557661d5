/** Who uses the shares: clients that connect by themselves whenever what they use is served. */
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';

/** A session of an SMB client with the shares and files it has open. */
export interface SmbClient {
  readonly sessionId: number;
  readonly pid: number;
  readonly username: string;
  readonly address: string;
  readonly hostname: string;
  readonly dialect: string;
  readonly connectedMs: number;
  /** Names of shares. */
  readonly shares: readonly string[];
  readonly openFiles: readonly {
    readonly share: string;
    readonly name: string;
    readonly isWritten: boolean;
  }[];
}

/** An NFS client with the path it has mounted. */
export interface NfsClient {
  readonly version: 3 | 4;
  readonly address: string;
  readonly hostname: string;
  readonly path: string;
  /** More digits than a double holds, as on a NAS. */
  readonly clientId: bigint;
  readonly secondsSinceRenewal: number;
  readonly openFile: string | null;
}

/** An iSCSI initiator and the target it has logged in to, by its name. */
export interface IscsiClient {
  readonly initiator: string;
  readonly address: string;
  readonly target: string;
}

/** An NVMe-oF host and the subsystem it is connected to, by its name. */
export interface NvmetClient {
  readonly hostNqn: string;
  readonly address: string;
  readonly subsystem: string;
  readonly controller: number;
}

/** All clients. */
export interface Clients {
  readonly smb: readonly SmbClient[];
  readonly nfs: readonly NfsClient[];
  readonly iscsi: readonly IscsiClient[];
  readonly nvmet: readonly NvmetClient[];
}

/** Nobody is connected. */
export const NO_CLIENTS: Clients = { smb: [], nfs: [], iscsi: [], nvmet: [] };

/** The clients of the mixed world. */
export function createClients(random: Random, nowMs: number): Clients {
  const nfs = (
    version: 3 | 4,
    address: string,
    hostname: string,
    path: string,
    openFile: string | null,
  ): NfsClient => ({
    ...{ version, address, hostname, path, openFile },
    clientId: (BigInt(random.int(2 ** 28, 2 ** 30)) << 32n) | BigInt(random.int(1, 2 ** 31)),
    secondsSinceRenewal: random.int(1, 60),
  });
  const esx = (number: number): IscsiClient => ({
    initiator: `iqn.1998-01.com.vmware:esx${String(number)}`,
    address: `192.0.2.${String(20 + number)}`,
    target: 'esx',
  });
  return {
    smb: [
      {
        ...{ sessionId: random.int(1e8, 2e9), pid: random.int(20_000, 60_000), username: 'alice' },
        ...{ address: '192.0.2.101', hostname: 'laptop-alice', dialect: 'SMB3_11' },
        ...{ connectedMs: nowMs - 3 * HOUR_MS, shares: ['documents', 'media'] },
        openFiles: [{ share: 'documents', name: 'contracts/lease.docx', isWritten: true }],
      },
      {
        ...{ sessionId: random.int(1e8, 2e9), pid: random.int(20_000, 60_000), username: 'alice' },
        ...{ address: '192.0.2.102', hostname: 'macbook', dialect: 'SMB3_02' },
        ...{ connectedMs: nowMs - 2 * DAY_MS - 11 * MINUTE_MS, shares: ['timemachine'] },
        openFiles: [],
      },
    ],
    nfs: [
      nfs(4, '192.0.2.31', 'k8s1.example.org', '/mnt/fast/containers', '/registry/db.sqlite'),
      nfs(4, '192.0.2.32', 'k8s2.example.org', '/mnt/fast/containers', null),
      nfs(3, '192.0.2.60', 'build.example.org', '/mnt/tank/projects', null),
    ],
    iscsi: [esx(1), esx(2)],
    nvmet: [
      {
        hostNqn: 'nqn.2014-08.org.nvmexpress:uuid:db01.example.org',
        address: '192.0.2.40',
        subsystem: 'db',
        controller: 1,
      },
    ],
  };
}
