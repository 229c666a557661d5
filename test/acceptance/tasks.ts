/** Tasks: what is planned, approved, done and looked at. */
import type { Task } from './question.ts';

export const TASKS: readonly Task[] = [
  {
    ...{ id: 27, asked: 'Unlock my private folder', world: 'trouble' },
    changes: [['unlock_dataset', { dataset: 'tank/private' }]],
    preview: ['tank/private', /passphrase/],
    isOnlyPlanned: true,
  },
  {
    ...{ id: 28, asked: 'I need the spreadsheet as it was yesterday', world: 'home' },
    changes: [['restore_files', { snapshot: 'tank/photos@daily-2026-02-28_00-00', share: 'smb' }]],
    preview: ['tank/photos@daily-2026-02-28_00-00', /read-only|read only/],
    after: { call: ['list_shares', { kind: 'smb' }], holds: [/photos.*daily|daily.*photos/i] },
  },
  {
    ...{
      id: 29,
      asked: 'A folder for all of us that the children can look at but not change',
      world: 'home',
    },
    changes: [
      ['create_dataset', { dataset: 'tank/shared', share_type: 'smb' }],
      [
        'create_share',
        {
          ...{ kind: 'smb', path: '/mnt/tank/shared', name: 'shared' },
          options: { access: ['group:family CHANGE', 'group:kids READ'] },
        },
      ],
    ],
    preview: ['tank/shared', 'family', 'kids'],
    after: {
      call: ['call_api_read', { method: 'sharing.smb.getacl', params: [{ share_name: 'shared' }] }],
      holds: [
        /acl\.0\.ae_perm: CHANGE[\s\S]*acl\.0\.ae_who_str: family/,
        /acl\.1\.ae_perm: READ[\s\S]*acl\.1\.ae_who_str: kids/,
      ],
    },
  },
  {
    ...{ id: 30, asked: 'Give Immich its folder back', world: 'home' },
    changes: [['set_permissions', { path: '/mnt/tank/apps/immich', owner: 'apps', group: 'apps' }]],
    preview: ['/mnt/tank/apps/immich', /apps/],
    after: {
      call: ['call_api_read', { method: 'filesystem.stat', params: ['/mnt/tank/apps/immich'] }],
      holds: ['user: apps', 'group: apps'],
    },
  },
  {
    ...{ id: 31, asked: 'The new disk is in. Put it in the place of the broken one', world: 'trouble' },
    changes: [['replace_disk', { pool: 'tank', old: 'sdb', new: 'sde' }]],
    preview: ['sdb', 'sde', /serial|WD-/],
    after: { call: ['get_pool', { pool: 'tank' }], holds: ['sde', /resilver/] },
  },
  {
    ...{ id: 32, asked: 'Throw old snapshots of the films away, the newest thirty stay', world: 'trouble' },
    changes: [['delete_snapshots', { dataset: 'archive/films', keep: 30, automatic: true }]],
    preview: ['archive/films', /\d+ snapshots/],
    after: { call: ['list_snapshots', { dataset: 'archive/films', limit: 1 }], holds: ['of 30'] },
  },
  {
    ...{ id: 33, asked: 'Snapshots each hour, and a copy elsewhere at night', world: 'office' },
    changes: [
      ['create_snapshot_task', { dataset: 'tank/home', schedule: 'hourly', keep: '2w', recursive: true }],
      [
        'create_replication',
        {
          source: ['tank/home'],
          target: 'vault/office/home',
          connection: 'vault.example.org',
          schedule: 'daily 02:30',
          keep: '30d',
          recursive: true,
        },
      ],
    ],
    preview: [
      'tank/home',
      'a new task takes snapshots',
      /about \d+ snapshots at a time/,
      'data goes to the machine of the SSH connection vault.example.org',
      'data goes to, or comes from, another place',
    ],
    after: {
      call: ['list_items', { kind: 'replication', fields: ['source', 'target', 'schedule', 'connection'] }],
      holds: [/tank\/home +vault\/office\/home +daily 02:30 +vault.example.org/],
    },
  },
  {
    ...{ id: 34, asked: 'A block device for the hypervisor, bigger later', world: 'office' },
    changes: [
      [
        'create_share',
        { kind: 'iscsi', path: 'vms/pve2', size: '200G', allow: ['iqn.1993-08.org.debian:01:pve1'] },
      ],
      ['update_dataset', { dataset: 'vms/pve2', volsize: '300G' }],
    ],
    preview: ['vms/pve2', '200 GiB', '300 GiB'],
    after: { call: ['get_dataset', { dataset: 'vms/pve2' }], holds: ['300 GiB'] },
  },
  {
    ...{ id: 35, asked: 'Storage for the cluster', world: 'office' },
    changes: [
      ['create_dataset', { dataset: 'tank/k8s' }],
      ['create_share', { kind: 'nfs', path: '/mnt/tank/k8s', allow: ['192.0.2.0/24'] }],
    ],
    preview: ['/mnt/tank/k8s', '192.0.2.0/24'],
    // What the skill truenas-cluster-storage puts into the manifests.
    after: {
      call: ['get_share', { share: '/mnt/tank/k8s', kind: 'nfs' }],
      holds: ['/mnt/tank/k8s', '192.0.2.0/24'],
    },
  },
  {
    ...{ id: 36, asked: 'Bring the apps up to date', world: 'home' },
    changes: [
      ['upgrade_app', { app: 'immich' }],
      ['upgrade_app', { app: 'nextcloud' }],
    ],
    preview: ['1.9.9', '2.0.7'],
    after: {
      call: ['list_items', { kind: 'app' }],
      holds: [/immich +\w+ +1\.9\.9/, /nextcloud +\w+ +2\.0\.7/],
    },
  },
  {
    ...{ id: 37, asked: 'Run this compose file', world: 'home' },
    changes: [
      [
        'create_app',
        {
          name: 'paperless',
          compose: `
services:
  web:
    image: ghcr.io/paperless-ngx/paperless-ngx:2.14
    ports: ["30700:8000"]
    environment:
      PAPERLESS_URL: http://192.0.2.10:30700
    volumes:
      - /mnt/tank/documents:/usr/src/paperless/consume
  broker:
    image: redis:7
    volumes: ["redis:/data"]
volumes: { redis: {} }
`,
        },
      ],
    ],
    preview: ['30700/tcp', 'redis:7', '/mnt/tank/documents', 'the volume redis', 'risk: executes'],
    after: { call: ['list_items', { kind: 'app' }], holds: [/paperless +RUNNING/] },
  },
  {
    ...{ id: 38, asked: 'A real certificate for the web page', world: 'office' },
    changes: [
      [
        'create_certificate',
        {
          name: 'lets_encrypt',
          domains: ['nas.office.example.org'],
          authenticator: 'our dns',
          provider: 'cloudflare',
        },
      ],
      ['use_web_certificate', { certificate: 'lets_encrypt' }],
    ],
    preview: [
      "agrees to the terms of service of Let's Encrypt",
      'api_token of DNS authenticator our dns: a person types it at the approval',
      /TRUENAS_TLS_FINGERPRINT.* Set it to [0-9a-f]{64} then/,
      'unless keep_web_certificate is approved by then, the NAS takes it back by itself',
    ],
    after: {
      call: ['list_items', { kind: 'certificate', fields: ['alt_names', 'days_left'] }],
      holds: [/lets_encrypt +nas\.office\.example\.org +90/],
    },
  },
  {
    ...{ id: 39, asked: 'A fixed address, without locking us out', world: 'office' },
    changes: [['update_interface', { interface: 'enp3s0f1', addresses: ['203.0.113.20/24'] }]],
    preview: ['on trial for 60 seconds', 'takes the change back by itself', 'interface.checkin'],
    after: {
      call: ['list_items', { kind: 'interface' }],
      holds: [/enp3s0f1.*203\.0\.113\.20\/24/],
    },
  },
  {
    ...{ id: 40, asked: 'We have a window tonight: do everything in order', world: 'office' },
    changes: [
      ['keep_boot_environment'],
      ['stop_vm', { vm: 'erp' }],
      ['stop_vm', { vm: 'mail' }],
      ['install_update'],
      ['reboot_system', { reason: 'update in the maintenance window' }],
    ],
    preview: [
      'no update removes it for room',
      /asks? erp to shut down/,
      /the guest has 90 s to shut down/,
      /it starts by itself when the NAS starts/,
      'from 25.10.6 to 25.10.7',
      'way back: boot environment current stays',
      'a person saves the configuration with its secret seed before',
      'another system starts: 25.10.7, and no longer current',
    ],
    restarts: true,
    // The configuration with its secrets is saved by hand: no tool fetches it (skill truenas-maintenance-window).
    after: {
      call: ['list_items', { kind: 'boot_environment' }],
      holds: [/25\.10\.7 +yes +yes/, /current +no +no.* yes/],
    },
  },
];
