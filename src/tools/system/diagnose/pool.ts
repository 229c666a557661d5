/** What is wrong with a pool: its state, its bad disks with what one needs to find them, its space, locked datasets in it. */
import { type BadDisk, judgePool } from '../../../findings/pool.ts';
import { formatDuration } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { datasetListExtra, ENCRYPTION_PROPERTIES, listFilters } from '../../storage/dataset-query.ts';
import { placeIn } from '../../storage/disk-place.ts';
import { DISK_USES } from '../../storage/get-disk.ts';
import { type PoolRead, readPool } from '../../storage/get-pool.ts';
import {
  describeScan,
  isKnownTrouble,
  isResilvering,
  poolProblems,
  unknownFacts,
  usedPercent,
} from '../../storage/pool-state.ts';
import { replacementText } from '../../storage/replacement.ts';
import { namedByGuid } from '../../storage/gone-members.ts';
import { describeErrors, identityText, isInService, type LayoutEntry } from '../../storage/topology.ts';
import { redundancyText } from '../../storage/vdev-redundancy.ts';
import { gapText, type Part, readPart, valueOr } from '../../support/part.ts';
import { field, type RowOf, rowsOf } from '../../support/rows.ts';
import { some, type Subject } from './subject.ts';

/** Bad disks that are looked at one by one; of more the pool itself tells. */
const MAX_DISKS = 3;
/** Locked datasets that are named. */
const MAX_LOCKED = 20;

export const pool: Subject = {
  uses: ['pool.dataset.query', ...DISK_USES],
  async diagnose({ nas, nowMs }, name) {
    const { pool: row, layout: members } = await readPool(nas, name);
    const { layout, read: records } = await namedByGuid(nas, members);
    const read = { pool: row, layout };
    const troubled = read.layout.filter((entry) => entry.disk !== undefined && isKnownTrouble(entry));
    const names = troubled.flatMap(({ disk }) => disk ?? []);
    const disks = await readPart(nas, (limited) => disksNamed(limited, names));
    const [badDisks, locked] = await Promise.all([
      Promise.all(troubled.map((entry, index) => badDisk(nas, read, entry, disks, index < MAX_DISKS))),
      readPart(nas, (limited) => lockedIn(limited, read.pool.name ?? name)),
    ]);
    const scan = scanText(read);
    const { status, healthy, warning, status_code: statusCode, status_detail: detail } = read.pool;
    const unknown = unknownFacts(read.pool, read.pool.topology && read.layout);
    const used = usedPercent(read.pool);
    const isRunning = isResilvering(read.pool.scan);
    const about = safeCell(read.pool.name ?? name, 60);
    return {
      headline: `pool ${about} is ${safeCell(status ?? 'in a state nobody knows', 40)}`,
      findings: judgePool({
        name: about,
        status,
        statusCode,
        detail: detail === null || detail === '' ? undefined : safeCell(detail, 200),
        isHealthy: healthy,
        isWarned: warning === true && statusCode !== 'FEAT_DISABLED',
        usedPercent: used === undefined ? undefined : Math.round(used),
        scanErrors: read.pool.scan?.errors ?? null,
        resilver: isRunning ? scan : undefined,
        badDisks,
        lockedDatasets: valueOr(locked, []).slice(0, MAX_LOCKED),
      }),
      unjudged: [
        ...unknown.slice(0, 6),
        ...some(gapText(records) && `names of disks that are gone ${gapText(records)}`),
        ...some(gapText(disks) && `models, serials and slots ${gapText(disks)}`),
        ...some(gapText(locked) && `locked datasets ${gapText(locked)}`),
      ],
      lines: [
        ...(isRunning ? [] : [`scan: ${scan}`]),
        ...poolProblems({ ...read.pool, status_detail: null }, [], nowMs)
          .filter((problem) => problem.startsWith('no scrub'))
          .map((problem) => safeCell(problem, 160)),
        ...(valueOr(locked, []).length > MAX_LOCKED ? [`(more than ${MAX_LOCKED} datasets are locked)`] : []),
      ],
    };
  },
};

