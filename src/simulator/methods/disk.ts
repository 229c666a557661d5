/** `disk.*`: the disks, their temperatures and settings. */
import { z } from 'zod';
import type { MethodContext, SimMethod } from '../method.ts';
import { isAtLeast } from '../releases.ts';
import { secret, text } from '../schema.ts';
import type { Disk } from '../world/disks.ts';
import { type ApiRow, type Options, readable } from './common.ts';

const row = z.looseObject({ passwd: secret(z.string()).optional() });

export const DISK_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'disk',
    entity: 'Disk',
    what: 'disks',
    roles: ['DISK_READ'],
    secretRoles: ['DISK_WRITE'],
    row,
    id: text(),
    key: 'identifier',
    unsortable: ['devname', 'pool', 'enclosure'],
    rows: (context, _filters, options) =>
      context.world.disks.all.map((disk) => diskRow(context, disk, options)),
  }),
];

/** A row of `disk.query`; `extra.pools` and `extra.passwords` add what they say. */
export function diskRow(context: MethodContext, disk: Disk, options: Options): ApiRow {
  const { extra = {} } = options;
  const isOld = !isAtLeast(context.release, '25.10');
  return {
    identifier: `{serial_lunid}${disk.serial}${disk.lunid === null ? '' : `_${disk.lunid}`}`,
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
    enclosure: isOld ? { number: 0, slot: disk.slot } : null,
    pool: extra.pools === true ? disk.pool : null,
    ...(extra.passwords === true ? { passwd: disk.password, kmip_uid: null } : {}),
    ...(isOld ? { supports_smart: true } : {}),
    ...(isAtLeast(context.release, '26.0') ? { sed: false } : {}),
  };
}
