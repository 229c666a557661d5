/** The main tools on releases before 25.04, in whole answers. */
import { describe, expect, it } from 'vitest';
import { FAILURE } from '../../support/tool-calls.ts';
import { useTools } from '../../support/tools.ts';

const ASKED: readonly (readonly [tool: string, args?: Readonly<Record<string, unknown>>])[] = [
  ['system_overview'],
  ['list_alerts'],
  ['list_jobs', { limit: 5 }],
  ['list_services'],
  ['list_pools'],
  ['get_pool', { pool: 'backup' }],
  ['list_datasets', { pool: 'tank', limit: 6, fields: ['type', 'used', 'available', 'locked'] }],
  ['get_dataset', { dataset: 'tank/home' }],
  ['list_snapshots', { dataset: 'tank/home', limit: 3, fields: ['created', 'used', 'referenced', 'holds'] }],
  ['list_snapshots', { pool: 'tank', name: 'weekly', limit: 3 }],
  ['list_disks', { limit: 6 }],
  ['list_shares'],
  ['get_share', { share: 'media' }],
  ['backup_coverage', { limit: 5 }],
  ['get_metrics', { metric: 'cpu' }],
  ['get_metrics', { metric: 'memory' }],
  ['get_metrics', { metric: 'arc' }],
  ['list_items snapshot_task', { kind: 'snapshot_task' }],
  ['list_items replication', { kind: 'replication' }],
  ['list_items cloud_sync', { kind: 'cloud_sync' }],
  ['list_items user', { kind: 'user' }],
  ['list_items interface', { kind: 'interface' }],
  ['list_items vm', { kind: 'vm' }],
  ['list_items vm_device', { kind: 'vm_device' }],
  ['list_items cloud_account', { kind: 'cloud_account' }],
  ['list_items acl', { kind: 'acl', of: '/mnt/tank/documents' }],
  ['list_items file', { kind: 'file', of: '/mnt/tank/documents' }],
];

describe.each(['24.10', 'core-13.3'] as const)('on %s', (release) => {
  const bench = useTools({ release });

  it.each(ASKED.map(([tool, args = {}]) => ({ tool, args })))('$tool $args', async ({ tool, args }) => {
    const text = await bench.ask(tool, args);
    expect(text).not.toMatch(FAILURE);
    expect(text).toMatchSnapshot();
  });
});

describe('what a release does not have', () => {
  const core = useTools({ release: 'core-13.3' });
  const scale = useTools({ release: '24.10' });

  it('has another name there, and is found all the same', async () => {
    expect(await core.ask('list_items boot_environment', { kind: 'boot_environment' })).toMatch(
      /2 boot environments\nname +runs +on_reboot/,
    );
  });

  it('is said as that, and not as empty', async () => {
    expect(await core.ask('get_app_logs', { app: 'nextcloud' })).toMatch(/has no apps \(app\.query\)/);
    expect(await core.ask('list_items app', { kind: 'app' })).toMatch(/TrueNAS 13\.3 has no apps/);
    expect(await scale.ask('list_items container', { kind: 'container' })).toMatch(
      /24\.10 has no containers/,
    );
  });
});

describe('core-13.0', () => {
  const older = useTools({ release: 'core-13.0' });
  const newer = useTools({ release: 'core-13.3' });

  it('lists what 13.3 lists', async () => {
    const version = (text: string) => text.replaceAll(/13\.[03]-U[\d.]+/gu, '13.x');
    for (const tool of ['list_pools', 'list_shares', 'list_disks', 'list_datasets', 'list_snapshots']) {
      expect(version(await older.ask(tool))).toBe(version(await newer.ask(tool)));
    }
  });
});
