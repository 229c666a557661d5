/** `pool.snapshot.*` (25.10 and later) and `zfs.snapshot.*` (25.04). */
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import { idParams, ONLY_25_04, type Options, SINCE_25_10 } from './common.ts';
import { snapshotEntity } from './snapshot-find.ts';
import { querySnapshots } from './snapshot-query.ts';

export const SNAPSHOT_METHODS: readonly SimMethod[] = (['zfs.snapshot', 'pool.snapshot'] as const).flatMap(
  (namespace): SimMethod[] => {
    const shared = {
      releases: namespace === 'zfs.snapshot' ? ONLY_25_04 : SINCE_25_10,
      roles: ['SNAPSHOT_READ'],
    };
    return [
      {
        ...shared,
        name: `${namespace}.query`,
        description: 'Lists snapshots.',
        filterable: true,
        answersQuery: true,
        run: querySnapshots,
      },
      {
        ...shared,
        name: `${namespace}.get_instance`,
        description: 'One snapshot, by its id `dataset@name`.',
        params: idParams(text(), true),
        run: getSnapshot,
      },
    ];
  },
);

function getSnapshot(context: MethodContext, id: string, options: Options): unknown {
  const rows = querySnapshots(context, [['id', '=', id]], { ...options, get: false, count: false });
  const [row] = rows as unknown[];
  if (row === undefined) throw doesNotExist(snapshotEntity(context.release), id);
  return row;
}
