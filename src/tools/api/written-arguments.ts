/** The arguments of a generic change: taken as they are meant, free of stand-ins and secrets, held against the schema. */
import { isAbout } from '../../changes/schema-gate.ts';
import { isPlaceholder } from '../../changes/secrets.ts';
import { secretOf } from '../../changes/change.ts';
import { hiddenValue, judgedCall } from '../../changes/gates.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { paramProblems } from '../../policy/param-problems.ts';
import { isSecretFieldName } from '../../policy/secret-fields.ts';
import type { ApiMethod } from '../../truenas/catalog/index.ts';
import { heldSecret } from '../support/held-secret.ts';
import { core, isSchema } from './schema-walk.ts';

/** Deeper than any method of the API nests. */
const MAX_DEPTH = 14;

/**
 * The parameters without anything that means more than itself.
 * @throws InputProblem for references, stand-ins of hidden values, and secrets
 */
export function checkedParams(given: readonly unknown[], method: ApiMethod | undefined): unknown[] {
  const params = given.map((value, index) => meantParam(value, method?.accepts[index]?.schema));
  for (const [index, value] of params.entries()) checkValue(value, method?.accepts[index]?.name ?? '', 0);
  for (const [index, value] of params.entries()) checkForms(value, method?.accepts[index]?.name ?? '');
  const hidden = hiddenValue(params);
  if (hidden !== undefined)
    throw new InputProblem(
      'params',
      `hold "${hidden}", which stands for a value that was hidden or cut`,
      'leave that field out: it then stays as it is',
    );
  return params;
}

/** Numbers and objects that came as text, where the schema wants none. */
function meantParam(value: unknown, given: Readonly<Record<string, unknown>> | undefined): unknown {
  if (typeof value !== 'string' || given === undefined) return value;
  const { type } = core(given);
  if (type === 'integer' && /^-?\d{1,15}$/u.test(value)) return Number(value);
  const wantsData = type === 'object' || type === 'array' || isSchema(core(given)['properties']);
  if (!wantsData || !/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Keys by which this program marks what it fills in itself. */
const MARKS = new Set(['$result', '$secret', '$remade']);
/** Names under which people write whole files, which are judged as code. */
const TEXTS = new Set(['custom_compose_config', 'custom_compose_config_string', 'raw']);

function checkValue(value: unknown, key: string, depth: number, isInSecret = false): void {
  const isSecret = isInSecret || (isSecretFieldName(key) && !TEXTS.has(key));
  if (depth > MAX_DEPTH) throw new InputProblem('params', 'are nested too deeply');
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, key, depth + 1, isSecret);
    return;
  }
  if (isSchema(value)) {
    for (const [name, inner] of Object.entries(named(value, key))) {
      if (MARKS.has(name))
        throw new InputProblem('params', `hold "${name}", which only this program fills in`);
      checkValue(inner, name, depth + 1, isSecret);
    }
    return;
  }
  if (isSecret && (typeof value === 'string' ? value !== '' : isPassword(value, key))) {
    throw new InputProblem(
      'params',
      `give ${JSON.stringify(safeCell(key, 60))}: a secret never goes through a model`,
      `leave it out and name it in "ask": a person types it at the approval`,
    );
  }
}

/** Lists of properties of ZFS that people make up: there, `key` is the name of one, and no key to anything. */
const PROPERTY_LISTS = new Set(['user_properties', 'user_properties_update']);
/** The name of such a property has a colon, and no capital letters. */
const PROPERTY_NAME = /^[a-z0-9_.-]{1,100}:[a-z0-9_.:-]{1,100}$/u;

/** An entry of such a list with its name under `name`, as other pairs of name and value have it; anything else as it is. */
function named(value: Fields, list: string): Fields {
  const { key, ...others } = value;
  if (!PROPERTY_LISTS.has(list) || 'name' in value) return value;
  return typeof key === 'string' && PROPERTY_NAME.test(key) ? { name: key, ...others } : value;
}

