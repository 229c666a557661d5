/**
 * Argument values that are never sent. A filter, an order and a renamed column are ways to read a field without
 * showing its name, so no redaction afterwards could catch them: they are refused before.
 */
import { SIZE_RULES } from './denials-sizes.ts';
import { extraOption, isNested, isOn, MAX_NESTING, objectsIn, type Options } from './option-values.ts';
import { namesSecret, SECRET_COLUMNS, tellsSecret } from './secret-names.ts';

export interface ArgumentRule {
  /** Methods it looks at; all when absent. */
  readonly appliesTo?: readonly string[];
  /** The value in words, for the table. */
  readonly argument: string;
  readonly reason: string;
  readonly instead?: string;
  /** What was found, in the words of the caller; `undefined` when there is nothing. `objects`: {@link objectsIn}. */
  find(params: readonly unknown[], method: string, objects: readonly Options[]): string | undefined;
}

export const ARGUMENT_RULES: readonly ArgumentRule[] = [
  {
    argument: 'extra.raw_result, extra.passwords, extra.retrieve_config, extra.raw',
    reason: 'this option makes the NAS answer with secrets it would hide or leave out',
    find: (_params, _method, objects) =>
      extraOption(objects, ['raw_result', 'passwords', 'retrieve_config', 'raw']),
  },
  {
    argument: 'extend, extend_context, prefix (in a query)',
    reason:
      'older releases take the name of an inner method or another way to name columns there, around every check made here',
    find: (_params, method, objects) => innerOption(objects, method),
  },
  {
    argument: 'values nested deeper than 14 levels',
    reason: 'no method takes such values, and what is buried there could not be judged',
    find: (params) => (isDeeperThan(params, MAX_NESTING) ? 'values nested too deeply' : undefined),
  },
  {
    argument: 'a filter or an order on a field that holds a secret, or a text into which people put secrets',
    reason: 'which rows match, and in which order, tells the secret bit by bit',
    find: (params, method, objects) =>
      quoted('a filter or order on', secretlyCompared(params, method, objects)),
  },
  {
    argument: 'a select that names a field that holds a secret, or that renames a field',
    reason: 'a secret is never read, and a renamed one could not be recognised',
    instead: 'plain field names',
    find: (_params, _method, objects) => selectProblem(objects),
  },
  {
    appliesTo: Object.keys(SECRET_COLUMNS).map((namespace) => `${namespace}.query`),
    argument: 'no select, or one with attributes, file, privatekey or provider',
    reason: 'its rows hold keys or passwords unless "select" leaves them out',
    instead: '"select": ["id", "name"] and the other fields you need',
    find: (params, method) => keysNotLeftOut(params, SECRET_COLUMNS[method.slice(0, -'.query'.length)] ?? []),
  },
  {
    appliesTo: ['filesystem.setacl', 'filesystem.setperm'],
    argument: 'options.stripacl together with options.recursive',
    reason: 'it takes the access lists off a whole tree, which nothing can undo',
    instead: 'the same without "recursive", or a new ACL applied recursively',
    find: (_params, _method, objects) => strippingTree(objects),
  },
  {
    appliesTo: ['activedirectory.domain_info'],
    argument: 'a domain',
    reason: 'it connects to a host named in the arguments',
    instead: 'null, for the domain that was joined',
    find: ([domain]) => (isOn(domain) ? 'a domain' : undefined),
  },
  ...SIZE_RULES,
];

function innerOption(objects: readonly Options[], method: string): string | undefined {
  // Outside of queries a prefix is an ordinary word.
  const isQuery = /\.(?:query|get_instance)$/.test(method);
  const names = ['extend', 'extend_context', ...(isQuery ? ['prefix'] : [])];
  for (const options of objects) {
    const found = names.find((name) => Object.hasOwn(options, name) && isOn(options[name]));
    if (found !== undefined) return `"${found}"`;
  }
  return undefined;
}

/** Goes no further down than `limit`: what is nested too deeply would break a recursion without end. */
function isDeeperThan(value: object, limit: number): boolean {
  if (limit < 0) return true;
  return (Object.values(value) as unknown[]).some(
    (inner) => isNested(inner) && isDeeperThan(inner, limit - 1),
  );
}

function secretlyCompared(
  params: readonly unknown[],
  method: string,
  objects: readonly Options[],
): string | undefined {
  for (const options of objects) {
    const order = options['order_by'];
    if (!Array.isArray(order)) continue;
    for (const entry of order) {
      const field =
        typeof entry === 'string' ? entry.replace(/^nulls_(first|last):/, '').replace(/^-/, '') : '';
      if (tellsSecret(method, field)) return field;
    }
  }
  return filteredSecret(params, method, 0);
}

/** A list `[field, operator, value]` anywhere in the arguments whose field is a secret. */
function filteredSecret(value: unknown, method: string, depth: number): string | undefined {
  if (value === null || typeof value !== 'object' || depth > MAX_NESTING) return undefined;
  if (!Array.isArray(value)) {
    return firstOf(Object.values(value), (inner) => filteredSecret(inner, method, depth + 1));
  }
  const [field, operator, compared] = value as unknown[];
  const isFilter = value.length === 3 && typeof field === 'string' && typeof operator === 'string';
  if (isFilter && OPERATORS.has(operator)) {
    if (tellsSecret(method, field)) return field;
    const guessed = secretKeyIn(compared);
    if (guessed !== undefined) return `${field}.${guessed}`;
  }
  return firstOf(value, (inner) => filteredSecret(inner, method, depth + 1));
}

/** A secret's name among the keys of what is compared with: a guess at a whole object is one at the secret in it. */
function secretKeyIn(compared: unknown): string | undefined {
  if (!isNested(compared)) return undefined;
  return objectsIn([compared])
    .flatMap((object) => Object.keys(object))
    .find(namesSecret);
}

const PLAIN_OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '~',
  'in',
  'nin',
  'rin',
  'rnin',
  '^',
  '!^',
  '$',
  '!$',
];
const OPERATORS = new Set([...PLAIN_OPERATORS, ...PLAIN_OPERATORS.map((operator) => `C${operator}`)]);

function selectProblem(objects: readonly Options[]): string | undefined {
  for (const options of objects) {
    const select = options['select'];
    if (!Array.isArray(select)) continue;
    for (const field of select) {
      if (Array.isArray(field)) return 'a renamed field in "select"';
      if (typeof field === 'string' && namesSecret(field)) return `"${field}" in "select"`;
    }
  }
  return undefined;
}

function keysNotLeftOut(params: readonly unknown[], columns: readonly string[]): string | undefined {
  const options = params[1];
  const asked = options !== null && typeof options === 'object' ? (options as Options) : {};
  if (asked['count'] === true) return undefined;
  const select = asked['select'];
  if (!Array.isArray(select) || select.length === 0) return 'no "select"';
  const held = select.find((field) => columns.includes(String(field).split('.')[0] ?? ''));
  return held === undefined ? undefined : quoted('a select of', String(held));
}

function strippingTree(objects: readonly Options[]): string | undefined {
  for (const outer of objects) {
    const options = outer['options'];
    if (options === null || typeof options !== 'object') continue;
    const { stripacl, recursive } = options as Options;
    if (isOn(stripacl) && isOn(recursive)) return 'stripacl and recursive';
  }
  return undefined;
}

function quoted(words: string, field: string | undefined): string | undefined {
  return field === undefined ? undefined : `${words} "${field}"`;
}

function firstOf<T>(items: readonly T[], look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
