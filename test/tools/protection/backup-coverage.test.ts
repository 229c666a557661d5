import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });

test('backup coverage names gaps first, with what repairs them', async () => {
  expect(await bench.ask('backup_coverage', { dataset: 'tank', limit: 4 })).toMatchInlineSnapshot(`
    "UNKNOWN: 20 of 29 datasets without a copy outside the pool (17.1 TiB of own data)
    NOT READ, so not judged: cloud backups could not be read (Method does not exist)
    WARNING no backup at all [backup.none]: tank/projects/archive (904 GiB); tank/backups/timemachine (714 GiB); tank/projects/apollo (570 GiB); tank/backups/laptops (445 GiB); tank/projects/gemini (312 GiB) and 7 more → create_snapshot_task {"dataset":"tank/projects/archive","schedule":"daily 02:30","keep":"30d"}
    WARNING snapshots only [backup.same_pool]: tank/media/movies (6.6 TiB); tank/media/series (4.5 TiB); tank/media/music (1.1 TiB); tank/media (466 GiB); tank/home/carol (413 GiB) and 3 more → Data Protection > Replication Tasks
    Not shown by the API, so not judged: boot pool, system dataset, ix-apps (data of apps without a host path).
    datasets 1-4 of 29
    dataset                   used      newest_snapshot  snapshots  replica  elsewhere  gap
    tank/projects/archive     1012 GiB  3 d ago          -          -        -          no backup at all
    tank/backups/timemachine  714 GiB   none             -          -        -          no backup at all
    tank/projects/apollo      638 GiB   now              -          -        -          no backup at all
    tank/backups/laptops      445 GiB   none             -          -        -          no backup at all
    next: backup_coverage {"dataset":"tank","limit":4,"cursor":"4.XJQKfT"}"
  `);
});