const DISK = {
  name: field.text,
  model: field.text,
  serial: field.text,
  size: field.integer,
  enclosure: field.object({ number: field.number, slot: field.number }),
};
type Disk = RowOf<typeof DISK>;

async function disksNamed(nas: ReadClient, names: readonly string[]): Promise<Disk[]> {
  if (names.length === 0) return [];
  const parameters = query({ filters: [['name', 'in', names]], select: Object.keys(DISK), limit: 100 });
  return rowsOf(await nas.call('disk.query', parameters), DISK);
}

/** A disk that is in trouble, with what one needs to find it. What may replace it is looked up where `isLookedAt`. */
async function badDisk(
  nas: ReadClient,
  { pool: { name: poolName }, layout }: PoolRead,
  entry: LayoutEntry,
  disks: Part<Disk[]>,
  isLookedAt: boolean,
): Promise<BadDisk> {
  const name = entry.disk ?? entry.name;
  const disk = valueOr(disks, []).find((each) => each.name === name);
  const place = placeIn({ pool: poolName ?? '-', layout }, name, []);
  const replacement =
    isLookedAt && place !== undefined && !isInService(entry)
      ? await replacementText(nas, place, { sizeBytes: disk?.size ?? null, isTroubled: true })
      : undefined;
  const evidence = [
    entry.status,
    describeErrors(entry),
    entry.identity ?? identityOf(disks, disk),
    slotText(disks, disk),
    place && redundancyText(place.vdev, place.members),
  ];
  const call = `replace_disk ${JSON.stringify({ pool: safeCell(poolName ?? '-', 60), old: safeCell(name, 60), new: '<free disk>' })}`;
  return {
    name: entry.isNameless ? entry.name : safeCell(name, 60),
    isInService: isInService(entry),
    evidence: evidence.filter(Boolean).join('; '),
    next: isInService(entry)
      ? `get_disk ${JSON.stringify({ disk: safeCell(name, 60) })}`
      : `${call}${replacement === undefined ? '' : ` (${replacement})`}`,
  };
}

function identityOf(disks: Part<Disk[]>, disk: Disk | undefined): string {
  if (disk !== undefined) return identityText(disk);
  return `model and serial ${gapText(disks) ?? 'not known: the NAS does not list the disk'}`;
}

function slotText(disks: Part<Disk[]>, disk: Disk | undefined): string {
  const slot = disk?.enclosure?.slot ?? null;
  if (slot !== null) return `enclosure ${disk?.enclosure?.number ?? 0}, slot ${slot}`;
  const gap = gapText(disks);
  return gap === undefined ? 'slot not known, go by the serial number' : `slot ${gap}`;
}

/** `resilver 42 %, 3 h left`. */
function scanText({ pool: { scan, size } }: PoolRead): string {
  const isRunning = scan?.state === 'SCANNING' && scan.pause === null;
  const left = isRunning ? scan.total_secs_left : null;
  const words = describeScan(scan) ?? (size === null ? 'unknown' : 'never');
  if (!isRunning) return words;
  return left === null ? `${words}, time left not known` : `${words}, ${formatDuration(left * 1000)} left`;
}

async function lockedIn(nas: ReadClient, name: string): Promise<string[]> {
  const parameters = query({
    filters: listFilters([
      ['locked', '=', true],
      ['pool', '=', name],
    ]),
    select: ['id'],
    orderBy: ['id'],
    limit: MAX_LOCKED + 1,
    extra: await datasetListExtra(nas, ENCRYPTION_PROPERTIES),
  });
  const rows = rowsOf(await nas.call('pool.dataset.query', parameters), { id: field.text });
  return rows.map(({ id }) => safeCell(id ?? '-', 100));
}
