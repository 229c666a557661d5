/** `disk.*`: the disks, their temperatures and settings. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { type Disk, temperatureAt } from '../world/disks.ts';
import { HOUR_MS, DAY_MS } from '../world/units.ts';
import type { World } from '../world/world.ts';
import { announce, type ApiRow, type Options, readable } from './common.ts';
import { memoized } from './crud.ts';

const row = z.looseObject({ passwd: secret(z.string()).optional() });
const names = z.array(text());
const STANDBY = ['ALWAYS ON', '5', '10', '20', '30', '60', '120', '180', '240', '300', '330'] as const;
const POWER = ['DISABLED', '1', '64', '127', '128', '192', '254'] as const;

export const DISK_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'disk',
    takesAnyIdBefore: true,
    entity: 'Disk',
    what: 'disks',
    roles: ['DISK_READ'],
    secretRoles: ['DISK_WRITE'],
    row,
    id: text(),
    key: 'identifier',
    rows: (context, _filters, options) =>
      context.world.disks.all.map((disk) => diskRow(context.world, disk, options)),
  }),
  {
    name: 'disk.update',
    description: 'Changes the settings of a disk.',
    roles: ['DISK_WRITE'],
    secretRoles: ['DISK_WRITE'],
    returns: row,
    params: memoized((release) => {
      const isOld = !isAtLeast(release, '25.10');
      const shared = {
        number: z.int().optional(),
        lunid: text().nullable().optional(),
        description: text().optional(),
        hddstandby: z.enum(STANDBY).optional(),
        advpowermgmt: z.enum(POWER).optional(),
        bus: text().optional(),
        pool: text().nullable().optional(),
        passwd: secret(text()).optional(),
      };
      const level = z.int().nullable().optional();
      const place = model('DiskEnclosure', { number: z.int(), slot: z.int() });
      const old = {
        togglesmart: z.boolean().optional(),
        smartoptions: text().optional(),
        critical: level,
        difference: level,
        informational: level,
        supports_smart: z.boolean().nullable().optional(),
        enclosure: model('DiskEnclosure', {
          number: z.int().optional(),
          slot: z.int().optional(),
        }).optional(),
      };
      const sed = { sed: z.boolean().nullable().optional(), sed_status: text().nullable().optional() };
      const current = {
        enclosure: place.nullable().optional(),
        ...(isAtLeast(release, '27.0') ? sed : {}),
      };
      return [
        ['id', text()],
        [isOld ? 'disk_update' : 'data', model('DiskUpdate', { ...shared, ...(isOld ? old : current) })],
      ];
    }),
    run: update,
  },
  {
    name: 'disk.temperatures',
    description: 'Temperatures of disks now, in degrees Celsius.',
    roles: ['REPORTING_READ'],
    params: (release) =>
      isAtLeast(release, '25.10')
        ? [
            ['name', names.default([])],
            ['include_thresholds', z.boolean().default(false)],
          ]
        : [
            ['names', names.default([])],
            ['options', oldTemperatureOptions],
          ],
    run: temperatures,
  },
  {
    name: 'disk.temperature_agg',
    description: 'Least, mean and greatest temperature of disks over some days.',
    roles: ['REPORTING_READ'],
    params: (release) => [
      ['names', isAtLeast(release, '25.10') ? names : names.default([])],
      ['days', z.int().default(7)],
    ],
    run: aggregate,
  },
  {
    name: 'disk.temperature_alerts',
    description: 'Alerts about disks that are too hot.',
    roles: ['REPORTING_READ'],
    params: [['names', names]],
    run: () => [],
  },
  {
    name: 'disk.details',
    description: 'Disks that pools use, and those that are free.',
    roles: ['REPORTING_READ'],
    params: (release) => [
      [
        isAtLeast(release, '25.10') ? 'data' : 'disk_details_args',
        model('DiskDetails', {
          join_partitions: z.boolean().default(false),
          type: z.enum(['USED', 'UNUSED', 'BOTH']).default('BOTH'),
        }).prefault({}),
      ],
    ],
    run(context: MethodContext, options: { type: 'USED' | 'UNUSED' | 'BOTH'; join_partitions: boolean }) {
      const all = context.world.disks.all;
      // Disks of an exported pool count as used.
      const isUsed = ({ pool, exportedPool }: Disk) => pool !== null || exportedPool !== null;
      const show = (disk: Disk): ApiRow => ({
        ...detailRow(context, disk),
        ...(options.join_partitions ? { partitions: partitionsOf(disk) } : {}),
      });
      const used = all.filter((disk) => isUsed(disk)).map(show);
      const unused = all.filter((disk) => !isUsed(disk)).map(show);
      if (options.type === 'BOTH') return { used, unused };
      return options.type === 'USED' ? used : unused;
    },
  },
  {
    name: 'disk.get_used',
    description: 'Disks that pools use.',
    roles: ['REPORTING_READ'],
    params: [['join_partitions', z.boolean().default(false)]],
    run: (context: MethodContext) =>
      context.world.disks.all.filter(({ pool }) => pool !== null).map((disk) => detailRow(context, disk)),
  },
];

const oldTemperatureOptions = model('TemperaturesOptions', {
  cache: z.int().nullable().default(290),
  only_cached: z.boolean().default(false),
  powermode: z.enum(['NEVER', 'SLEEP', 'STANDBY', 'IDLE']).default('NEVER'),
}).prefault({});

/** The id of a disk in the API. */
export function identifierOf({ serial, lunid }: Disk): string {
  return `{serial_lunid}${serial}${lunid === null ? '' : `_${lunid}`}`;
}

