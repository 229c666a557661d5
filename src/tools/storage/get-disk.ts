import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { formatBytes, formatExactBytes } from '../../output/units.ts';
import { safeCell, shown } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { anyOf, query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { factsOutput } from '../support/outputs.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { type DiskLabels, poolClaim, SAME_SERIAL } from './disk-claims.ts';
import { findMembership, type Membership, membershipText } from './disk-place.ts';
import { temperatureText } from './disk-temperatures.ts';
import { unknownDisk } from './find.ts';
import { readPoolLayouts } from './pool-layouts.ts';
import { replacementText } from './replacement.ts';
import { selfTestText } from './self-tests.ts';
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
  pool: poolClaim,
  enclosure: field.object({ number: field.number, slot: field.number }),
};

/** Methods that {@link lookAtDisk} calls. */
export const DISK_USES: readonly string[] = [
  'disk.query',
  'disk.temperatures',
  'disk.temperature_agg',
  'disk.details',
  'pool.query',
  'boot.get_state',
  'smart.test.results',
];

/** One disk, with its place in its pool and the errors ZFS has counted there. */
export const getDisk = defineTool({
  name: 'get_disk',
  toolset: 'storage',
  title: 'Get disk',
  words: 'drive hdd ssd nvme serial smart health error temperature which free disk fits',
  description: 'One disk: identity, place in its pool, error counts, temperature now and over the last week.',
  input: z.strictObject({ disk: z.string().describe('name such as sda, or serial number') }),
  output: factsOutput,
  carriesFreeText: true,
  uses: DISK_USES,
  mayLack: [
    { method: 'disk.temperatures' },
    { method: 'disk.temperature_agg' },
    { method: 'disk.details' },
    { method: 'pool.query' },
    { method: 'boot.get_state' },
    { method: 'smart.test.results' },
  ],
  examples: [
    { args: { disk: 'sdi' }, why: 'a failed disk' },
    { args: { disk: 'sda' }, why: 'a healthy one' },
    { args: { disk: '/dev/sdi' }, why: 'a device path' },
    { args: { disk: 'sdzz' }, why: 'a disk that is not there' },
    { args: { disk: 'sdn' }, why: 'a disk in no pool' },
    { args: { disk: 'nvme0n1' }, why: 'an NVMe drive' },
  ],
  run: (nas, input) => lookAtDisk(nas, input.disk),
});

/**
 * The disk of this name or serial number, as `get_disk` tells of it.
 * @throws InputProblem when there is none, or when several have the serial number
 */
export async function lookAtDisk(nas: ReadClient, named: string) {
  const wanted = named.trim().replace(/^\/dev\//u, '');
  if (wanted === '') throw new InputProblem('disk', 'is empty', 'a name such as "sda", or a serial number');
  const [rows, layouts] = await Promise.all([rowsNamed(nas, wanted), readPart(nas, readPoolLayouts)]);
  const disk = diskOf(rows, wanted);
  const name = disk?.name ?? wanted;
  const membership = await findMembership(nas, name, disk?.pool, layouts);
  const place = valueOr(membership.place, undefined);
  if (disk === undefined && place === undefined) throw await unknownDisk(nas, 'disk', wanted);
  return describe(nas, disk ?? { ...NO_ROW, name }, membership, disk !== undefined);
}

type Disk = RowOf<typeof DISK>;

/** A disk that a layout names and `disk.query` does not. */
const NO_ROW = objectOf({}, DISK);

/** The answer. */
async function describe(nas: ReadClient, disk: Disk, membership: Membership, hasRow: boolean) {
  const name = disk.name ?? '';
  const labels = membership.labels && valueOr(membership.labels, undefined);
  const place = valueOr(membership.place, undefined);
  const redundancy = place && redundancyText(place.vdev, place.members);
  const [temperature, tests, twins, replacement] = await Promise.all([
    temperatureText(nas, name),
    selfTestText(nas, name),
    readPart(nas, (limited) => twinsOf(limited, disk, labels)),
    redundancy === undefined || place === undefined
      ? undefined
      : replacementText(nas, place, { sizeBytes: disk.size, isTroubled: isTroubled(place.entry) }),
  ]);
  const pool = place?.pool ?? disk.pool ?? labels?.imported.get(name) ?? null;
  const exported = labels?.exported.get(name);
  const slot = disk.enclosure?.slot ?? null;
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
    errors: gapText(membership.place) ?? (place && (describeErrors(place.entry) ?? 'none')),
    temperature,
    selfTests: tests,
    standby: shown(disk.hddstandby, 80),
    enclosure: slot === null ? undefined : `${disk.enclosure?.number ?? 0}, slot ${slot}`,
    description: shown(disk.description, 80),
    lunid: shown(disk.lunid, 80),
    sameSerial: gapText(twins) ?? valueOr(twins, null) ?? undefined,
  };
  const text = [
    `disk ${data.name}${place ? `: ${place.entry.status}` : ''}`,
    ...(hasRow ? [] : ['disk.query has no row for it: model, serial and size are not known']),
    ...factLines([
      ['model', data.model],
      ['serial', data.serial],
      ['same serial', data.sameSerial],
      ['size', disk.size === null ? undefined : `${formatBytes(disk.size)} = ${formatExactBytes(disk.size)}`],
      [
        'type',
        [data.type, data.bus, disk.rotationrate ? `${disk.rotationrate} rpm` : undefined]
          .filter(Boolean)
          .join(', '),
      ],
      ['pool', membershipText(membership, name)],
      ['errors', data.errors],
      ['redundancy', redundancy],
      ['replacement', replacement],
      ['temperature', temperature],
      ['self-tests', tests],
      ['standby', data.standby],
      ['slot', data.enclosure ?? 'the NAS does not tell'],
      ['description', data.description],
      ['lunid', data.lunid],
    ]),
  ].join('\n');
  return { text, data, where: membershipText(membership, name) };
}

