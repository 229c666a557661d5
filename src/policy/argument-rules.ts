/**
 * Argument values that are never sent. A filter, an order and a renamed column are ways to read a field without
 * showing its name, so no redaction afterwards could catch them: they are refused before.
 */
import { SIZE_RULES } from './size-rules.ts';
import { extraOption, isNested, isOn, type Options, type Survey, survey } from './survey.ts';
import { pathNamesSecret, SECRET_COLUMNS, tellsSecret } from './secret-fields.ts';

export interface ArgumentRule {
  /** Methods it looks at; all when absent. */
  readonly appliesTo?: readonly string[];
  /** The value in words, for the table. */
  readonly argument: string;
  readonly reason: string;
  readonly instead?: string;
  /** Names the forbidden value, in the words of the caller; `undefined` when there is none. */
  find(params: readonly unknown[], method: string, values: Survey): string | undefined;
}

export const ARGUMENT_RULES: readonly ArgumentRule[] = [
  {
    argument: 'extra.raw_result, extra.passwords, extra.retrieve_config, extra.raw',
    reason: 'this option makes the NAS answer with secrets it would hide or leave out',
    find: (_params, _method, { objects }) =>
      extraOption(objects, ['raw_result', 'passwords', 'retrieve_config', 'raw']),
  },
  {
    argument: 'extend, extend_context, prefix (in a query)',
    reason:
      'older releases take the name of an inner method or another way to name columns there, around every check made here',
    find: (_params, method, { objects }) => innerOption(objects, method),
  },
  {
    argument: 'force_sql_filters',
    reason: 'the filters then name columns of the database, whose names no check here knows',
    find: (_params, _method, { objects }) =>
      objects.some((options) => isOn(options['force_sql_filters'])) ? '"force_sql_filters"' : undefined,
  },
  {
    argument: 'values nested deeper than 14 levels',
    reason: 'no method takes such values, and what is buried there could not be judged',
    find: (_params, _method, { isTooDeep }) => (isTooDeep ? 'values nested too deeply' : undefined),
  },
  {
    argument: 'a filter or an order on a field that holds a secret, or a text into which people put secrets',
    reason: 'which rows match, and in which order, tells the secret bit by bit',
    find: (_params, method, values) => quoted('a filter or order on', secretlyCompared(method, values)),
  },
  {
    argument: 'a select that names a field that holds a secret, or that renames a field',
    reason: 'a secret is never read, and a renamed one could not be recognised',
    instead: 'plain field names',
    find: (_params, _method, { objects }) => selectProblem(objects),
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
    find: (_params, _method, { objects }) => strippingTree(objects),
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
  const isQuery = method.endsWith('.query') || method.endsWith('.get_instance');
  const names = isQuery ? INNER_OF_QUERIES : INNER;
  for (const options of objects) {
    for (const name of names) if (isOn(options[name])) return `"${name}"`;
  }
  return undefined;
}

const INNER = ['extend', 'extend_context'];
const INNER_OF_QUERIES = [...INNER, 'prefix'];

function secretlyCompared(method: string, { objects, triples }: Survey): string | undefined {
  for (const options of objects) {
    const order = options['order_by'];
    if (!Array.isArray(order)) continue;
    for (const entry of order) {
      const field =
        typeof entry === 'string' ? entry.replace(/^nulls_(first|last):/, '').replace(/^-/, '') : '';
      if (tellsSecret(method, field)) return field;
    }
  }
  for (const [field, operator, compared] of triples) {
    if (!OPERATORS.has(operator)) continue;
    if (tellsSecret(method, field)) return field;
    const guessed = secretKeyIn(compared);
    if (guessed !== undefined) return `${field}.${guessed}`;
  }
  return undefined;
}

/** A secret's name among the keys of what is compared with: a guess at a whole object is one at the secret in it. */
function secretKeyIn(compared: unknown): string | undefined {
  if (!isNested(compared)) return undefined;
  return survey([compared])
    .objects.flatMap((object) => Object.keys(object))
    .find(pathNamesSecret);
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
      if (typeof field === 'string' && pathNamesSecret(field)) return `"${field}" in "select"`;
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