/** A row of `disk.query`; `extra.pools` and `extra.passwords` add what they say. */
export function diskRow(world: Pick<World, 'release' | 'shelf'>, disk: Disk, options: Options): ApiRow {
  const { extra = {} } = options;
  const isOld = !isAtLeast(world.release, '25.10');
  return {
    identifier: identifierOf(disk),
    name: disk.name,
    subsystem: disk.bus === 'NVME' ? 'nvme' : 'scsi',
    number: disk.slot + (disk.bus === 'NVME' ? 66_300 : 2_047),
    serial: disk.serial,
    lunid: disk.lunid,
    size: disk.sizeBytes,
    description: disk.description,
    transfermode: 'Auto',
    hddstandby: disk.hddStandby,
    ...(isOld ? { togglesmart: true } : {}),
    advpowermgmt: disk.advPowerMgmt,
    ...(isOld ? { smartoptions: '' } : {}),
    expiretime: null,
    ...(isOld ? { critical: null, difference: null, informational: null } : {}),
    model: disk.model,
    rotationrate: disk.rotationRate,
    type: disk.kind,
    zfs_guid: disk.zfsGuid,
    bus: disk.bus,
    devname: disk.name,
    enclosure: isOld || world.shelf !== null ? { number: 0, slot: disk.slot } : null,
    pool: extra.pools === true ? disk.pool : null,
    ...(extra.passwords === true ? { passwd: disk.password, kmip_uid: null } : {}),
    ...(isOld ? { supports_smart: true } : {}),
    ...(isAtLeast(world.release, '27.0') ? { sed: false } : {}),
  };
}

function detailRow(context: MethodContext, disk: Disk): ApiRow {
  return {
    ...diskRow(context.world, disk, {}),
    sectorsize: 512,
    blocks: disk.sizeBytes / 512,
    imported_zpool: disk.pool,
    exported_zpool: disk.exportedPool,
    duplicate_serial: [],
    unsupported: false,
  };
}

/** Disks that a pool has, or had before it was exported, have one partition. */
function partitionsOf({ name, bus, pool, exportedPool, sizeBytes }: Disk): ApiRow[] {
  if (pool === null && exportedPool === null) return [];
  const device = bus === 'NVME' ? `${name}p1` : `${name}1`;
  return [{ name: device, disk: name, partition_number: 1, size: sizeBytes, path: `/dev/${device}` }];
}

function update(context: MethodContext, id: string, data: Readonly<Record<string, unknown>>): ApiRow {
  const disk = context.world.disks.all.find((each) => identifierOf(each) === id);
  if (disk === undefined) throw doesNotExist('Disk', id);
  if (typeof data.description === 'string') disk.description = data.description;
  if (typeof data.hddstandby === 'string') disk.hddStandby = data.hddstandby;
  if (typeof data.advpowermgmt === 'string') disk.advPowerMgmt = data.advpowermgmt;
  if (typeof data.passwd === 'string') disk.password = data.passwd;
  const shown = diskRow(context.world, disk, {});
  announce(context, 'disk', 'changed', id, shown);
  return shown;
}

/** From 25.10 on names that are no disks come back as null, and with thresholds a value is a pair. */
function temperatures({ world, release }: MethodContext, wanted: readonly string[], option: unknown): ApiRow {
  const nowMs = world.now();
  const chosen = wanted.length === 0 ? world.disks.all.map(({ name }) => name) : wanted;
  const withThresholds = isAtLeast(release, '25.10') && option === true;
  return Object.fromEntries(
    chosen.map((name) => {
      const disk = world.disks.all.find((each) => each.name === name);
      if (disk === undefined) return [name, null];
      const degrees = temperatureAt(disk, nowMs);
      return [name, withThresholds ? [degrees, disk.kind === 'HDD' ? 60 : 70] : degrees];
    }),
  );
}

/** 25.04 asks its metrics for the days to come, of which it has none. */
function aggregate({ world, release }: MethodContext, wanted: readonly string[], days: number): ApiRow {
  const nowMs = world.now();
  return Object.fromEntries(
    wanted.map((name) => {
      const disk = world.disks.all.find((each) => each.name === name);
      if (disk === undefined || !isAtLeast(release, '25.10'))
        return [name, { min: null, max: null, avg: null }];
      const values: number[] = [];
      for (let ms = nowMs - days * DAY_MS; ms <= nowMs; ms += HOUR_MS) values.push(temperatureAt(disk, ms));
      const avg = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
      return [name, { min: Math.min(...values), max: Math.max(...values), avg }];
    }),
  );
}