/** Disks of one serial that are named when it is not enough to tell them apart. */
const MAX_NAMED = 10;

/** The rows of disks of that name, serial number or identifier. */
async function rowsNamed(nas: ReadClient, wanted: string): Promise<Disk[]> {
  const parameters = query({
    filters: [anyOf(['name', '=', wanted], ['serial', '=', wanted], ['identifier', '=', wanted])],
    select: Object.keys(DISK),
    orderBy: ['name'],
    limit: MAX_NAMED,
    extra: { pools: true },
  });
  return rowsOf(await nas.call('disk.query', parameters), DISK);
}

/**
 * The disk of that name, else of that serial number; undefined when there is none.
 * @throws InputProblem when several have the serial number: guessing would show a healthy disk for one that fails
 */
function diskOf(disks: readonly Disk[], wanted: string): Disk | undefined {
  const disk = disks.find(({ name }) => name === wanted) ?? disks[0];
  if (disk === undefined || disk.name === wanted) return disk;
  if (disks.length > 1) {
    const names = disks.map(nameAndPool).join(', ');
    throw new InputProblem('disk', `is the serial number of ${disks.length} disks: ${names}`, 'ask by name');
  }
  // The NAS found it by its name, then, whatever it says the name is.
  const isFoundByName = disk.serial !== wanted && disk.identifier !== wanted;
  return disk.name === null && isFoundByName ? { ...disk, name: wanted } : disk;
}

function nameAndPool({ name, pool }: Pick<Disk, 'name' | 'pool'>): string {
  const where =
    pool === null ? 'no pool' : pool === undefined ? 'pool not known' : `pool ${safeCell(pool, 60)}`;
  return `${safeCell(name ?? '-', 20)} (${where})`;
}

/** Other disks with the same serial number; null when there are none. */
async function twinsOf(nas: ReadClient, disk: Disk, labels: DiskLabels | undefined): Promise<string | null> {
  const labelled = labels?.twins.get(disk.name ?? '');
  const rows = disk.serial ? await disksOfSerial(nas, disk.serial) : [];
  const others = rows.filter(({ name }) => name !== null && name !== disk.name).map(nameAndPool);
  // One row is the disk itself, perhaps one without a name.
  const nameless = rows.filter(({ name }) => name === null).length;
  const unnamed = rows.some(({ name }) => name === disk.name) ? nameless : nameless - 1;
  const unseen = (labelled ?? []).filter((name) => !rows.some((row) => row.name === name));
  const named = [
    ...others,
    ...unseen.map((name) => safeCell(name, 20)),
    ...(unnamed > 0 ? [`${unnamed} more whose name is unknown`] : []),
  ];
  return named.length === 0 ? null : `${named.join(', ')}: ${SAME_SERIAL}`;
}

async function disksOfSerial(nas: ReadClient, serial: string): Promise<Pick<Disk, 'name' | 'pool'>[]> {
  const parameters = query({
    filters: [['serial', '=', serial]],
    select: ['name', 'pool'],
    limit: MAX_NAMED,
    extra: { pools: true },
  });
  return rowsOf(await nas.call('disk.query', parameters), { name: field.text, pool: poolClaim });
}
