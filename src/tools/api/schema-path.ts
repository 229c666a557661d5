import type { ApiMethod, JsonSchema } from '../../truenas/catalog/index.ts';
import { InputProblem } from '../../output/problem.ts';
import { branchesOf, branchName, core, itemsOf, propertiesOf, solidBranches } from './schema-walk.ts';

/**
 * The part of a method's parameters that a dotted path names: `data.options.DEFAULT_SHARE`. Lists are entered without
 * a step of their own; a step is a property, or the name of an alternative.
 * @throws InputProblem naming what there is instead.
 */
export function schemaAt(method: ApiMethod, path: string): JsonSchema {
  const [first = '', ...rest] = path.split('.').filter((step) => step !== '');
  const parameter = method.accepts.find(({ name }) => name === first);
  if (parameter === undefined) {
    throw notThere(
      first,
      method.name,
      method.accepts.map(({ name }) => name),
    );
  }
  let schema = parameter.schema;
  let reached = first;
  for (const step of rest) {
    const inner = stepInto(schema, step);
    if (inner === undefined) throw notThere(step, reached, stepsOf(schema));
    schema = inner;
    reached = `${reached}.${step}`;
  }
  return schema;
}

function stepInto(given: JsonSchema, step: string): JsonSchema | undefined {
  const schema = core(given);
  const property = propertiesOf(schema).find(({ name }) => name === step);
  if (property !== undefined) return property.schema;
  const items = itemsOf(schema);
  if (items !== undefined) return stepInto(items, step);
  const branches = solidBranches(schema);
  const named = branches.find((branch, index) => branchName(branch, index, schema) === step);
  if (named !== undefined) return named;
  for (const branch of branches) {
    const inner = stepInto(branch, step);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The steps that lead deeper from here. */
function stepsOf(given: JsonSchema): string[] {
  const schema = core(given);
  const items = itemsOf(schema);
  if (items !== undefined) return stepsOf(items);
  const properties = propertiesOf(schema).map(({ name }) => name);
  if (properties.length > 0) return properties;
  return branchesOf(schema).length > 0
    ? solidBranches(schema).map((branch, index) => branchName(branch, index, schema))
    : [];
}

function notThere(step: string, where: string, there: readonly string[]): InputProblem {
  const right = there.length === 0 ? 'nothing is nested there' : `there is: ${there.slice(0, 30).join(', ')}`;
  return new InputProblem('path', `has a step "${step.slice(0, 80)}" that ${where} does not have`, right);
}
