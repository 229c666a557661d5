/** Numbers of users and groups by name. */
import { InputProblem } from '../../output/problem.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from './rows.ts';

/** A user or group. */
export interface AccountId {
  readonly id: number;
  /** Absent for one that is named by its number. */
  readonly isSmb?: boolean | null;
}

/**
 * Calls `user.query` or `group.query`; a number stands for itself.
 * @throws InputProblem when there is no such account
 */
export async function accountId(
  nas: ReadClient,
  argument: string,
  noun: 'user' | 'group',
  name: string,
): Promise<AccountId> {
  const wanted = name.trim();
  if (/^\d{1,10}$/u.test(wanted)) return { id: Number(wanted) };
  const [method, key, number] =
    noun === 'user'
      ? (['user.query', 'username', 'uid'] as const)
      : (['group.query', 'group', 'gid'] as const);
  const shape = { [key]: field.rawText, [number]: field.number, smb: field.flag };
  const [row] = rowsOf(await nas.call(method, query({ filters: [[key, '=', wanted]] })), shape);
  const id = row?.[number];
  if (typeof id === 'number') return { id, isSmb: typeof row?.smb === 'boolean' ? row.smb : null };
  const all = rowsOf(await nas.call(method, query({ select: [key], limit: 1_000 })), { [key]: field.text });
  const names = all.flatMap((each) => each[key] ?? []).map((each) => safeCell(each));
  throw new InputProblem(
    argument,
    `names no ${noun}: ${JSON.stringify(safeCell(wanted))}`,
    didYouMean(nearNames(wanted, names)),
  );
}
