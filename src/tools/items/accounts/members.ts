/** Members of groups, as `user.query` finds them. */
import type { Filter } from '../../../truenas/query.ts';

/**
 * Users with these ids, and users whose first group is one of these: some releases do not count the latter as members.
 * @param firstGroup the field that tells a user's first group
 */
export function membersFilter(
  ids: readonly number[],
  firstGroup: 'group.id' | 'group.bsdgrp_gid',
  groups: readonly number[],
): Filter {
  return [
    'OR',
    [
      ['id', 'in', ids],
      [firstGroup, 'in', groups],
    ],
  ];
}
