/** `disk.smart_attributes`: what an ATA disk counts about itself. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO } from '../../errors/exceptions.ts';
import { text } from '../../schema/schema.ts';
import { type Disk, temperatureAt } from '../../world/disks.ts';
import type { ApiRow } from '../common.ts';

export const SMART_ATTRIBUTES: SimMethod = {
  name: 'disk.smart_attributes',
  description: 'What an ATA disk counts about itself.',
  params: [['name', text()]],
  run({ world }: MethodContext, name: string) {
    const disk = world.disks.all.find((each) => each.name === name);
    if (disk === undefined || disk.bus !== 'ATA') {
      throw new CallError(`${name} is no ATA disk`, ERRNO.EINVAL);
    }
    return attributesOf(disk, world.now());
  },
};

function attributesOf(disk: Disk, nowMs: number): ApiRow[] {
  const pending = disk.health === 'failing' ? 184 : 0;
  const degrees = temperatureAt(disk, nowMs);
  return [
    attribute(5, 'Reallocated_Sector_Ct', 100, 10, pending === 0 ? 0 : 96),
    attribute(
      9,
      'Power_On_Hours',
      Math.max(1, 100 - Math.floor(disk.powerOnHours / 1000)),
      0,
      disk.powerOnHours,
    ),
    attribute(194, 'Temperature_Celsius', Math.max(1, 100 - degrees), 0, degrees),
    attribute(197, 'Current_Pending_Sector', 100, 0, pending),
    attribute(198, 'Offline_Uncorrectable', 100, 0, pending),
  ];
}

function attribute(id: number, name: string, value: number, thresh: number, raw: number): ApiRow {
  return { id, name, value, worst: value, thresh, when_failed: '', raw: { value: raw, string: String(raw) } };
}
