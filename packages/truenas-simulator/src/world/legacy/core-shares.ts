/** Shares that only FreeBSD releases have: AFP, WebDAV and modules of the rsync daemon. */
import { createTable, type Table } from '../table.ts';

/** A row as the API shows it, without what is computed. */
export type CoreShareRow = { readonly id: number; readonly path: string } & Readonly<Record<string, unknown>>;

/** The tables. */
export interface SharingTables {
  readonly afp: Table<CoreShareRow>;
  readonly webdav: Table<CoreShareRow>;
  readonly rsyncModules: Table<CoreShareRow>;
}

/** The shares of a world, in these directories; none without. */
export function createSharingTables([first, second = first]: readonly string[]): SharingTables {
  if (first === undefined || second === undefined) {
    return { afp: createTable([]), webdav: createTable([]), rsyncModules: createTable([]) };
  }
  return {
    afp: createTable([afpShare(first, 'Time Machine', true), afpShare(second, 'Media', false)]),
    webdav: createTable([
      {
        ...{ name: 'documents', comment: 'for the tablets', path: first },
        ...{ ro: true, perm: false, enabled: true },
      },
    ]),
    rsyncModules: createTable([
      {
        ...{ name: 'drop', comment: '', path: second, mode: 'READWRITE', maxconn: 0 },
        ...{ user: 'nobody', group: 'nobody', hostsallow: ['192.0.2.0/24'], hostsdeny: ['ALL'] },
        ...{ auxiliary: '', enabled: true },
      },
    ]),
  };
}

function afpShare(path: string, name: string, isTimeMachine: boolean): Omit<CoreShareRow, 'id'> {
  return {
    ...{ path, name, comment: '', allow: [], deny: [], ro: [], rw: [], timemachine: isTimeMachine },
    ...{ nodev: false, nostat: false, upriv: true, fperm: '644', dperm: '755', umask: '000' },
    ...{ hostsallow: [], hostsdeny: [], auxparams: '', timemachine_quota: isTimeMachine ? 500 : 0 },
    ...{ home: false, enabled: true, vuid: isTimeMachine ? 'f3cf1d8e-4a5e-4c1e-9d59-6a6f5e0a4d11' : '' },
  };
}
