/**
 * The odd answers of `../shared/nas-cases`, asked through the whole server over a socket. To see what one of them is
 * answered, as if nothing was known of it: `CASE=F07 npx vitest run test/nas-cases` (several: `CASE=F07,F08`).
 *
 * What fails today stands in `known-failures.json`; a case that holds again is taken off it (see known-failures.ts). A case
 * whose answer is right in other words than it expects has an entry in `overrides.ts`.
 */
import { afterAll, expect, it } from 'vitest';
import { unexpectedProblems } from '../support/known-failures.ts';
import { OVERRIDES } from './overrides.ts';
import { answersOf, problemsOf, textOf } from './support/asking.ts';
import { isChosen, knownFailures } from './support/choice.ts';
import { describeNasCases, environmentIds, healthyAnswers, loadNasCases } from './support/nas-case.ts';
import { closeSimulators } from './support/odd-nas.ts';

afterAll(closeSimulators);

describeNasCases('the odd answers of real NASes', () => {
  const cases = loadNasCases().filter(isChosen);

  it.each(cases.map((each) => [each.id, each.input, each] as const))('%s %s', async (id, _input, each) => {
    const answers = await answersOf(each, healthyAnswers());
    const problems = problemsOf(answers, OVERRIDES[id]?.expect ?? each.expect);
    const seen = `right: ${each.right}\n\n${textOf(answers)}`;
    expect(unexpectedProblems(knownFailures, id, problems, seen)).toEqual([]);
  });

  it('every known failure with an id of these cases is one of them', () => {
    const ids = new Set([...loadNasCases().map((each) => each.id), ...environmentIds()]);
    expect([...knownFailures].filter((id) => /^[A-Z]\d\d$/u.test(id) && !ids.has(id))).toEqual([]);
  });

  it('overrides are of cases that are there, and each has a reason', () => {
    const ids = new Set(loadNasCases().map((each) => each.id));
    const odd = Object.entries(OVERRIDES).filter(([id, { reason }]) => !ids.has(id) || reason.length < 20);
    expect(odd).toEqual([]);
  });
});
