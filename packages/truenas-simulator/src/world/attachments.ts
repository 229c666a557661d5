/** What depends on a dataset: shares, targets, tasks, machines. */
import { datasetAt, zvolAt } from './dataset-paths.ts';
import type { Dataset } from './datasets.ts';
import type { Table, TableRow } from './table.ts';
import { type Vm, vmStatus } from './workloads.ts';
import type { World } from './world.ts';

/** Things of one kind that use a dataset. Those that are switched off do not count: they dangle when it goes. */
export interface Attachment {
  /** As the API names the kind. */
  readonly type: string;
  readonly service: string | null;
  readonly names: readonly string[];
  /** Removes these things; machines are stopped. */
  drop(): void;
  /** Switches these things off, and answers what switches those on again that were. */
  disable(): () => void;
}

/** A row that can be switched off. */
type Switched = TableRow & { readonly enabled: boolean };

/** Everything that uses this dataset or one below it. */
export function attachmentsOf(world: World, dataset: Dataset): Attachment[] {
  const { shares, tasks } = world;
  const covers = (found: Dataset | null | undefined): boolean =>
    found !== null && found !== undefined && (found === dataset || found.id.startsWith(`${dataset.id}/`));
  const coversId = (id: string): boolean => covers(world.datasets.get(id));
  const onPath = ({ path }: { readonly path: string }): boolean =>
    covers(datasetAt(world.datasets, path)?.dataset);
  const onDevice = (path: string | null): boolean => path !== null && covers(zvolAt(world.datasets, path));

  const extents = attached(
    ['iSCSI Extent', 'iscsitarget'],
    shares.extents,
    ({ disk, path }) => onDevice(disk ?? path),
    ({ name }) => name,
  );
  const found: Attachment[] = [
    attached(['SMB Share', 'cifs'], shares.smb, onPath, ({ name }) => name),
    attached(['NFS Share', 'nfs'], shares.nfs, onPath, ({ path }) => path),
    { ...extents, drop: () => dropExtents(world, extents) },
    attached(
      ['NVMe-oF Namespace', 'nvmet'],
      shares.namespaces,
      (row) => onDevice(row.device_path),
      (row) => row.device_path,
    ),
    attached(
      ['S3 Bucket', 's3'],
      world.s3.buckets,
      (row) => coversId(row.dataset),
      ({ name }) => name,
    ),
    attached(
      ['Snapshot Task', null],
      tasks.snapshots,
      (task) => coversId(task.dataset),
      (task) => task.dataset,
    ),
    attached(
      ['Replication', null],
      tasks.replications,
      (task) =>
        task.source_datasets.some(coversId) ||
        (task.ssh_credentials_id === null && coversId(task.target_dataset)),
      ({ name }) => name,
    ),
    attached(['CloudSync Task', null], tasks.cloudSyncs, onPath, ({ path }) => path),
    attached(['Rsync Task', null], tasks.rsyncs, onPath, ({ path }) => path),
    machinesOn(world, onDevice),
  ];
  return found.filter(({ names }) => names.length > 0);
}

interface Attached<Row> extends Attachment {
  readonly rows: readonly Row[];
}

function attached<Row extends Switched>(
  [type, service]: readonly [type: string, service: string | null],
  table: Table<Row>,
  uses: (row: Row) => boolean,
  nameOf: (row: Row) => string,
): Attached<Row> {
  const rows = table.rows().filter((row) => row.enabled && uses(row));
  return {
    type,
    service,
    rows,
    names: rows.map(nameOf),
    drop() {
      for (const { id } of rows) table.remove(id);
    },
    disable: () => disableAll(table, rows),
  };
}

/** An extent goes with what ties it to targets. */
function dropExtents({ shares }: World, extents: Attached<TableRow>): void {
  const gone = new Set(extents.rows.map(({ id }) => id));
  for (const tie of shares.targetExtents.rows()) {
    if (gone.has(tie.extent)) shares.targetExtents.remove(tie.id);
  }
  extents.drop();
}

/** Machines whose disks are there. */
function machinesOn({ workloads, random }: World, onDevice: (path: string | null) => boolean): Attachment {
  const running = workloads.vms.filter((vm) => vm.status.state !== 'STOPPED' && devicesOf(vm).some(onDevice));
  const put = (vms: readonly Vm[], state: 'RUNNING' | 'STOPPED'): void => {
    for (const { id } of vms) {
      const index = workloads.vms.findIndex((vm) => vm.id === id);
      const vm = workloads.vms[index];
      if (vm !== undefined) workloads.vms[index] = { ...vm, status: vmStatus(random, state) };
    }
  };
  return {
    type: 'VM',
    service: null,
    names: running.map(({ name }) => name),
    drop: () => put(running, 'STOPPED'),
    disable() {
      put(running, 'STOPPED');
      return () => put(running, 'RUNNING');
    },
  };
}

function devicesOf({ devices }: Vm): string[] {
  const all = devices as readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  return all
    .filter(({ attributes }) => attributes.dtype === 'DISK')
    .map(({ attributes }) => String(attributes.path));
}

/** Switches rows off, and answers what switches those on again that were on and are still there. */
function disableAll<Row extends TableRow & { readonly enabled: boolean }>(
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
