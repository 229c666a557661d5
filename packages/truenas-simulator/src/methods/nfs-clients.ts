/** `nfs.get_nfs3_clients`, `nfs.get_nfs4_clients` and `nfs.client_count`: who has mounted what. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import type { NfsClient } from '../world/clients.ts';
import { nfsMounts } from '../world/connected.ts';
import type { ApiRow } from './common.ts';

const roles = ['READONLY_ADMIN', 'SHARING_NFS_WRITE'];

export const NFS_CLIENT_METHODS: readonly SimMethod[] = [
  {
    name: 'nfs.get_nfs3_clients',
    description: 'Clients that mounted by NFSv3; one that went away without saying so may still be listed.',
    roles,
    filterable: true,
    run: ({ world }: MethodContext) =>
      mountsBy(world, 3).map(({ address, path }) => ({ ip: address, export: `${address}:${path}` })),
  },
  {
    name: 'nfs.get_nfs4_clients',
    description: 'Clients that mounted by NFSv4, and the files they have open.',
    roles,
    filterable: true,
    run: ({ world, release }: MethodContext) =>
      mountsBy(world, 4).map((client, index) => nfs4Row(client, index, isAtLeast(release, '25.10'))),
  },
  {
    name: 'nfs.client_count',
    description: 'How many NFS clients are connected.',
    roles: ['SHARING_NFS_READ'],
    run: ({ world }: MethodContext) => nfsMounts(world).length,
  },
];

function mountsBy(world: MethodContext['world'], version: NfsClient['version']): NfsClient[] {
  return nfsMounts(world).filter((client) => client.version === version);
}

function nfs4Row(client: NfsClient, index: number, hasList: boolean): ApiRow {
  const { address, hostname, openFile } = client;
  const open = {
    ...{ type: 'open', access: 'rw', deny: '--', superblock: '00:39:137' },
    ...{ filename: openFile, owner: 'open id:8' },
  };
  const states = openFile === null ? [] : [{ [`0x${client.clientId.toString(16)}01`]: open }];
  return {
    id: String(index + 4),
    info: {
      clientid: client.clientId,
      address: `${address}:${String(700 + index)}`,
      status: 'confirmed',
      'seconds from last renew': client.secondsSinceRenewal,
      name: `Linux NFSv4.2 ${hostname}`,
      'minor version': 2,
      'Implementation domain': 'kernel.org',
      'Implementation name': 'Linux 6.12.9 x86_64',
      'Implementation time': [0, 0],
      'callback state': 'UP',
      'callback address': `${address}:0`,
    },
    ...(hasList ? { states } : { state: states[0] ?? {} }),
  };
}
