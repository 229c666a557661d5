/** A disk that is to go into a pool: found by name or serial number, and refused where anything speaks for something on it. */
import { InputProblem } from '../../output/problem.ts';
import { formatExactBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient, WireValue } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, valueOr } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { claimedPool, layoutGap, poolClaim, readDiskClaims, SAME_SERIAL } from './disk-claims.ts';
import { unknownDisk } from './find.ts';

/** A disk with nothing on it. */
export interface NewDisk {
  readonly name: string;
  readonly identifier: string;
  readonly serial: string;
  readonly sizeBytes: number;
  /** `sdn (ST16000NM001G, serial ZL2…, 16 TB, HDD)`. */
  readonly text: string;
  readonly type: string | undefined;
}

const DISK = {
  name: field.rawText,
  identifier: field.rawText,
  serial: field.rawText,
  model: field.text,
  size: field.integer,
  type: field.text,
  pool: poolClaim,
};

/**
 * Finds it. Calls `disk.query`, `disk.details` and `pool.query`.
 * @throws InputProblem for a disk that is none, is in use, may be in use, or holds something
 */
export async function newDisk(nas: ReadClient, argument: string, wanted: string): Promise<NewDisk> {
  const asked = wanted.trim().replace(/^\/dev\//u, '');
  const answer = await nas.call('disk.query', query({ select: Object.keys(DISK), extra: { pools: true } }));
  const all = rowsOf(answer, DISK);
  const found = all.filter(({ name, serial }) => name === asked || serial === asked);
  const [disk] = found;
  if (disk === undefined) throw await unknownDisk(nas, argument, asked);
  if (found.length > 1)
    throw new InputProblem(
      argument,
      `${safeCell(asked)} are ${found.length} disks: ${SAME_SERIAL}`,
      'Name it.',
    );
  const { name, identifier, serial, size } = disk;
  if (!name || !identifier || !serial || size === null || size <= 0) {
    throw new InputProblem(
      argument,
      `the NAS does not tell name, serial number and size of ${safeCell(asked)}: what cannot be told from another is not written to`,
    );
  }
  const why = await claimOn(nas, name, disk.pool);
  if (why !== undefined) throw new InputProblem(argument, `${safeCell(name)} ${why.problem}`, why.right);
  const parts = [disk.model ?? 'unknown model', `serial ${safeCell(serial, 40)}`, formatExactBytes(size)];
  const text = `${safeCell(name, 20)} (${[...parts, disk.type].filter(Boolean).join(', ')})`;
  return { name, identifier, serial, sizeBytes: size, text, type: disk.type ?? undefined };
}

/** Why it is not free, completing its name. */
async function claimOn(
  nas: ReadClient,
  name: string,
  named: string | null | undefined,
): Promise<{ problem: string; right?: string } | undefined> {
  const wipe = 'If nothing on it is needed, a person wipes it in the web interface first.';
  if (typeof named === 'string') return { problem: `is in use by the pool ${safeCell(named, 60)}` };
  const [claims, partitions] = await Promise.all([readDiskClaims(nas), partitionCount(nas, name)]);
  const claim = claimedPool(claims, name);
  if (claim !== undefined)
    return { problem: `is in use by the pool ${safeCell(claim.pool, 60)}, by ${claim.source}` };
  if (named === undefined) return { problem: 'may be in a pool: disk.query does not tell' };
  const gap = layoutGap(claims);
  if (gap !== undefined) return { problem: `may be in a pool: ${gap}` };
  const labels = valueOr(claims.labels, undefined);
  if (labels === undefined)
    return {
      problem: `may hold a pool that is not imported: what is on the disks ${gapText(claims.labels) ?? ''}`,
    };
  const exported = labels.exported.get(name);
  if (exported !== undefined)
    return { problem: `holds the pool ${safeCell(exported, 60)}, which is exported`, right: wipe };
  if (labels.unread.has(name)) return { problem: 'may hold a pool: the NAS could not read what is on it' };
  const twins = labels.twins.get(name);
  if (twins !== undefined)
    return {
      problem: `has the serial number of ${twins.map((each) => safeCell(each, 20)).join(', ')}: ${SAME_SERIAL}`,
    };
  return partitions === 0 || partitions === undefined
    ? undefined
    : { problem: `is not clean: ${plural(partitions, 'partition')} on it`, right: wipe };
}

/** Partitions on a disk; undefined where the NAS does not tell: it then looks itself, and refuses a disk that has some. */
async function partitionCount(nas: ReadClient, disk: string): Promise<number | undefined> {
  const answer = await nas.call('disk.details', [{ join_partitions: true }]);
  const { used, unused } = objectOf(answer, { used: field.unknown, unused: field.unknown });
  const rows = [used, unused].flatMap((group) =>
    rowsOf(group as WireValue, { name: field.rawText, partitions: field.items }),
  );
  return rows.find(({ name }) => name === disk)?.partitions?.length;
}
