/** A part of what is looked at before an upgrade: each on its own, so that one which cannot be read leaves the rest. */
import type { Judged } from '../../findings/judging.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { TrueNasError } from '../../truenas/errors.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { gapText, readPart } from '../support/part.ts';
import { type Fields, type RowOf, rowsOf } from '../support/rows.ts';
import { enters, type UpgradePath } from './upgrade-steps.ts';

/** What was judged, and lines that hold for the part, already safe. */
export interface PartJudged extends Judged {
  readonly lines?: readonly string[];
}

/** A part, and the methods that it reads with; a release may lack the first. */
export interface UpgradePart {
  readonly title: string;
  readonly uses: readonly [string, ...string[]];
  /** Where given: looked at only on a way into this release. */
  readonly into?: string;
  /** Where given: looked at only on releases before this one. */
  readonly until?: string;
  read(nas: ReadClient, path: UpgradePath): Promise<PartJudged>;
}

/** What was read of a part, and why it was not. */
export interface PartRead {
  readonly judged: Judged;
  readonly gaps: readonly string[];
  readonly lines: readonly string[];
  /** The part was looked at. */
  readonly isRead: boolean;
}

/** Rows of each part that are looked at. */
const MAX_ROWS = 500;

/** @throws TrueNasError for more rows than are looked at: the rest may be the troubled ones */
export async function rowsFrom<Shape extends Fields>(
  nas: ReadClient,
  method: string,
  shape: Shape,
  filters: readonly Filter[] = [],
): Promise<RowOf<Shape>[]> {
  const rows = rowsOf(
    await nas.call(method, query({ filters, select: Object.keys(shape), limit: MAX_ROWS })),
    shape,
  );
  if (rows.length < MAX_ROWS) return rows;
  const nextStep = 'Look at them in the web interface.';
  throw new TrueNasError('call', { summary: `there are ${MAX_ROWS} or more`, nextStep, method });
}

/** Reads a part. One that concerns another way is read only where it is asked for, and finds nothing. */
export async function readUpgradePart(
  nas: ReadClient,
  part: UpgradePart,
  path: UpgradePath,
  isAskedFor: boolean,
): Promise<PartRead> {
  const nothing: Judged = { findings: [], unknown: [] };
  const isOnTheWay = concerns(part, path);
  // That the way is not known is told once.
  const isRead = (isOnTheWay === true || isAskedFor) && (await nas.has(part.uses[0]));
  if (!isRead) return { judged: nothing, gaps: [], lines: [], isRead };
  const read = await readPart(nas, (limited) => part.read(limited, path));
  if (!('value' in read))
    return { judged: nothing, gaps: [`${part.title} ${gapText(read) ?? ''}`], lines: [], isRead };
  const { lines = [], ...judged } = read.value;
  return { judged: isOnTheWay === true ? judged : { ...judged, findings: [] }, gaps: [], lines, isRead };
}

/** True when the way concerns a part; null where that is not known. */
function concerns({ into, until }: UpgradePart, path: UpgradePath): boolean | null {
  if (until !== undefined && isAtLeast(path.from, until))
    return path.from.family === 'unknown' ? null : false;
  return into === undefined ? true : enters(path, into);
}
