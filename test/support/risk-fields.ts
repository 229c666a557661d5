/** Compares the fields of a method's schema with the rules by which they are judged. */
import type { Rule } from '../../src/policy/risk/rule.ts';
import { ruleOf } from '../../src/policy/risk/table.ts';
import type { ContractMethod } from './contract.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Paths of a params array: `1.options.force`, `0.hosts[]`, `0.classes{}`. */
export function fieldsOf({ accepts }: ContractMethod): Set<string> {
  const paths = new Set<string>();
  const root = accepts as Schema;
  for (const [at, schema] of itemsOf(root).entries())
    walk(schema, root, String(at), [], (path) => paths.add(path));
  return paths;
}

/** Fields of the schema that no rule judges, as `method path`. */
export function unjudgedFields(method: string, schema: ContractMethod): string[] {
  return [...fieldsOf(schema)].filter((path) => !isJudged(method, path)).map((path) => `${method} ${path}`);
}

/** Fields that a rule names and no schema has; `known` are the paths of all releases. */
export function unknownFields(method: string, known: ReadonlySet<string>): string[] {
  const params = ruleOf(method)?.params ?? [];
  return params
    .flatMap((rule, at) => namedPaths(rule, String(at), 0))
    .filter((path) => !known.has(path) && !isBelowOpen(path, known))
    .map((path) => `${method} ${path}`);
}

/** A tree of names stands for every nesting of them, so each of its names needs to be known somewhere only. */
function isBelowOpen(path: string, known: ReadonlySet<string>): boolean {
  return [...known].some((other) => other.endsWith('{}') && path.startsWith(other.slice(0, -2)));
}

function namedPaths(rule: Rule, path: string, depth: number): string[] {
  if (rule.fields !== undefined) {
    return Object.entries(rule.fields).flatMap(([name, inner]) => {
      const below = `${path}.${name}`;
      return inner.isTree === true || depth > 8 ? [] : [below, ...namedPaths(inner, below, depth + 1)];
    });
  }
  return rule.item === undefined ? [] : namedPaths(rule.item, `${path}[]`, depth + 1);
}

function isJudged(method: string, path: string): boolean {
  const [at = '', ...steps] = path.split(/(?=\.|\[\]|\{\})/);
  let rule: Rule | undefined = ruleOf(method)?.params[Number(at)];
  for (const step of steps) {
    if (rule === undefined) return false;
    if (rule.isWhole === true) return true;
    if (step === '[]') rule = rule.item;
    else if (step === '{}') rule = rule.values;
    else rule = rule.fields?.[step.slice(1)] ?? rule.values;
  }
  return rule !== undefined;
}

function itemsOf(schema: Schema): Schema[] {
  return Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as Schema[]) : [];
}

function walk(
  schema: Schema,
  root: Schema,
  path: string,
  seen: readonly string[],
  tell: (path: string) => void,
): void {
  tell(path);
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const definitions = root['$defs'] as Record<string, Schema> | undefined;
    const target = definitions?.[reference.replace('#/$defs/', '')];
    if (target !== undefined && !seen.includes(reference))
      walk(target, root, path, [...seen, reference], tell);
    return;
  }
  for (const union of ['anyOf', 'oneOf', 'allOf']) {
    const members = schema[union];
    if (Array.isArray(members))
      for (const member of members as Schema[]) walk(member, root, path, seen, tell);
  }
  for (const [name, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>))
    walk(inner, root, `${path}.${name}`, seen, tell);
  const others = schema['additionalProperties'];
  const isOpen = schema['type'] === 'object' && schema['properties'] === undefined && others !== false;
  if (others === true || isOpen) tell(`${path}{}`);
  if (others !== null && typeof others === 'object') walk(others as Schema, root, `${path}{}`, seen, tell);
  const items = schema['items'];
  if (items !== null && typeof items === 'object') walk(items as Schema, root, `${path}[]`, seen, tell);
  for (const inner of itemsOf(schema)) walk(inner, root, `${path}[]`, seen, tell);
}
