/** `call_api_write`: any other changing method of the API, planned like every change. Offered with TRUENAS_API_WRITE only. */
import * as z from 'zod';
import type { ReadableClient } from '../../access/readable-client.ts';
import type { Change, PlannedCall, Target } from '../../changes/change.ts';
import { isSame } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { denialOf, isJudged } from '../../policy/risk/index.ts';
import { neededRoles } from '../../policy/roles.ts';
import { canonicalName } from '../../truenas/renames.ts';
import { defineChange } from '../define.ts';
import { genericUndo } from './generic-undo.ts';
import { ownToolOf } from './own-tools.ts';
import { core, isSchema, propertiesOf } from './schema-walk.ts';
import { touchedPlaces, TOUCHED_USES, type Places } from './touched-places.ts';
import { touchedThing, type TouchedThing } from './touched-thing.ts';
import { checkAgainstSchema, checkedParams, withAsked } from './written-arguments.ts';
import { writtenMethod, type WrittenMethod } from './written-method.ts';

const anyValue = z.unknown().meta({ type: ['string', 'number', 'boolean', 'object', 'array', 'null'] });

const input = z.strictObject({
  method: z.string(),
  params: z.array(anyValue).optional(),
  ask: z.array(z.string()).max(10).optional().describe('secret fields a person types'),
  reason: z.string().max(150).optional(),
});

export const callApiWrite = defineChange({
  name: 'call_api_write',
  toolset: 'api',
  access: 'operate',
  title: 'Change through the TrueNAS API',
  description: 'Any changing API method that no change tool covers.',
  input,
  usesAnyReadable: true,
  isForApiWrite: true,
  uses: TOUCHED_USES,
  writes: 'any',
  examples: [
    {
      args: { method: 'pool.scrub.update', params: [1, { threshold: 40 }], reason: 'fewer scrubs' },
      why: 'a field of a thing with an id',
    },
    { args: { method: 'audit.update', params: [{ retention: 30 }] }, why: 'settings' },
    {
      args: { method: 'iscsi.initiator.create', params: [{ initiators: ['iqn.2005-10.org.example:lab'] }] },
      why: 'a new thing, taken away by its undo',
    },
  ],
  async plan(
    nas: ReadableClient,
    { method: given, params = [], ask = [], reason },
    context,
  ): Promise<Change> {
    refuseDenied(canonicalName(given.trim()), params);
    const method = await writtenMethod(nas, given, context.writerCatalog);
    const checked = checkedParams(params, method.described);
    refuseDenied(method.name, checked);
    const thing = await touchedThing(nas, method, checked);
    const sent = withAsked(checked, ask, thing.name);
    if (method.described !== undefined) await checkAgainstSchema(method.described, sent, ask);
    const asked = ask.length === 0 ? thing : await touchedThing(nas, method, sent);
    refuseIdle(asked, ask);
    return changeOf(nas, method, sent, { ...asked, name: thing.name }, { ask, reason });
  },
});

/** Before anything is read. */
function refuseDenied(method: string, params: readonly unknown[]): void {
  // Whether code is allowed is the operator's setting: the plan says so.
  const denial = denialOf({ method, params }, { allowsCode: true });
  if (denial !== undefined) throw new InputProblem('method', denial);
}

/** @throws InputProblem for a change to the values that are there */
function refuseIdle({ deed, before, after, unseen, name }: TouchedThing, ask: readonly string[]): void {
  if (deed !== 'changes' || unseen.length > 0 || ask.length > 0) return;
  if (typeof before === 'string' || typeof after === 'string') return;
  if (Object.entries(after).every(([path, value]) => isSame(before[path], value)))
    throw new InputProblem('params', `change nothing: ${name} has these values already`);
}

async function changeOf(
  nas: ReadableClient,
  method: WrittenMethod,
  params: readonly unknown[],
  thing: TouchedThing,
  { ask, reason }: { readonly ask: readonly string[]; readonly reason: string | undefined },
): Promise<Change> {
  const { name, row, deed } = thing;
  const [places, undo] = await Promise.all([
    touchedPlaces(nas, { method: method.name, params, row, thing: name }),
    genericUndo(method, params, thing),
  ]);
  const call: PlannedCall = {
    method: method.name,
    params,
    purpose: `${VERB[deed]} ${name}`,
    isGeneric: true,
    // What nobody judged has no roles of ours.
    ...(method.described === undefined || isJudged(method.name)
      ? {}
      : { grantedBy: neededRoles(method.described.roles) }),
    ...(row === undefined ? {} : { before: row }),
    ...(deed === 'makes' ? { idle: defaultsAmong(method, params) } : {}),
  };
  const why = reason === undefined ? '' : ` (for: ${safeCell(reason, 150)})`;
  return {
    summary: `Call ${method.name}: ${VERB[deed]} ${name}${why}`,
    calls: [call],
    targets: [...mainTarget(thing, places, ask), ...places.targets],
    impact: impactOf(method, thing, places),
    undo,
  };
}

/** Fields that are given the value which the NAS takes by itself. */
function defaultsAmong({ described }: WrittenMethod, [data]: readonly unknown[]): string[] {
  if (!isSchema(data)) return [];
  return propertiesOf(core(described?.accepts[0]?.schema ?? {}))
    .filter(({ name, schema }) => Object.hasOwn(data, name) && isSame(data[name], schema['default']))
    .map(({ name }) => name);
}

const VERB: Readonly<Record<TouchedThing['deed'], string>> = {
  makes: 'make',
  changes: 'change',
  deletes: 'delete',
  acts: 'act on',
};

/** The thing itself; none where no read shows it. */
function mainTarget(thing: TouchedThing, { dataset, isUnplaced }: Places, ask: readonly string[]): Target[] {
  const { name, read, readLost, identity, before, after, watched } = thing;
  if (read === undefined) {
    if (ask.length === 0) return [];
    throw new InputProblem(
      'ask',
      `cannot be used: nothing on the NAS shows ${name}, which the secret would be for`,
    );
  }
  return [
    {
      name,
      read,
      identity,
      before,
      after,
      changedBy: 0,
      ...(watched === undefined ? {} : { watched }),
      ...(readLost === undefined ? {} : { readLost }),
      ...(dataset === undefined ? {} : { dataset }),
      ...(isUnplaced ? { isUnplaced } : {}),
    },
  ];
}

function impactOf(method: WrittenMethod, thing: TouchedThing, { isUnplaced, targets }: Places): string[] {
  const own = ownToolOf(method.name);
  const { read, unseen } = thing;
  const reached = targets.flatMap(({ dataset }) => (dataset === undefined ? [] : [safeCell(dataset)]));
  return [
    ...(own === undefined ? [] : [`${own.tool} does this too, and shows what hangs on it`]),
    'what hangs on it was not looked for: this is a generic call',
    ...(method.name === 'app.update'
      ? ['the NAS may put these values in the place of the settings of the app: send all that are to stay']
      : []),
    ...(method.described === undefined
      ? [
          'its parameters are checked once somebody has signed in: the reading account does not see this method',
        ]
      : []),
    ...(read === undefined
      ? [`no read shows what it does: that it was done is the word of the NAS alone`]
      : []),
    ...(unseen.length === 0 || read === undefined
      ? []
      : [`not compared afterwards: ${unseen.map((field) => safeCell(field, 60)).join(', ')}`]),
    ...(reached.length === 0 ? [] : [`reaches ${plural(reached.length, 'dataset')}: ${reached.join(', ')}`]),
    ...(isUnplaced ? ['which datasets it reaches cannot be told for certain'] : []),
  ];
}
