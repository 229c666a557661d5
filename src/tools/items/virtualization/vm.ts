import { formatInstant } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { type NewestSnapshot, readNewestSnapshots } from '../../storage/newest-snapshots.ts';
import { field } from '../../support/rows.ts';
import { defineKind, joined, type KindRow } from '../kind.ts';
import { type DeviceSettings, deviceSettings, deviceText, zvolOf } from './device-text.ts';

const MIB = 1024 * 1024;
/** Zvols that are looked at for snapshots, of all machines together: each costs up to four calls. */
const MAX_ZVOLS = 20;

const ROW = {
  memory: field.number,
  vcpus: field.number,
  cores: field.number,
  threads: field.number,
  status: field.object({ state: field.text }),
  devices: field.objects({ attributes: deviceSettings }),
  newest: joined<string>(),
};
type Row = KindRow<typeof ROW>;

/** Virtual machines. The passwords of their displays and what stands on their command line are not shown. */
export const vm = defineKind({
  name: 'vm',
  toolset: 'virtualization',
  noun: 'virtual machines',
  about: 'memory, CPUs, autostart, state, disks with their newest snapshot, network, display',
  words: ['virtual machine', 'guest', 'kvm', 'bhyve'],
  sources: [{ method: 'vm.query' }],
  row: ROW,
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    state: { type: 'text', value: ({ status }) => status?.state },
    autostart: { type: 'flag', from: 'autostart', isAlwaysThere: true },
    cpus: { type: 'number', value: cpusOf },
    memory: { type: 'bytes', sort: 'desc', value: ({ memory }) => (memory === null ? null : memory * MIB) },
    disks: { type: 'texts', value: (row) => devicesOf(row, 'DISK', 'RAW')?.map(placeOf), needs: ['devices'] },
    newest_snapshot: { type: 'text', value: ({ newest }) => newest, needs: ['devices'] },
    nics: { type: 'texts', value: (row) => textsOf(row, 'NIC'), needs: ['devices'], isOnDemand: true },
    display: { type: 'texts', value: (row) => textsOf(row, 'DISPLAY'), needs: ['devices'], isOnDemand: true },
    description: { type: 'text', from: 'description', isOnDemand: true },
    bootloader: { type: 'text', from: 'bootloader', isOnDemand: true },
    cpu_mode: { type: 'text', from: 'cpu_mode', isOnDemand: true },
    shutdown_timeout_s: { type: 'number', from: 'shutdown_timeout', isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  joins: [{ columns: ['newest_snapshot'], uses: ['pool.snapshot.query'], read: readSnapshots }],
  details: [
    {
      title: 'disks',
      uses: ['pool.snapshot.query'],
      async read(nas, row) {
        const disks = devicesOf(row, 'DISK', 'RAW') ?? [];
        const zvols = disks.flatMap((disk) => zvolOf(disk['path']) ?? []).slice(0, MAX_ZVOLS);
        const newest = await readNewestSnapshots(nas, zvols);
        const lines = disks.map((disk) => {
          const zvol = zvolOf(disk['path']);
          const other = field.text(disk['path']) === null ? 'its place is not told' : 'no zvol';
          const snapshot = zvol === null ? other : snapshotText(newest.get(zvol));
          return `${safeCell(deviceText(disk), 160)}: ${snapshot}`;
        });
        return lines.length === 0 ? undefined : { lines, data: lines };
      },
    },
  ],
  alsoSelects: [
    ...['cpu_model', 'cpuset', 'nodeset', 'pin_vcpus', 'suspend_on_snapshot', 'trusted_platform_module'],
    ...['min_memory', 'hyperv_enlightenments', 'bootloader_ovmf', 'hide_from_msr', 'ensure_display_device'],
    ...['time', 'arch_type', 'machine_type', 'uuid', 'display_available', 'enable_secure_boot'],
  ],
  mayLack: [{ method: 'pool.snapshot.query' }],
  examples: [
    { args: {}, why: 'which there are, which run, and how fresh their snapshots are' },
    {
      args: { filter: ['state=RUNNING'], fields: ['nics', 'display'] },
      why: 'where to reach those that run',
    },
  ],
  getExamples: [
    { args: { id: 'web01' }, why: 'by its name' },
    { args: { id: 'none' }, why: 'a name that is none' },
  ],
});

/** A machine has its sockets times cores times threads. */
function cpusOf({ vcpus, cores, threads }: Row): number | null {
  return vcpus === null || cores === null || threads === null ? null : vcpus * cores * threads;
}

/** The devices of these types; null where not all could be read. */
function devicesOf({ devices }: Row, ...types: readonly string[]): DeviceSettings[] | null {
  if (devices === null) return null;
  const settings = devices.map(({ attributes }) => attributes);
  if (settings.includes(null)) return null;
  return settings.flatMap((each) => (each !== null && types.includes(String(each['dtype'])) ? [each] : []));
}

function textsOf(row: Row, type: string): string[] | null {
  return devicesOf(row, type)?.map(deviceText) ?? null;
}

function placeOf({ path }: DeviceSettings): string {
  return zvolOf(path) ?? field.text(path) ?? '?';
}

/** Per machine the newest snapshot of the disk whose newest is the oldest: back to there all of it goes. */
async function readSnapshots(nas: ReadClient, rows: readonly Row[]) {
  const zvolsOf = (row: Row): string[] | undefined => {
    const disks = devicesOf(row, 'DISK');
    // A disk whose path is not told may be a zvol.
    if (disks?.some(({ path }) => field.text(path) === null)) return undefined;
    return disks?.flatMap(({ path }) => zvolOf(path) ?? []);
  };
  const all = [...new Set(rows.flatMap((row) => zvolsOf(row) ?? []))];
  const newest = await readNewestSnapshots(nas, all.slice(0, MAX_ZVOLS));
  const gaps = [...newest.values()].flatMap((each) => (each.state === 'unknown' ? [each.why] : []));
  return {
    add: (row: Row) => ({ newest: oldestOf(zvolsOf(row)?.map((zvol) => newest.get(zvol))) }),
    notes: [
      ...(gaps[0] === undefined ? [] : [`(the newest snapshot of some disks ${gaps[0]})`]),
      ...(all.length > MAX_ZVOLS ? [`(snapshots of the first ${MAX_ZVOLS} zvols only were looked for)`] : []),
    ],
  };
}

function oldestOf(newest: readonly (NewestSnapshot | undefined)[] | undefined): string | undefined {
  if (newest === undefined) return undefined;
  if (newest.length === 0) return 'no zvol';
  if (newest.some((each) => each?.state === 'none')) return 'none';
  const times = newest.flatMap((each) => (each?.state === 'known' ? [each.createdMs] : []));
  return times.length < newest.length ? undefined : formatInstant(Math.min(...times));
}

function snapshotText(newest: NewestSnapshot | undefined): string {
  if (newest === undefined) return 'snapshots were not looked for';
  if (newest.state === 'none') return 'no snapshot';
  if (newest.state === 'unknown') return `newest snapshot ${newest.why}`;
  return `newest snapshot ${formatInstant(newest.createdMs)} (${safeCell(newest.name, 120)})`;
}
