import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });

test('backup coverage names gaps first, with what repairs them', async () => {
  expect(await bench.ask('backup_coverage', { dataset: 'tank', limit: 4 })).toMatchInlineSnapshot(`
    "WARNING: 14 of 29 datasets without a copy outside the pool (14.4 TiB of own data)
    WARNING no backup at all [backup.none]: tank/backups/timemachine (714 GiB); tank/backups/laptops (445 GiB); tank/iscsi/esx-datastore (301 GiB); tank/vault (113 GiB); tank/medical (76.2 GiB) and 5 more → create_snapshot_task {"dataset":"tank/backups/timemachine","schedule":"daily 02:30","keep":"30d"}
    WARNING snapshots only [backup.same_pool]: tank/media/movies (6.6 TiB); tank/media/series (4.5 TiB); tank/media/music (1.1 TiB); tank/media (466 GiB) → Data Protection > Replication Tasks
    WARNING last run failed [backup.failed]: replication projects to offsite (connection to backup.example.org timed out) → run_task {"kind":"replication","task":2}
    Not shown by the API, so not judged: boot pool, system dataset, ix-apps (data of apps without a host path).
    datasets 1-4 of 29
    dataset                   own      newest_snapshot  snapshots  replica  elsewhere  gap
    tank/backups/timemachine  714 GiB  none             -          -        -          no backup at all
    tank/backups/laptops      445 GiB  none             -          -        -          no backup at all
    tank/iscsi/esx-datastore  301 GiB  now              -          -        -          no backup at all
    tank/vault                113 GiB  3 d ago          -          -        -          no backup at all
    next: backup_coverage {"dataset":"tank","limit":4,"cursor":"4.XJQKfT"}"
  `);
});
