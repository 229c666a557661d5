/** Finding a thing by its name among rows of which some names may not be readable: that one is not there is said of whole lists only. */
import { InputProblem } from '../../../output/problem.ts';
import { plural } from '../../../output/units.ts';
import { notFound } from '../../storage/find.ts';

/** Longest name that an argument takes, in characters. What bears a longer one cannot be asked for. */
export const MAX_NAME_LENGTH = 300;

/** False for a name that is not there, is none, or is longer than anybody can ask for. */
export function isLegible(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME_LENGTH;
}

/** `2 names could not be read`: the thing may be one of these; undefined when all could. */
export function illegible(names: readonly unknown[]): string | undefined {
  const count = names.filter((name) => !isLegible(name)).length;
  return count === 0 ? undefined : `${plural(count, 'name')} could not be read`;
}

/** The problem of a name that is not among these. */
export function noneCalled(noun: string, wanted: string, names: readonly unknown[]): InputProblem {
  const { problem, nextStep } = notFound('name', noun, wanted, names.filter(isLegible));
  return new InputProblem('name', problem, [nextStep, illegible(names)].filter(Boolean).join('; '));
}
