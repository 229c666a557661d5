import { z } from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { formatBytes, formatExactBytes } from '../../output/units.ts';
import { safeCell, shown } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { anyOf, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { factsOutput } from '../support/outputs.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { formatCelsius, readTemperatures } from './disk-temperatures.ts';
import { claimedPool, type DiskClaims, readDiskClaims, SAME_SERIAL } from './disk-claims.ts';
import { type DiskPlace, placeOf } from './disk-place.ts';
import { unknownDisk } from './find.ts';
import { replacementText } from './replacement.ts';
import { describeErrors, isTroubled } from './topology.ts';
import { redundancyText } from './vdev-redundancy.ts';

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
    const disk = await diskNamed(nas, input.disk.trim().replace(/^\/dev\//u, ''));
    const name = disk.name ?? '';
    const claims = disk.pool === null ? await readDiskClaims(nas) : undefined;
    const claim = claims && claimedPool(claims, name);
    const pool = disk.pool ?? claim?.pool ?? null;
    const [temperature, found, twins] = await Promise.all([
      temperatureText(nas, name),
      readPart(nas, async (limited) => (pool === null ? undefined : placeOf(limited, pool, name))),
      readPart(nas, (limited) => twinsOf(limited, disk, claims)),
    ]);
    const place = valueOr(found, undefined);
    const redundancy = place && redundancyText(place.vdev, place.members);
    const replacement =
      redundancy === undefined || place === undefined
        ? undefined
        : await replacementText(nas, place, { sizeBytes: disk.size, isTroubled: isTroubled(place.entry) });
    const slot = disk.enclosure?.slot ?? null;
    const exported = claims && valueOr(claims.labels, undefined)?.exported.get(name);
    const data = {
      name: safeCell(name, 60),
      model: shown(disk.model, 80),
      serial: shown(disk.serial, 80),
      sizeBytes: disk.size ?? undefined,
      type: shown(disk.type, 80),
      bus: shown(disk.bus, 80),
      rpm: disk.rotationrate ?? undefined,
      pool: shown(pool, 80),
      exportedPool: shown(exported ?? null, 80),
      status: place?.entry.status,
      vdev: place?.vdev.name,
      redundancy,
      replacement,
      errors: gapText(found) ?? (place && (describeErrors(place.entry) ?? 'none')),
      temperature,
      standby: shown(disk.hddstandby, 80),
      enclosure: slot === null ? undefined : `${disk.enclosure?.number ?? 0}, slot ${slot}`,
      description: shown(disk.description, 80),
      lunid: shown(disk.lunid, 80),
      sameSerial: gapText(twins) ?? valueOr(twins, null) ?? undefined,
    };
    const text = [
      `disk ${data.name}${place ? `: ${place.entry.status}` : ''}`,
      ...factLines([
        ['model', data.model],
        ['serial', data.serial],
        ['same serial', data.sameSerial],
        [
          'size',
          disk.size === null ? undefined : `${formatBytes(disk.size)} = ${formatExactBytes(disk.size)}`,
        ],
        [
          'type',
          [data.type, data.bus, disk.rotationrate ? `${disk.rotationrate} rpm` : undefined]
            .filter(Boolean)
            .join(', '),
        ],
        ['pool', claims === undefined ? poolText(pool, found) : unnamedPoolText(claims, name, claim)],
        ['errors', data.errors],
        ['redundancy', redundancy],
        ['replacement', replacement],
        ['temperature', temperature],
        ['standby', data.standby],
        ['slot', data.enclosure ?? 'the NAS does not tell'],
        ['description', data.description],
        ['lunid', data.lunid],
      ]),
    ].join('\n');
    return { text, data };
  },
});

type Disk = RowOf<typeof DISK>;

/** Disks of one serial that are named when it is not enough to tell them apart. */
const MAX_NAMED = 10;

/**
 * The disk of that name, else of that serial number.
 * @throws InputProblem when there is none, or when several have the serial number: guessing would show a healthy disk for one that fails
 */
async function diskNamed(nas: ReadClient, wanted: string): Promise<Disk> {
  if (wanted === '') throw new InputProblem('disk', 'is empty', 'a name such as "sda", or a serial number');
  const result = await nas.call(
    'disk.query',
    query({
      filters: [anyOf(['name', '=', wanted], ['serial', '=', wanted], ['identifier', '=', wanted])],
      select: Object.keys(DISK),
      orderBy: ['name'],
      limit: MAX_NAMED,
      extra: { pools: true },
    }),
  );
  const disks = rowsOf(result, DISK);
  const disk = disks.find(({ name }) => name === wanted) ?? disks[0];
  if (disk === undefined) throw await unknownDisk(nas, 'disk', wanted);
  if (disks.length > 1 && disk.name !== wanted) {
    const names = disks.map(nameAndPool).join(', ');
    throw new InputProblem('disk', `is the serial number of ${disks.length} disks: ${names}`, 'ask by name');
  }
  return disk;
}

function nameAndPool({ name, pool }: Pick<Disk, 'name' | 'pool'>): string {
  return `${safeCell(name ?? '-', 20)} (${pool === null ? 'no pool' : `pool ${safeCell(pool, 60)}`})`;
}

/** Other disks with the same serial number; null when there are none. */
async function twinsOf(nas: ReadClient, disk: Disk, claims: DiskClaims | undefined): Promise<string | null> {
  const labelled = claims && valueOr(claims.labels, undefined)?.twins.get(disk.name ?? '');
  const rows = disk.serial ? await disksOfSerial(nas, disk.serial) : [];
  const others = rows.filter(({ name }) => name !== disk.name).map(nameAndPool);
  const unseen = (labelled ?? []).filter((name) => !rows.some((row) => row.name === name));
  const named = [...others, ...unseen.map((name) => safeCell(name, 20))];
  return named.length === 0 ? null : `${named.join(', ')}: ${SAME_SERIAL}`;
}

async function disksOfSerial(nas: ReadClient, serial: string): Promise<Pick<Disk, 'name' | 'pool'>[]> {
  const parameters = query({
    filters: [['serial', '=', serial]],
    select: ['name', 'pool'],
    limit: MAX_NAMED,
    extra: { pools: true },
  });
  return rowsOf(await nas.call('disk.query', parameters), { name: field.text, pool: field.text });
}

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

/** The pool `disk.query` names, and the place there. */
function poolText(pool: string | null, found: Part<DiskPlace | undefined>): string {
  const name = safeCell(pool ?? '-', 80);
  if ('gap' in found) return name;
  const place = found.value;
  return place === undefined
    ? `${name}, whose layout does not name this disk`
    : `${name} (${place.entry.vdevClass} vdev ${place.vdev.name})`;
}

/** Of a disk that `disk.query` names no pool for: may it be used? Nobody knows when one of the other sources could not be read. */
function unnamedPoolText(
  { topology, labels }: DiskClaims,
  name: string,
  claim: ReturnType<typeof claimedPool>,
): string {
  if (claim !== undefined)
    return `${safeCell(claim.pool)} by ${claim.source}, though disk.query names no pool: NOT FREE`;
  const layoutGap = gapText(topology);
  if (layoutGap !== undefined) return `none by disk.query; the layout of the pools ${layoutGap}`;
  if ('gap' in labels) return `none imported; whether it holds an exported pool ${gapText(labels)}`;
  const pool = labels.value.exported.get(name);
  return pool === undefined ? 'none' : `none imported; NOT FREE, holds the exported pool ${safeCell(pool)}`;
}
