/** Which jobs a key sees: a full administrator all, others their own and those that a role of theirs shows. */
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { askForOwner } from '../support/key-owner.ts';
import { field, objectOf, oddAnswer } from '../support/rows.ts';

/** `all` jobs, or just `some`. */
export type JobSight = Part<'all' | 'some'>;

const ME = { privilege: field.object({ roles: field.items }) };

/** Asks `auth.me`. A session that gave up its rights to write is no full administrator any more, and sees less. */
export async function readJobSight(nas: ReadClient): Promise<JobSight> {
  return readPart(nas, async (limited) => {
    const owner = await askForOwner(limited);
    // Before 25.04 a key belongs to nobody, and sees all jobs.
    if (owner === 'nobody') return 'all';
    const roles = objectOf(owner.me, ME).privilege?.roles ?? null;
    if (roles === null) throw oddAnswer(owner.me, 'roles');
    return roles.includes('FULL_ADMIN') ? 'all' : 'some';
  });
}

/** Says what the list may lack; undefined when it lacks nothing. */
export function sightNote(sight: JobSight): string | undefined {
  const gap = gapText(sight);
  if (gap !== undefined) return `(whether this key sees all jobs ${gap})`;
  return 'value' in sight && sight.value === 'all'
    ? undefined
    : '(without full administration a key sees its own jobs and the last run of each task)';
}
