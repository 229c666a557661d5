/** Who may do what with buckets: schema, names and checks that `s3.*` and `sharing.s3.*` share. */
import * as z from 'zod';
import type { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { model } from '../schema/schema.ts';
import type { S3Grant } from '../world/s3.ts';
import type { ApiRow } from './common.ts';

/** Operations that can be audited. */
export const S3_OPERATIONS = [
  ...(['GetObject', 'PutObject', 'DeleteObject', 'GetObjectTagging', 'PutObjectTagging'] as const),
  ...(['DeleteObjectTagging', 'ListBucket', 'GetBucketLocation', 'ListBucketMultipartUploads'] as const),
  ...(['ListMultipartUploadParts', 'AbortMultipartUpload', 'PutObjectRetention'] as const),
  ...(['PutObjectLegalHold', 'ListAllMyBuckets', 'GetObjectAcl', 'PutObjectAcl', 'GetBucketAcl'] as const),
  ...(['PutBucketAcl', 'PutBucketVersioning', 'CreateBucket', 'DeleteBucket'] as const),
] as const;

/** Some operations, or all. */
export const auditMask = z.union([z.array(z.enum(S3_OPERATIONS)), z.literal('ALL')]);
/** What happens to requests that cannot be audited in time. */
export const auditOverflow = z.enum(['DROP', 'BACKPRESSURE']);

/** A list of grants as arguments. */
export const grants = z.array(
  model('S3Grant', {
    principal_type: z.enum(['USER', 'GROUP', 'EVERYONE']),
    xid: z.int().nullable().default(null),
    access: z.enum(['READONLY', 'WRITEONLY', 'READWRITE', 'DENY']),
  }),
);

/** Grants with the names of whom they are for. */
export function showGrants(context: MethodContext, list: readonly S3Grant[]): ApiRow[] {
  return list.map((grant) => ({ ...grant, name: nameOf(context, grant) ?? String(grant.xid) }));
}

/** Complains of grants for people or groups that do not exist. */
export function checkGrants(
  context: MethodContext,
  list: readonly S3Grant[],
  problems: ValidationErrors,
  at: string,
): void {
  list.forEach((grant, index) => {
    const place = `${at}.${String(index)}.xid`;
    if (grant.principal_type === 'EVERYONE') {
      if (grant.xid !== null) problems.add(place, 'Must not be given for EVERYONE');
    } else if (nameOf(context, grant) === null) {
      problems.add(place, `${grant.principal_type === 'USER' ? 'User' : 'Group'} does not exist`);
    }
  });
}

function nameOf({ accounts }: MethodContext, { principal_type: type, xid }: S3Grant): string | null {
  if (type === 'EVERYONE') return 'everyone';
  if (type === 'USER') return [...accounts.users.values()].find(({ uid }) => uid === xid)?.username ?? null;
  return [...accounts.groups.values()].find(({ gid }) => gid === xid)?.name ?? null;
}
