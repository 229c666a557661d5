import { z } from 'zod';
import { factLines } from '../../output/table.ts';
import { formatBytes } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { anyOf, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { factsOutput } from '../support/outputs.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { bootPoolNamed } from './boot-pool.ts';
import { formatCelsius, readTemperatures } from './disk-temperatures.ts';
import { exportedPools } from './exported-pools.ts';
import { unknownDisk } from './find.ts';
import { describeErrors, type LayoutEntry, layoutOf, poolTopology } from './topology.ts';

const DISK = {
  identifier: field.text,
  name: field.text,
  serial: field.text,
  lunid: field.text,
  size: field.integer,
  type: field.text,
  model: field.text,
  bus: field.text,
  rotationrate: field.number,
  transfermode: field.text,
  hddstandby: field.text,
  description: field.text,
  pool: field.text,
  enclosure: field.object({ number: field.number, slot: field.number }),
};

/** One disk, with its place in its pool and the errors ZFS has counted there. */
export const getDisk = defineTool({
  name: 'get_disk',
  toolset: 'storage',
  title: 'Get disk',
  description: 'One disk: identity, place in its pool, error counts, temperature now and over the last week.',
  input: z.strictObject({ disk: z.string().describe('name such as sda, or serial number') }),
  output: factsOutput,
  carriesFreeText: true,
  uses: [
    'disk.query',
    'disk.temperatures',
    'disk.temperature_agg',
    'disk.details',
    'pool.query',
    'boot.get_state',
  ],
  examples: [
    { args: { disk: 'sdi' }, why: 'a failed disk' },
    { args: { disk: 'sda' }, why: 'a healthy one' },
    { args: { disk: '/dev/sdi' }, why: 'a device path' },
    { args: { disk: 'sdzz' }, why: 'a disk that is not there' },
    { args: { disk: 'sdn' }, why: 'a disk in no pool' },
    { args: { disk: 'nvme0n1' }, why: 'an NVMe drive' },
  ],
  async run(nas, input) {
    const wanted = input.disk.trim().replace(/^\/dev\//u, '');
    const result = await nas.call(
      'disk.query',
      query({
        filters: [anyOf(['name', '=', wanted], ['serial', '=', wanted], ['identifier', '=', wanted])],
        select: Object.keys(DISK),
        limit: 1,
        extra: { pools: true },
      }),
    );
    const [disk] = rowsOf(result, DISK);
    if (disk === undefined) throw await unknownDisk(nas, 'disk', wanted);

    const name = disk.name ?? '';
    const [temperature, found, exported] = await Promise.all([
      temperatureText(nas, name),
      readPart(nas, (limited) => placeOf(limited, disk.pool, name)),
      disk.pool === null ? exportedPools(nas) : undefined,
    ]);
    const place = valueOr(found, undefined);
    const slot = disk.enclosure?.slot ?? null;
    const data = {
      name: safeCell(name, 60),
      model: shown(disk.model),
      serial: shown(disk.serial),
      sizeBytes: disk.size ?? undefined,
      type: shown(disk.type),
      bus: shown(disk.bus),
      rpm: disk.rotationrate ?? undefined,
      pool: shown(disk.pool),
      exportedPool: shown(exported === undefined ? null : (valueOr(exported, undefined)?.get(name) ?? null)),
      status: place?.entry.status,
      vdev: place?.vdev,
      errors: gapText(found) ?? (place && (describeErrors(place.entry) ?? 'none')),
      temperature,
      standby: shown(disk.hddstandby),
      enclosure: slot === null ? undefined : `${disk.enclosure?.number ?? 0}, slot ${slot}`,
      description: shown(disk.description),
      lunid: shown(disk.lunid),
    };
    const text = [
      `disk ${data.name}${place ? `: ${place.entry.status}` : ''}`,
      ...factLines([
        ['model', data.model],
        ['serial', data.serial],
        ['size', disk.size === null ? undefined : formatBytes(disk.size)],
        [
          'type',
          [data.type, data.bus, disk.rotationrate ? `${disk.rotationrate} rpm` : undefined]
            .filter(Boolean)
            .join(', '),
        ],
        [
          'pool',
          data.pool === undefined
            ? withoutPool(exported, name)
            : `${data.pool}${place ? ` (${place.entry.vdevClass} vdev ${place.vdev})` : ''}`,
        ],
        ['errors', data.errors],
        ['temperature', temperature],
        ['standby', data.standby],
        ['enclosure', data.enclosure],
        ['description', data.description],
        ['lunid', data.lunid],
      ]),
    ].join('\n');
    return { text, data };
  },
});

const AGGREGATE = field.object({ min: field.number, max: field.number, avg: field.number });
const DAYS = 7;

/** Now and over the last days; each is read on its own. */
async function temperatureText(nas: ReadClient, name: string): Promise<string> {
  const [readings, week] = await Promise.all([
    readPart(nas, (limited) => readTemperatures(limited, [name])),
    readPart(nas, async (limited) => {
      const aggregates = await limited.call('disk.temperature_agg', [[name], DAYS]);
      return objectOf(aggregates, { [name]: AGGREGATE })[name] ?? null;
    }),
  ]);
  const now = valueOr(readings, undefined)?.readings.get(name);
  const implausible = valueOr(readings, undefined)?.implausible.get(name);
  const range = valueOr(week, null);
  const words = [
    gapText(readings) ?? implausible ?? (now === undefined ? undefined : `${formatCelsius(now)} now`),
    'gap' in week
      ? `the last ${DAYS} d ${gapText(week)}`
      : range === null || range.min === null || range.max === null
        ? undefined
        : `${formatCelsius(range.min)} to ${formatCelsius(range.max)} in ${DAYS} d`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(', ') : 'not reported';
}

const POOL = { topology: poolTopology };

async function placeOf(
  nas: ReadClient,
  pool: string | null,
  disk: string,
): Promise<{ entry: LayoutEntry; vdev: string } | undefined> {
  if (pool === null) return undefined;
  const parameters = query({ filters: [['name', '=', pool]], select: ['topology'] });
  const rows = rowsOf(await nas.call('pool.query', parameters), POOL);
  const [row] = rows.length > 0 ? rows : valueOr(await bootPoolNamed(nas, pool, POOL), []);
  let vdev = '-';
  for (const entry of layoutOf(row?.topology ?? null)) {
    if (entry.depth === 0) vdev = entry.name;
    if (entry.disk === disk) return { entry, vdev };
  }
  return undefined;
}

/** Of a disk in no imported pool: may it be used? Nobody knows when the exported pools could not be read. */
function withoutPool(exported: Awaited<ReturnType<typeof exportedPools>> | undefined, name: string): string {
  const gap = exported && gapText(exported);
  if (gap !== undefined) return `none imported; whether it holds an exported pool ${gap}`;
  const pool = exported && valueOr(exported, undefined)?.get(name);
  return pool === undefined ? 'none' : `none imported; NOT FREE, holds the exported pool ${safeCell(pool)}`;
}

function shown(text: string | null): string | undefined {
  return text ? safeCell(text, 80) : undefined;
}
