/** Templates of access lists that the NAS keeps. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rawRowsOf, rowsOf } from '../support/rows.ts';
import { type AclKind, ofTemplate, type WantedEntry } from './acl-entries.ts';

/**
 * The list of a template.
 * @param kind of lists that the dataset keeps; absent for a dataset that is not there yet
 * @throws InputProblem when there is none of the name and kind
 */
export async function templateOf(
  nas: ReadClient,
  name: string,
  kind: AclKind | undefined,
): Promise<readonly WantedEntry[]> {
  const rows = rowsOf(await nas.call('filesystem.acltemplate.query', query({ orderBy: ['name'] })), {
    name: field.rawText,
    acltype: field.rawText,
    acl: field.items,
  });
  const found = rows.find((row) => row.name?.toLowerCase() === name.trim().toLowerCase());
  const fitting = rows
    .filter(({ acltype }) => kind === undefined || acltype === kind)
    .map((row) => safeCell(row.name ?? '-'));
  if (found === undefined || found.acl === null || found.acl.length === 0)
    throw new InputProblem(
      'template',
      `names none: ${JSON.stringify(safeCell(name))}`,
      `there is ${fitting.slice(0, 12).join(', ')}`,
    );
  if (kind !== undefined && found.acltype !== kind)
    throw new InputProblem(
      'template',
      `is of another kind than the dataset, which keeps ${kind}`,
      `there is ${fitting.slice(0, 12).join(', ')}`,
    );
  return rawRowsOf(found.acl.map((entry) => Object(entry))).map(ofTemplate);
}
