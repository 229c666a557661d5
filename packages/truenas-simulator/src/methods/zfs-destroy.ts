/** `zfs.resource.destroy` (27.0): a filesystem or zvol goes, without the care of `pool.dataset.delete`. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { isInternal } from '../world/datasets.ts';
import { announce, ONLY_27_0 } from './common.ts';
import { obstacleTo } from './dataset-write.ts';

export const ZFS_DESTROY_METHODS: readonly SimMethod[] = [
  {
    name: 'zfs.resource.destroy',
    description: 'Destroys a filesystem or zvol, with all below it when recursive.',
    releases: ONLY_27_0,
    roles: ['ZFS_RESOURCE_DELETE'],
    params: [
      [
        'data',
        model('ZFSResourceDestroyArgsData', {
          path: text({ min: 1 }),
          recursive: z.boolean().default(false),
        }),
      ],
    ],
    run: destroyResource,
  },
];

function destroyResource(context: MethodContext, data: { path: string; recursive: boolean }): null {
  const { world } = context;
  const { path: id, recursive } = data;
  const refuse = (message: string, errno: number = ERRNO.EINVAL): never => {
    throw new ValidationErrors().add('zfs.resource.destroy', message, errno);
  };
  if (id.startsWith('/')) refuse('Absolute path is invalid. Must be in form of <pool>/<resource>.');
  if (id.endsWith('/')) refuse('Path must not end with a forward-slash.');
  if (isInternal(id)) refuse(`'${id}' is a protected path.`, ERRNO.EACCES);
  if (id.includes('@')) refuse('Use `zfs.resource.snapshot.destroy` to destroy snapshots.');
  if (!id.includes('/')) refuse('Destroying the root filesystem is not allowed.');
  const dataset = world.datasets.get(id);
  if (dataset === undefined) return refuse(`'${id}' does not exist.`, ERRNO.ENOENT);
  const extra = 'Set recursive=True to remove them.';
  if (!recursive && dataset.children.length > 0) refuse(`'${id}' has children. ${extra}`, ERRNO.ENOTEMPTY);
  if (!recursive && dataset.snapshots.length > 0) refuse(`'${id}' has snapshots. ${extra}`, ERRNO.ENOTEMPTY);
  // What keeps ZFS from destroying it is not looked at afterwards: the answer is the same.
  if (obstacleTo(world, dataset, recursive) !== null) return null;
  for (const gone of world.datasets.remove(id)) announce(context, 'pool.dataset', 'removed', gone.id);
  return null;
}
