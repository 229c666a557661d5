/** `disk.*`, `smart.*` and `multipath.*` on FreeBSD. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { ValidationErrors } from '../../errors/exceptions.ts';
import { text } from '../../schema/schema.ts';
import { type Disk, temperatureAt } from '../../world/disks.ts';
import type { ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, fields } from '../legacy/base.ts';
import { SMART_ATTRIBUTES } from '../legacy/smart-attributes.ts';

const FIELDS =
  'identifier name subsystem number serial lunid size multipath_name multipath_member description transfermode ' +
  'hddstandby hddstandby_force advpowermgmt acousticlevel togglesmart smartoptions expiretime critical difference ' +
  'informational model rotationrate type zfs_guid bus devname enclosure';

const DISKS: CoreQuery = {
  namespace: 'disk',
  entity: 'Disk',
  rows: (context, { pools, passwords }) =>
    baseRows(context, 'disk.query', { pools, passwords }).map((row) => diskRow(row, { pools, passwords })),
};

const CACHE_MS = 300_000;
const powermode = z.enum(['NEVER', 'SLEEP', 'STANDBY', 'IDLE']).default('NEVER');

export const DISK_METHODS: readonly SimMethod[] = [
  coreQuery(DISKS),
  coreInstance(DISKS),
  coreQuery({
    namespace: 'multipath',
    rows: multipaths,
  }),
  {
    name: 'disk.temperatures',
    description: 'Temperatures of disks, in degrees Celsius.',
    params: [
      ['names', z.array(text())],
      ['powermode', powermode],
    ],
    run: temperatures,
  },
  {
    name: 'disk.temperature',
    description: 'Temperature of a disk, in degrees Celsius.',
    params: [
      ['name', text()],
      ['powermode', powermode],
    ],
    run({ world }: MethodContext, name: string) {
      const disk = world.disks.all.find((each) => each.name === name);
      return disk === undefined ? null : temperatureAt(disk, world.now());
    },
  },
  {
    name: 'disk.get_unused',
    description: 'Disks that no pool uses.',
    params: [['join_partitions', z.boolean().default(false)]],
    run(context: MethodContext, withPartitions: boolean) {
      const used = new Set(usedDisks(context).map(({ name }) => name));
      return baseRows(context, 'disk.query')
        .filter(({ name }) => !used.has(String(name)))
        .map((row) => ({ ...diskRow(row, {}), ...(withPartitions ? { partitions: [] } : {}) }));
    },
  },
  {
    name: 'disk.get_encrypted',
    description: 'Partitions encrypted below ZFS.',
    params: [['options', z.strictObject({ unused: z.boolean().default(false) }).prefault({})]],
    run: encryptedPartitions,
  },
  SMART_ATTRIBUTES,
  {
    name: 'smart.test.results',
    description: 'Results of the self-tests of each disk.',
    filterable: true,
    run: (context: MethodContext) => {
      const nvme = new Set(
        context.world.disks.all.filter(({ bus }) => bus === 'NVME').map(({ name }) => name),
      );
      return baseRows(context, 'smart.test.results')
        .filter(({ disk }) => !nvme.has(String(disk)))
        .map(({ disk, tests }) => ({ disk, tests }));
    },
  },
  {
    name: 'smart.test.disk_choices',
    description: 'Disks that can be tested.',
    params: [['full_disk', z.boolean().default(false)]],
    run: (context: MethodContext) =>
      Object.fromEntries(baseRows(context, 'disk.query').map(({ identifier, name }) => [identifier, name])),
  },
];

/** The disk on two cables, and its second name. */
const MULTIPATH = 'disk1';
const SECOND_PATH = 'da1';

/** Disks that are reached by more than one way. */
function multipaths({ world }: MethodContext): ApiRow[] {
  return world.disks.all
    .filter(({ name }) => /^da\d/.test(name))
    .map(({ name, lunid }) => ({
      ...{ id: `multipath/${MULTIPATH}`, type: 'root', name: `multipath/${MULTIPATH}`, status: 'OPTIMAL' },
      children: [
        { type: 'consumer', name, status: 'ACTIVE', lun_id: lunid },
        { type: 'consumer', name: SECOND_PATH, status: 'PASSIVE', lun_id: lunid },
      ],
    }));
}

/** Of a disk behind a RAID controller only the volume is seen. */
function diskRow(row: ApiRow, { pools, passwords }: ApiRow): ApiRow {
  const name = String(row['name']);
  const isNvme = name.startsWith('nvd');
  const isVolume = name.startsWith('mfid');
  const isScsi = /^da\d/.test(name);
  const serial = String(row['serial']);
  return fields(row, FIELDS, {
    identifier: isVolume || row['lunid'] === null ? `{serial}${serial}` : row['identifier'],
    subsystem: name.replace(/\d+$/, ''),
    number: Number(/\d+$/.exec(name)?.[0] ?? 0),
    ...{ hddstandby_force: false, acousticlevel: 'DISABLED', enclosure: null, transfermode: 'Auto' },
    bus: isNvme ? 'NVME' : isVolume ? 'UNKNOWN' : isScsi ? 'SCSI' : 'ATA',
    multipath_name: isScsi ? MULTIPATH : '',
    multipath_member: isScsi ? SECOND_PATH : '',
    devname: isScsi ? `multipath/${MULTIPATH}` : name,
    ...(isVolume ? { model: 'MFI RAID 0 volume', rotationrate: null, type: 'UNKNOWN' } : {}),
    pool: pools === true ? (row['pool'] ?? null) : null,
    ...(passwords === true ? { passwd: row['passwd'], kmip_uid: row['kmip_uid'] } : {}),
  });
}

/** Disks of pools and the boot disks; those of a locked pool are used, too, but nothing tells. */
function usedDisks({ world }: MethodContext): Disk[] {
  return world.disks.all.filter(({ pool, exportedPool }) => pool !== null || exportedPool !== null);
}

/** The answer is kept for five minutes, for whatever disks the next call asks. */
function temperatures(context: MethodContext, names: readonly string[]): ApiRow {
  const { world } = context;
  const state = world.legacy?.core;
  const nowMs = world.now();
  const kept = state?.temperatures ?? null;
  if (kept !== null && kept.untilMs > nowMs) return { ...kept.answer };
  const wanted = names.length > 0 ? names : world.disks.all.map(({ name }) => name);
  const answer = Object.fromEntries(
    wanted.map((name) => {
      const disk = world.disks.all.find((each) => each.name === name);
      return [name, disk === undefined ? null : temperatureAt(disk, nowMs)];
    }),
  );
  if (state !== undefined && state !== null) state.temperatures = { untilMs: nowMs + CACHE_MS, answer };
  return answer;
}

function encryptedPartitions({ world }: MethodContext): ApiRow[] {
  const core = world.legacy?.core;
  if (core === undefined || core === null) throw new ValidationErrors();
  return world.pools.all
    .filter(({ name }) => core.geliKeys.has(name))
    .flatMap((pool) =>
      pool.vdevs.flatMap(({ members }) =>
        members.map(({ disk, partUuid }) => ({
          ...{ name: `gptid/${partUuid}`, description: `${disk.name}p2`, dev: `${disk.name}p2` },
          ...{ encrypted_provider: `gptid/${partUuid}.eli`, pool: pool.name },
        })),
      ),
    );
}