type Fields = Readonly<Record<string, unknown>>;

/** The value with all such entries so. */
function allNamed(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => allNamed(item, key));
  if (!isSchema(value) || isPlaceholder(value)) return value;
  return Object.fromEntries(
    Object.entries(named(value, key)).map(([name, inner]) => [name, allNamed(inner, name)]),
  );
}

/** Secrets that no name of a field tells: of a pair of name and value, an assignment, an address, a block of a key. */
function checkForms(value: unknown, name: string): void {
  if (TEXTS.has(name)) return;
  const held = isSchema(value)
    ? Object.entries(value).flatMap(([key, inner]) =>
        TEXTS.has(key) ? [] : (heldSecret(allNamed(inner, key), key) ?? []),
      )
    : [heldSecret(value, name) ?? []].flat();
  const [path] = held;
  if (path === undefined) return;
  throw new InputProblem(
    'params',
    `hold a secret in ${JSON.stringify(safeCell(path, 120))}: a secret never goes through a model`,
    'leave it out, and have a person enter it in the web interface of the NAS',
  );
}

/** A password of digits alone. Other numbers under such names are ids, as of credentials. */
function isPassword(value: unknown, key: string): boolean {
  return typeof value === 'number' && /pass(?:word|phrase|wd)$/iu.test(key);
}

/**
 * The parameters with a stand-in for each secret that a person types.
 * @param of name of the thing that the secrets belong to
 * @throws InputProblem for what is no secret field, or is given already
 */
export function withAsked(params: readonly unknown[], fields: readonly string[], of: string): unknown[] {
  if (fields.length === 0) return [...params];
  const names = fields.map((path) => path.slice(path.lastIndexOf('.') + 1));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new InputProblem(
      'ask',
      `names two fields ${JSON.stringify(safeCell(twice, 60))}`,
      'change them one by one',
    );
  const at = params.findIndex(isSchema);
  const data = params[at];
  if (!isSchema(data)) throw new InputProblem('ask', 'needs an object among the parameters to put them into');
  const filled = fields.reduce((all, path) => placed(all, path.split('.'), path, of), { ...data });
  return params.map((value, index) => (index === at ? filled : value));
}

function placed(
  data: Readonly<Record<string, unknown>>,
  [step = '', ...rest]: readonly string[],
  path: string,
  of: string,
): Record<string, unknown> {
  const inner = Object.hasOwn(data, step) ? data[step] : undefined;
  if (Array.isArray(inner))
    throw new InputProblem(
      'ask',
      `names ${JSON.stringify(safeCell(path, 60))}, which lies in a list: a person who types it could not tell for which entry`,
      'leave it out, and have a person enter it in the web interface of the NAS',
    );
  if (rest.length > 0) return { ...data, [step]: placed(isSchema(inner) ? inner : {}, rest, path, of) };
  const isFree = inner === undefined || inner === null || inner === '';
  if (!isSecretFieldName(step) || !/^[\w-]{1,60}$/u.test(step))
    throw new InputProblem('ask', `names ${JSON.stringify(safeCell(path, 60))}, which is no secret field`);
  if (!isFree) throw new InputProblem('ask', `names ${JSON.stringify(path)}, which the parameters give`);
  return { ...data, [step]: secretOf(of, { isNew: true }) };
}

/** @throws InputProblem for parameters that the schema refuses; what a person will type is left to the NAS */
export async function checkAgainstSchema(
  method: ApiMethod,
  params: readonly unknown[],
  asked: readonly string[],
): Promise<void> {
  const { params: sent } = judgedCall({ method: method.name, params, purpose: '' });
  const fields = asked.map((path) => path.slice(path.lastIndexOf('.') + 1));
  const problems = (await paramProblems(method, sent)).filter(
    (line) => !fields.some((field) => isAbout(line, field)),
  );
  if (problems.length === 0) return;
  throw new InputProblem(
    'params',
    `of ${method.name}: ${problems.join('; ')}`,
    'nothing was planned; describe_api shows what is right',
  );
}
