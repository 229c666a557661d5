/** Owner, mode and access list of a path as they are. */
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Place, placeOf } from '../support/path-place.ts';
import { rawRowsOf, recordOf } from '../support/rows.ts';
import type { AclEntry, AclKind } from './acl-entries.ts';

/** What is there now. */
export interface Present {
  readonly place: Place;
  readonly kind: AclKind | 'DISABLED';
  readonly isTrivial: boolean;
  /** `filesystem.getacl` in full. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly full: readonly AclEntry[];
  readonly short: readonly AclEntry[];
}

/** @throws InputProblem for a path whose permissions cannot be changed, or cannot be read */
export async function presentOf(nas: ReadClient, path: string): Promise<Present> {
  const place = await placeOf(nas, 'path', path);
  if (place.path.split('/').length === 3)
    throw new InputProblem(
      'path',
      'is the root of a pool, whose permissions the NAS keeps',
      'Name a dataset below it.',
    );
  if (place.hasLockedDataset === true)
    throw new InputProblem('path', `lies in ${place.dataset}, which is locked`);
  if (place.isReadonly) throw new InputProblem('path', `lies in ${place.dataset}, which is read-only`);
  const [row, short] = await Promise.all([
    nas.call('filesystem.getacl', [place.path, false]).then(recordOf),
    nas.call('filesystem.getacl', [place.path, true]).then(recordOf),
  ]);
  const { acltype, trivial } = row;
  if (acltype !== 'NFS4' && acltype !== 'POSIX1E' && acltype !== 'DISABLED')
    throw new InputProblem('path', 'has an access list of an unknown kind');
  return {
    place,
    kind: acltype,
    isTrivial: trivial === true,
    row,
    full:
      acltype === 'DISABLED' ? [] : rawRowsOf(Array.isArray(row['acl']) ? row['acl'] : null).map(sendable),
    short:
      acltype === 'DISABLED'
        ? []
        : rawRowsOf(Array.isArray(short['acl']) ? short['acl'] : null).map(sendable),
  };
}

/** Names that come with an entry are for people; its id counts. */
function sendable({ who: _who, ...entry }: AclEntry): AclEntry {
  return entry;
}
