/**
 * Odd answers of our own, asked through the whole server over a socket; they run everywhere. To see what one of them is
 * answered, as if nothing was known of it: `CASE=D-two-paths npx vitest run test/nas-cases`.
 *
 * What fails today stands in `known-failures.json`, as for the shared ones.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { answerProblems, describeContract } from '../support/contract.ts';
import { unexpectedProblems } from '../support/known-failures.ts';
import { OWN_CASES } from './own/index.ts';
import { replyFor } from './support/answers.ts';
import { answersOf, problemsOf, textOf } from './support/asking.ts';
import { isChosen, knownFailures } from './support/choice.ts';
import { HEALTHY_NAS } from './support/healthy-nas.ts';
import { closeSimulators, NOW_MS } from './support/odd-nas.ts';

afterAll(closeSimulators);

describe('odd answers of our own', () => {
  it.each(OWN_CASES.filter(isChosen).map((each) => [each.id, each.input, each] as const))(
    '%s %s',
    async (id, _input, each) => {
      const answers = await answersOf(each, HEALTHY_NAS);
      const problems = problemsOf(answers, each.expect);
      const seen = `right: ${each.right}\n\n${textOf(answers)}`;
      expect(unexpectedProblems(knownFailures, id, problems, seen)).toEqual([]);
    },
  );

  it('each has an id of its own', () => {
    const ids = OWN_CASES.map((each) => each.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('every known failure that is none of the shared cases is one of these, or of what stands between', () => {
    const ids = new Set(OWN_CASES.map((each) => each.id));
    const gone = [...knownFailures].filter((id) => !/^(?:[A-Z]\d\d$|E)/u.test(id) && !ids.has(id));
    expect(gone).toEqual([]);
  });
});

describe('the NAS without any trouble', () => {
  it('is OK', async () => {
    const [answer] = await answersOf({ answers: {}, call: { tool: 'system_overview' } }, HEALTHY_NAS);
    expect(answer?.text).toMatch(/^OK: /u);
  });
});

describeContract('the NAS without any trouble', () => {
  it.each(Object.keys(HEALTHY_NAS))('answers %s in the form of the contract', (method) => {
    const reply = replyFor(HEALTHY_NAS[method], method, [[], {}], NOW_MS);
    const value = reply.kind === 'result' ? datesAsText(reply.value) : reply;
    expect(answerProblems('25.10', method, value)).toEqual([]);
  });
});

function datesAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(datesAsText);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, datesAsText(item)]));
}
