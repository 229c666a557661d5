/** Whole answers, as a model reads them, on the default world of 25.10 at a fixed moment. */
import { expect, test } from 'vitest';
import { useTools } from '../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('system_overview', async () => {
  expect(await bench.ask('system_overview')).toMatchInlineSnapshot(`
    "CRITICAL: SIMULATED, nas, TrueNAS 25.10.6, up 37 d, 63.4 GiB memory
    CRITICAL pool backup DEGRADED: sdi FAULTED [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]; One or more devices are faulted in response to persistent errors. Sufficient replicas...; last scrub found 12 errors → get_pool {"pool":"backup"}
    CRITICAL alert Replication "projects to offsite" failed: connection to backup.example.org timed out (14 h ago) → list_alerts
    WARNING pool fast 94 % full, 436 GiB available → get_pool {"pool":"fast"}
    WARNING disk sdi 58 °C → get_disk {"disk":"sdi"}
    WARNING alert 184 uncorrectable errors reported for sdi (WD-CAEGPVP6). (3 d ago) → list_alerts
    WARNING alert Quota exceeded on dataset tank/home/carol. Used 92.5% of quota. (11 h ago) → list_alerts
    WARNING service ups starts at boot but is STOPPED → list_services
    WARNING 2 datasets locked (data unreachable): tank/vault, tank/vault/contracts → list_datasets {"locked":true}
    WARNING app immich has crashed → call_api_read {"method":"app.query","filters":[["name","=","immich"]]}
    WARNING certificate nas_example_org expires in 21 d → list_certificates
    Seen: 3 pools, 20 disks with a temperature, hottest sdi 58 °C, 8 active alerts (1 dismissed), an update is available, 6 services running, 3 snapshot tasks (1 more off), 2 replication tasks, 2 cloud sync tasks, 1 failed job in 24 h (visible to this key), 4 apps (2 updates)
    Signed in as: truenas_admin (FULL_ADMIN; for reading, READONLY_ADMIN is enough)"
  `);
});
