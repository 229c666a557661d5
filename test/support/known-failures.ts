/**
 * Failures that are known. A suite is green while exactly the listed ones fail: one that is not listed fails the suite,
 * and so does a listed one that holds by now, so that the list can only shrink.
 */
import { readFileSync } from 'node:fs';

/** The ids in a file of known failures: a JSON list of texts. @throws Error for one that is there twice or out of order */
export function readKnownFailures(file: URL): ReadonlySet<string> {
  const ids = JSON.parse(readFileSync(file, 'utf8')) as string[];
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? '')))
    throw new Error(`${file.pathname}: ids are sorted, and each is there once`);
  return new Set(ids);
}

/**
 * What is not as the list has it: the problems of a thing that should hold, or that a listed thing has none; with `seen`
 * at the end, to judge them by.
 */
export function unexpectedProblems(
  known: ReadonlySet<string>,
  id: string,
  problems: readonly string[],
  seen: string,
): readonly string[] {
  if (!known.has(id)) return problems.length === 0 ? [] : [...problems, seen];
  return problems.length > 0 ? [] : [`${id} holds by now: take it off the list of known failures`, seen];
}
