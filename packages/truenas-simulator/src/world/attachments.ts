/** What depends on a dataset: shares, targets, tasks. */
import { datasetAt, zvolAt } from './dataset-paths.ts';
import type { Dataset } from './datasets.ts';
import type { Table, TableRow } from './table.ts';
import type { World } from './world.ts';

/** Things of one kind that use a dataset. */
export interface Attachment {
  /** As the API names the kind. */
  readonly type: string;
  readonly service: string | null;
  readonly names: readonly string[];
  /** True when it holds the dataset open: it cannot go away under it. */
  readonly isBusy: boolean;
  /** Removes these things. */
  drop(): void;
  /** Switches these things off, and answers what switches those on again that were. */
  disable(): () => void;
}

/** Everything that uses this dataset or one below it. */
export function attachmentsOf(world: World, dataset: Dataset): Attachment[] {
  const { shares } = world;
  const covers = (found: Dataset | null | undefined): boolean =>
    found !== null && found !== undefined && (found === dataset || found.id.startsWith(`${dataset.id}/`));
  const onPath = (path: string): boolean => covers(datasetAt(world.datasets, path)?.dataset);
  const onDevice = (path: string | null): boolean => path !== null && covers(zvolAt(world.datasets, path));
  const runs = (service: string): boolean =>
    world.services.some((each) => each.service === service && each.isRunning);

  const smb = shares.smb.rows().filter(({ path }) => onPath(path));
  const nfs = shares.nfs.rows().filter(({ path }) => onPath(path));
  const extents = shares.extents.rows().filter(({ disk, path }) => onDevice(disk ?? path));
  const namespaces = shares.namespaces.rows().filter((row) => onDevice(row.device_path));
  const buckets = world.s3.buckets.rows().filter(({ dataset: id }) => covers(world.datasets.get(id)));
  const isTied = (extent: { id: number }): boolean =>
    shares.targetExtents.rows().some((tie) => tie.extent === extent.id);

  const found: Attachment[] = [
    {
      type: 'SMB Share',
      service: 'cifs',
      names: smb.map(({ name }) => name),
      isBusy: false,
      drop: () => removeAll(shares.smb, smb),
      disable: () => disableAll(shares.smb, smb),
    },
    {
      type: 'NFS Share',
      service: 'nfs',
      names: nfs.map(({ path }) => path),
      isBusy: false,
      drop: () => removeAll(shares.nfs, nfs),
      disable: () => disableAll(shares.nfs, nfs),
    },
    {
      type: 'iSCSI Extent',
      service: 'iscsitarget',
      names: extents.map(({ name }) => name),
      isBusy: runs('iscsitarget') && extents.some((extent) => extent.enabled && isTied(extent)),
      drop() {
        for (const { id } of extents) {
          for (const tie of shares.targetExtents.rows())
            if (tie.extent === id) shares.targetExtents.remove(tie.id);
          shares.extents.remove(id);
        }
      },
      disable: () => disableAll(shares.extents, extents),
    },
    {
      type: 'NVMe-oF Namespace',
      service: 'nvmet',
      names: namespaces.map((row) => row.device_path),
      isBusy: runs('nvmet') && namespaces.some(({ enabled }) => enabled),
      drop: () => removeAll(shares.namespaces, namespaces),
      disable: () => disableAll(shares.namespaces, namespaces),
    },
    {
      type: 'S3 Bucket',
      service: 's3',
      names: buckets.map(({ name }) => name),
      isBusy: false,
      drop: () => removeAll(world.s3.buckets, buckets),
      disable: () => disableAll(world.s3.buckets, buckets),
    },
  ];
  return found.filter(({ names }) => names.length > 0);
}

function removeAll<Row extends TableRow>(table: Table<Row>, rows: readonly Row[]): void {
  for (const { id } of rows) table.remove(id);
}

/** Switches rows off, and answers what switches those on again that were on and are still there. */
export function disableAll<Row extends TableRow & { readonly enabled: boolean }>(
  table: Table<Row>,
  rows: readonly Row[],
): () => void {
  const wereOn = rows.filter(({ enabled }) => enabled);
  const turn = (enabled: boolean): void => {
    for (const { id } of wereOn) table.update(id, { enabled } as Partial<Omit<Row, 'id'>>);
  };
  turn(false);
  return () => turn(true);
}
