/** More of something than is read at once: paged, or said to be more, never silently short. */
import type { NasCase } from '../support/nas-case.ts';
import {
  extent,
  failedJob,
  initiatorGroup,
  lun,
  nfsShare,
  repeated,
  smbShare,
  target,
} from '../support/rows.ts';

const SAID = '1,200|1200|more than 1,000|at least 1,000';

/** Rows in the order of their names: share-0001 … share-1200. */
const smbRows = repeated(1001, 2200, smbShare(0, 'share-$i', { id: '$i', path: '/mnt/amber/share-$i' }));

export const LIMITS: readonly NasCase[] = [
  {
    id: 'L-smb',
    input: '1,200 SMB shares',
    answers: { 'sharing.smb.query': [smbRows] },
    call: [
      { tool: 'list_shares', args: { limit: 3 } },
      { tool: 'list_shares', args: { name: 'share-2150' } },
      { tool: 'get_share', args: { share: 'share-2150' } },
    ],
    expect: {
      isError: false,
      must: [SAID, '/mnt/amber/share-2150'],
      mustNot: ['^No shares', '^1,000 shares'],
    },
    right: 'all are counted, the last ones are found',
  },
  {
    id: 'L-nfs',
    input: '1,200 NFS exports',
    answers: {
      'sharing.nfs.query': [
        repeated(1001, 2200, nfsShare(0, '/mnt/amber/export-$i', { id: '$i', hosts: ['host-$i'] })),
      ],
    },
    call: [
      { tool: 'list_shares', args: { limit: 3, kind: 'nfs' } },
      { tool: 'get_share', args: { share: '/mnt/amber/export-2199' } },
    ],
    expect: { isError: false, must: [SAID, 'host-2199'], mustNot: ['^1,000 shares'] },
    right: 'all are counted, the last ones are found',
  },
  {
    id: 'L-lun-links',
    input: '1,300 LUNs of which one target has the last',
    answers: {
      'iscsi.target.query': [target(1, 'many'), target(2, 'last')],
      'iscsi.extent.query': [repeated(1, 1300, extent('$i', 'e$i', 'zvol/amber/v$i', { serial: 's$i' }))],
      'iscsi.targetextent.query': [repeated(1, 1299, lun('$i', 1, '$i', 0)), lun(1300, 2, 1300, 5)],
    },
    call: [
      { tool: 'list_shares', args: { name: 'last' } },
      { tool: 'get_share', args: { share: 'last' } },
    ],
    expect: { isError: false, must: ['zvol/amber/v1300', 'LUN 5'], mustNot: ['no LUN'] },
    right: 'the LUN of "last" is shown',
  },
  {
    id: 'L-initiator-of-detail',
    input: 'one target asked for, whose group of initiators is the 1,150th',
    answers: {
      'iscsi.target.query': [
        target(1, 'vault', { groups: [{ portal: 1, initiator: 1150, authmethod: 'CHAP', auth: 1 }] }),
      ],
      'iscsi.extent.query': [extent(1, 'e1', 'zvol/amber/v1')],
      'iscsi.targetextent.query': [lun(1, 1, 1)],
      'iscsi.initiator.query': [repeated(1, 1200, initiatorGroup('$i', ['iqn.2020-01.example:i$i']))],
    },
    call: { tool: 'get_share', args: { share: 'vault' } },
    expect: { isError: false, must: ['example:i1150|unknown'], mustNot: ['initiators allowed: any'] },
    right: 'its initiator, never any',
  },
  {
    id: 'L-group-missing',
    input: 'a target whose group of initiators does not exist',
    answers: {
      'iscsi.target.query': [
        target(1, 'vault', { groups: [{ portal: 1, initiator: 77, authmethod: 'NONE', auth: null }] }),
      ],
      'iscsi.extent.query': [extent(1, 'e1', 'zvol/amber/v1')],
      'iscsi.targetextent.query': [lun(1, 1, 1)],
    },
    call: [{ tool: 'list_shares' }, { tool: 'get_share', args: { share: 'vault' } }],
    expect: { isError: false, must: ['unknown|77'], mustNot: ['initiators allowed: any', ' any '] },
    right: 'not known who may connect',
  },
  {
    id: 'L-namespaces',
    input: '1,100 namespaces, the last one of another subsystem',
    answers: {
      'nvmet.subsys.query': [
        { id: 1, name: 'many', subnqn: 'nqn.many', allow_any_host: true, hosts: [] },
        { id: 2, name: 'last', subnqn: 'nqn.last', allow_any_host: false, hosts: [] },
      ],
      'nvmet.namespace.query': [
        repeated(1, 1099, {
          id: '$i',
          nsid: '$i',
          subsys: { id: 1 },
          device_type: 'ZVOL',
          device_path: 'zvol/amber/n$i',
          enabled: true,
        }),
        {
          id: 1100,
          nsid: 1,
          subsys: { id: 2 },
          device_type: 'ZVOL',
          device_path: 'zvol/amber/n1100',
          enabled: true,
        },
      ],
    },
    call: { tool: 'list_shares', args: { name: 'last' } },
    expect: { isError: false, must: ['zvol/amber/n1100'], mustNot: ['no namespace'] },
    right: 'its namespace is shown',
  },
  {
    id: 'L-failed-jobs',
    input: '150 failures of one job hide the failure of another within the day',
    answers: {
      'core.get_jobs': [
        failedJob(1, 'pool.import_pool', '[EFAULT] a device is missing'),
        repeated(2, 151, failedJob(0, 'app.pull_images', '[EFAULT] no route to the registry', { id: '$i' })),
      ],
    },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['pool\\.import_pool|at least|more than'] },
    right: 'the older failure is named, or that there are more than were read',
  },
];
