/** Datasets that a change makes itself, and that hold nothing yet: who may reach them learns nothing. */
import type { JudgedCall } from './call.ts';
import { isRecord } from './rule.ts';

/** Methods that may stand between the making of a dataset and its sharing without putting data into it. */
const LEAVE_EMPTY =
  /^(?:pool\.dataset\.(?:create|update)|filesystem\.(?:setacl|setperm|chown|mkdir)|sharing\.(?:smb|nfs)\.\w+|iscsi\.(?:[a-z]+\.)?(?:create|update)|(?:pool|zfs)\.snapshot\.create|pool\.snapshottask\.create|service\.(?:control|update|start)|(?:user|group)\.create)$/;

/** True when one of these calls may put data into a dataset, or brings one with data: a clone, another name. */
export function mayFill(calls: readonly JudgedCall[]): boolean {
  return calls.some(({ method }) => !LEAVE_EMPTY.test(method));
}

/** The datasets by name that these calls make; none once a call may have filled them. */
export function createdDatasets(calls: readonly JudgedCall[]): readonly string[] {
  if (mayFill(calls)) return [];
  return calls.flatMap(({ method, params }) => {
    const [data] = params;
    const name = isRecord(data) ? data['name'] : undefined;
    return method === 'pool.dataset.create' && typeof name === 'string' ? [name] : [];
  });
}

/** True when a path below /mnt, or a dataset, lies in the dataset. A path that is not written plainly never does. */
export function isInside(pathOrName: string, dataset: string): boolean {
  // One of them only: below `/mnt`, `zvol` is the name of a pool.
  const name = pathOrName.replace(/^(?:\/mnt\/|\/dev\/zvol\/|zvol\/)/, '');
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return false;
  return name === dataset || name.startsWith(`${dataset}/`);
}
