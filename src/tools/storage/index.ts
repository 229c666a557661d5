/** The toolset of pools, datasets, snapshots and disks. */
import type { Toolset } from '../toolset.ts';

export const storage: Toolset = {
  name: 'storage',
  title: 'Storage',
  about: 'Pools, datasets, snapshots and disks.',
  load: {
    list_pools: async () => (await import('./list-pools.ts')).listPools,
    get_pool: async () => (await import('./get-pool.ts')).getPool,
    list_datasets: async () => (await import('./list-datasets.ts')).listDatasets,
    get_dataset: async () => (await import('./get-dataset.ts')).getDataset,
    update_dataset: async () => (await import('./update-dataset.ts')).updateDataset,
    create_dataset: async () => (await import('./create-dataset.ts')).createDataset,
    create_zvol: async () => (await import('./create-zvol.ts')).createZvol,
    lock_dataset: async () => (await import('./lock-dataset.ts')).lockDataset,
    unlock_dataset: async () => (await import('./unlock-dataset.ts')).unlockDataset,
    create_snapshot: async () => (await import('./create-snapshot.ts')).createSnapshot,
    delete_snapshots: async () => (await import('./delete-snapshots.ts')).deleteSnapshots,
    hold_snapshot: async () => (await import('./hold-snapshot.ts')).holdSnapshot,
    release_snapshot: async () => (await import('./release-snapshot.ts')).releaseSnapshot,
    clone_snapshot: async () => (await import('./clone-snapshot.ts')).cloneSnapshot,
    rollback_dataset: async () => (await import('./rollback-dataset.ts')).rollbackDataset,
    restore_files: async () => (await import('./restore-files.ts')).restoreFiles,
    list_snapshots: async () => (await import('./list-snapshots.ts')).listSnapshots,
    start_scrub: async () => (await import('./start-scrub.ts')).startScrub,
    stop_scrub: async () => (await import('./stop-scrub.ts')).stopScrub,
    replace_disk: async () => (await import('./replace-disk.ts')).replaceDisk,
    offline_disk: async () => (await import('./offline-disk.ts')).offlineDisk,
    online_disk: async () => (await import('./online-disk.ts')).onlineDisk,
    list_disks: async () => (await import('./list-disks.ts')).listDisks,
    get_disk: async () => (await import('./get-disk.ts')).getDisk,
  },
};
