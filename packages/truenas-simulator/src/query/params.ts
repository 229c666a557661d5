/** The two parameters every query takes, and those of `get_instance`. */
import * as z from 'zod';
import type { SimParams } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model, text } from '../schema/schema.ts';
import { checkFilters, checkOptions } from './check.ts';
import { QueryError } from './error.ts';

/** Schema of query-filters. */
export const queryFilters = z.array(z.unknown()).superRefine(complainWith(checkFilters)).default([]);

const selectItem = z.union([text(), z.array(z.unknown())]);

const optionFields = {
  extra: anyObject().default({}),
  order_by: z.array(text()).default([]),
  select: z.array(selectItem).default([]),
  count: z.boolean().default(false),
  get: z.boolean().default(false),
  offset: z.int().default(0),
  limit: z.int().default(0),
  force_sql_filters: z.boolean().default(false),
};

/** Options that 25.04 still took. */
const oldFields = {
  relationships: z.boolean().default(true),
  extend: text().nullable().default(null),
  extend_context: text().nullable().default(null),
  prefix: text().nullable().default(null),
};

const options = model('QueryOptions', optionFields).superRefine(complainWith(checkOptions));
const oldOptions = model('QueryOptions', {
  ...oldFields,
  ...optionFields,
  order_by: z.array(z.unknown()).default([]),
  select: z.array(z.unknown()).default([]),
}).superRefine(complainWith(checkOptions));

/** The options of the releases before 25.04: how they go together is looked at only when a row is. */
export const looseOptions = model('QueryOptions', {
  ...oldFields,
  ...optionFields,
  order_by: z.array(z.unknown()).default([]),
  select: z.array(z.unknown()).default([]),
});

/** Schema of query-options on a release. */
export function queryOptions(release: SimRelease): z.ZodType {
  return isAtLeast(release, '25.10') ? options : oldOptions;
}

const params = [
  ['filters', queryFilters],
  ['options', options.prefault({})],
] as const satisfies SimParams;
const oldParams = [
  ['filters', queryFilters],
  ['options', oldOptions.prefault({})],
] as const satisfies SimParams;

/** `filters` and `options`, as every query takes them last. */
export function queryParams(release: SimRelease): SimParams {
  return isAtLeast(release, '25.10') ? params : oldParams;
}

/** The same with an `extra` of one's own, in a model of this name. */
export function queryParamsWith(name: string, extra: z.ZodType): SimParams {
  const own = model(name, { ...optionFields, extra }).superRefine(complainWith(checkOptions));
  return [
    ['filters', queryFilters],
    ['options', own.prefault({ extra: {} })],
  ];
}

/** `id` and `options` of a `get_instance`. */
export function instanceParams(id: z.ZodType): (release: SimRelease) => SimParams {
  const current: SimParams = [
    ['id', id],
    ['options', options.prefault({})],
  ];
  const old: SimParams = [
    ['id', id],
    ['options', oldOptions.prefault({})],
  ];
  return (release) => (isAtLeast(release, '25.10') ? current : old);
}

/** Turns a checker that throws into a refinement; its text becomes `Value error, …`. What is no ValueError passes through. */
function complainWith<Value>(check: (value: Value) => void) {
  return (value: Value, context: { addIssue(issue: { code: 'custom'; message: string }): void }) => {
    try {
      check(value);
    } catch (error) {
      if (!(error instanceof QueryError) || error.className !== 'ValueError') throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  };
}
