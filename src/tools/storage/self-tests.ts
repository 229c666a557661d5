/** Self-tests of a disk (S.M.A.R.T.), of releases whose API has them: up to 25.04. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, isObject, rowsOf } from '../support/rows.ts';

const RESULTS = { disk: field.text, tests: field.items };
const TEST = { description: field.text, status: field.text, status_verbose: field.text };

/** `last Short offline FAILED (Completed: read failure), 2 of 4 failed`; undefined where the release has none. Calls `smart.test.results`. */
export async function selfTestText(nas: ReadClient, disk: string): Promise<string | undefined> {
  if (!(await nas.has('smart.test.results'))) return undefined;
  const part = await readPart(nas, async (limited) => {
    const parameters = query({ filters: [['disk', '=', disk]] });
    return rowsOf(await limited.call('smart.test.results', parameters), RESULTS);
  });
  if ('gap' in part) return gapText(part);
  const [results] = part.value;
  if (results === undefined) return 'not reported';
  return results.tests === null ? 'unknown' : describeTests(results.tests);
}

/** The newest test comes first. */
function describeTests(items: readonly unknown[]): string {
  const tests = items.map((item) => TEST_READER(isObject(item) ? item : {}));
  const [last] = tests;
  if (last === undefined || last === null) return 'none was run';
  const failed = tests.filter((test) => test?.status === 'FAILED').length;
  const why =
    last.status === 'SUCCESS' || last.status_verbose === null
      ? ''
      : ` (${safeCell(last.status_verbose, 60)})`;
  const ending = `last ${safeCell(last.description ?? '-', 40)} ${safeCell(last.status ?? 'unknown', 20)}${why}`;
  return `${ending}, ${failed} of ${tests.length} failed`;
}

const TEST_READER = field.object(TEST);
