/** What an iSCSI target consists of: its LUNs with their extents, and the volumes behind them. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { rawRowsOf } from '../support/rows.ts';
import { text } from './changed-share.ts';

/** A row of the NAS. */
export type Row = Readonly<Record<string, unknown>>;

/** A LUN of a target. */
export interface TargetLun {
  readonly id: number;
  readonly lunid: unknown;
  readonly extent: Row & { readonly id: number };
  readonly extentName: string;
  /** The volume; undefined for an extent that is a file. */
  readonly volume: string | undefined;
}

/** @throws InputProblem when a part of it cannot be read: nobody knows then what a change would do */
export async function lunsOf(nas: ReadClient, target: number): Promise<TargetLun[]> {
  const ties = rawRowsOf(
    await nas.call(
      'iscsi.targetextent.query',
      query({ filters: [['target', '=', target]], orderBy: ['id'] }),
    ),
  );
  const ids = ties.map(({ extent }) => extent).filter((id) => typeof id === 'number');
  const extents =
    ids.length === 0
      ? []
      : rawRowsOf(await nas.call('iscsi.extent.query', query({ filters: [['id', 'in', ids]] })));
  return ties.map((tie) => {
    const extent = extents.find(({ id }) => id === tie['extent']);
    if (
      typeof tie['id'] !== 'number' ||
      extent === undefined ||
      typeof extent['id'] !== 'number' ||
      text(extent['name']) === ''
    )
      throw new InputProblem('share', 'is a target with a LUN that could not be read');
    return {
      id: tie['id'],
      lunid: tie['lunid'],
      extent: { ...extent, id: extent['id'] },
      extentName: text(extent['name']),
      volume: volumeOf(extent),
    };
  });
}

function volumeOf({ disk, path }: Row): string | undefined {
  const device = /^(?:\/dev\/)?zvol\/(.+)$/u.exec(text(disk) || text(path))?.[1];
  return device?.replaceAll('+', ' ');
}

/** `tank/iscsi/vm1`, for an impact. */
export function volumeText(luns: readonly TargetLun[]): string {
  return luns.map(({ volume, extent }) => safeCell(volume ?? text(extent['path']))).join(', ');
}

/** What an extent is made of, to make it anew: also its serial, by which initiators know it. */
export function extentBodyOf(extent: Row): Row {
  const {
    id: _id,
    naa: _naa,
    vendor: _vendor,
    locked: _locked,
    dataset: _dataset,
    relative_path: _relative,
    ...rest
  } = extent;
  if (rest['type'] !== 'DISK') return { ...rest, disk: null };
  const { path: _path, filesize: _size, ...volume } = rest;
  return volume;
}

/** What a target is made of, to make it anew. */
export function targetBodyOf(target: Row): Row {
  const { id: _id, rel_tgt_id: _number, ...rest } = target;
  return rest;
}
