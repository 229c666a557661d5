/** What `scripts/evals.mjs` needs of this folder: the questions that have an answer in words, and a NAS for each. */
export { startSimulator } from 'truenas-simulator';
import { QUESTIONS } from './questions.ts';
import { SAID, type Said } from './said.ts';

/** A question as a model is asked it. */
export interface Eval extends Said {
  readonly asked: string;
  readonly world: string;
}

/** Those that `ids` names; all without any. */
export function evalsOf(ids: readonly number[]): Eval[] {
  return SAID.filter(({ id }) => ids.length === 0 || ids.includes(id)).flatMap((said) => {
    const question = QUESTIONS.find(({ id }) => id === said.id);
    return question === undefined ? [] : [{ ...said, asked: question.asked, world: question.world }];
  });
}

/** What is missing in an answer, and what should not be there. */
export function problemsOf({ says, never = [] }: Said, answer: string): string[] {
  return [
    ...says.filter((fact) => !fact.test(answer)).map((fact) => `does not say ${String(fact)}`),
    ...never.filter((fact) => fact.test(answer)).map((fact) => `says ${String(fact)}`),
  ];
}
