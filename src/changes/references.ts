/** Values of a change that are known only once an earlier call is done. */
import { randomBytes } from 'node:crypto';
import { safeCell, safeJson } from '../output/untrusted.ts';
import { type RemadeReference, type ResultReference, resultOf } from './change.ts';
import { replacePlaceholders } from './secrets.ts';
import { valueAt } from './state.ts';

/** True for a {@link ResultReference}. */
export function isReference(value: unknown): value is ResultReference {
  if (typeof value !== 'object' || value === null || !('$result' in value)) return false;
  const { $result } = value;
  return typeof $result === 'object' && $result !== null && 'call' in $result && 'path' in $result;
}

/** The value with every reference replaced by what `replace` gives for it; plain data is copied, the rest passed on. */
export function replaceReferences(value: unknown, replace: (reference: ResultReference) => unknown): unknown {
  if (isReference(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, replace));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceReferences(item, replace)]),
  );
}

/**
 * Parameters as they are sent, given the answers so far.
 * @throws Error for a reference to a call that is not done, or to a value that its answer lacks: nothing may be sent then.
 */
export function resolved(params: readonly unknown[], results: readonly unknown[]): unknown[] {
  return params.map((param) =>
    replaceReferences(param, ({ $result: { call, path } }) => {
      if (call >= results.length) throw new Error(`call ${call + 1} has no answer yet`);
      const answer = results[call];
      // Some methods answer with the id of what they made, and nothing else.
      const isId = path === 'id' && (typeof answer === 'number' || typeof answer === 'string');
      const value = path === '' || isId ? answer : valueAt(answer, path);
      if (value === undefined || value === null)
        throw new Error(`the answer to call ${call + 1} has no ${path === '' ? 'value' : `"${path}"`}`);
      return value;
    }),
  );
}

/** Parameters as a person reads them: a reference, and a secret, says where its value comes from. */
export function readableParams(params: readonly unknown[]): unknown[] {
  return params.map((param) =>
    replaceReferences(
      replacePlaceholders(param, '', ({ label }) => `<${label}>`),
      ({ $result: { call, path } }) => `<${path === '' ? 'result' : path} of step ${call + 1}>`,
    ),
  );
}

/**
 * Parameters as one line for a person: JSON, in which a value that is not known yet stands without quotes as `<id of step 1>`.
 * No value of the NAS or of a caller can look like it, as those have quotes.
 */
export function paramsText(params: readonly unknown[]): string {
  const names: string[] = [];
  const later = (name: string): string => `${LATER}${names.push(safeCell(name, 120)) - 1}`;
  const marked = params.map((param) =>
    replaceReferences(
      replacePlaceholders(
        replaceRemade(param, ({ $remade: { thing, path } }) => later(`${path} of the new ${thing}`)),
        '',
        ({ label }) => later(label),
      ),
      ({ $result: { call, path } }) => later(`${path === '' ? 'result' : path} of step ${call + 1}`),
    ),
  );
  return names.reduceRight(
    (text, name, index) => text.replace(`"${LATER}${index}"`, () => `<${name}>`),
    safeJson(marked),
  );
}

/** Longest parameters of a call, as text: longer ones could not be shown whole, and what is cut away is not agreed to. */
export const MAX_PARAMS = 12_000;

/** Begins what stands for a value that is not known yet, until the line is written; nobody can know it before. */
const LATER = `later-${randomBytes(12).toString('hex')}-`;

/** True when a reference to a call that is not done is left in the value. */
export function isWaiting(value: unknown, done: number): boolean {
  let waits = false;
  replaceReferences(value, (reference) => {
    waits ||= reference.$result.call >= done;
    return reference;
  });
  return waits;
}

/**
 * The value with every {@link RemadeReference} replaced by a reference to the call that makes the thing anew, by its place
 * among `things`; by the old value where none does.
 */
export function withRemade(value: unknown, things: readonly (string | undefined)[]): unknown {
  return replaceRemade(value, ({ $remade: { thing, path, otherwise } }) => {
    const call = things.indexOf(thing);
    return call < 0 ? otherwise : resultOf(call, path);
  });
}

function replaceRemade(value: unknown, replace: (reference: RemadeReference) => unknown): unknown {
  if (isRemade(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceRemade(item, replace));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceRemade(item, replace)]));
}

function isRemade(value: unknown): value is RemadeReference {
  return typeof value === 'object' && value !== null && '$remade' in value;
}
