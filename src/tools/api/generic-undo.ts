/** How a generic change is taken back: the old values of what was sent, or a delete of what was made. */
import { resultOf, type Undo, type UndoCall } from '../../changes/change.ts';
import { hiddenValue } from '../../changes/gates.ts';
import { paramProblems } from '../../policy/param-problems.ts';
import { denialOf, flagProblem, isJudged } from '../../policy/risk/index.ts';
import { pathNamesSecret } from '../../policy/secret-fields.ts';
import { serviceOf } from '../../truenas/catalog/index.ts';
import { ALWAYS_SENT } from '../../policy/risk/flags.ts';
import { heldSecret } from '../support/held-secret.ts';
import { isProperty, shownIn, type TouchedThing } from './touched-thing.ts';
import type { WrittenMethod } from './written-method.ts';
import { core, isSchema } from './schema-walk.ts';

/** The undo, or why there is none. */
export async function genericUndo(
  method: WrittenMethod,
  params: readonly unknown[],
  thing: TouchedThing,
): Promise<Undo> {
  switch (thing.deed) {
    case 'changes':
      return oldValues(method, params, thing);
    case 'makes':
      return removal(method, thing);
    case 'deletes':
      return {
        impossible: `what ${method.name} removes is not made again: the NAS does not show all that it held, and its id does not come back`,
      };
    default:
      return { impossible: `nobody knows what takes ${method.name} back` };
  }
}

async function oldValues(
  method: WrittenMethod,
  params: readonly unknown[],
  { name, row, unseen }: TouchedThing,
): Promise<Undo> {
  if (row === undefined) return { impossible: `the state of ${name} before cannot be read` };
  const at = params.findIndex(isSchema);
  const sent = isSchema(params[at]) ? params[at] : {};
  const fields = Object.keys(sent).map((field) => [field, oldValue(field, sent[field], row)] as const);
  const known = fields.filter(([, old]) => old !== UNKNOWN);
  const lost = fields.filter(([, old]) => old === UNKNOWN).map(([field]) => `the old value of ${field}`);
  if (known.length === 0) return { impossible: `the NAS does not show ${lost.join(', ')}` };
  const data = Object.fromEntries(known);
  const call: UndoCall = {
    method: method.name,
    params: [...params.slice(0, at), data],
    purpose: `give ${name} its old values`,
    undoes: 0,
    isGeneric: true,
    before: Object.fromEntries(Object.entries(sent).filter(([field]) => !unseen.includes(field))),
  };
  const fault = await faultOf(method, call);
  return fault === undefined
    ? { calls: [call], lost }
    : { impossible: `the old values cannot be sent: ${fault}` };
}

const UNKNOWN = Symbol('a value that the NAS does not show');

/** The value of a field before; never what was hidden. */
function oldValue(field: string, sent: unknown, row: Readonly<Record<string, unknown>>): unknown {
  const shown = shownIn(row, field);
  if (shown === undefined || pathNamesSecret(field)) return UNKNOWN;
  const before = shown.value;
  if (hiddenValue(before) !== undefined || heldSecret(before, field) !== undefined) return UNKNOWN;
  if (isProperty(before)) {
    if (before['source'] === 'INHERITED' || before['source'] === 'DEFAULT') return 'INHERIT';
    return typeof sent === 'number' ? before['parsed'] : before['value'];
  }
  // Of an object all of it: a NAS may put what is sent in the place of the whole.
  return before;
}

async function removal(method: WrittenMethod, { name, read }: TouchedThing): Promise<Undo> {
  const service = serviceOf(method.name);
  const remove = `${service}.delete`;
  const [id] = read?.params ?? [];
  const reference = Array.isArray(id) ? resultOf(0, 'id') : (id ?? resultOf(0, 'id'));
  const described = await method.describe(remove);
  if (described === undefined && !isJudged(remove))
    return { impossible: `there is no ${remove} on this NAS` };
  if (read === undefined)
    return { impossible: `nothing shows which ${service} was made: look for it, and delete it by its id` };
  const always = Object.hasOwn(ALWAYS_SENT, remove) ? ALWAYS_SENT[remove] : undefined;
  const options =
    always === undefined ? [] : [Object.fromEntries(always.names.map((option) => [option, false]))];
  const call: UndoCall = {
    method: remove,
    params: [reference, ...options],
    purpose: `delete the ${name}`,
    undoes: 0,
    isGeneric: true,
  };
  const isText = core(described?.accepts[0]?.schema ?? {})['type'] === 'string';
  const fault = await faultOf({ described }, { ...call, params: [isText ? 'id' : 0, ...options] });
  return fault === undefined ? { calls: [call] } : { impossible: `it cannot be deleted from here: ${fault}` };
}

/** Why the call could never be sent. */
async function faultOf(
  { described }: Pick<WrittenMethod, 'described'>,
  { method, params }: UndoCall,
): Promise<string | undefined> {
  const judged = { method, params };
  const forbidden = denialOf(judged, { allowsCode: true }) ?? flagProblem(judged);
  if (forbidden !== undefined || described === undefined) return forbidden;
  const [problem] = await paramProblems(described, params);
  return problem;
}
