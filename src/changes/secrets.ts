/**
 * Secrets that a change needs. A plan holds placeholders; what a person typed at the approval, or an entry of
 * `TRUENAS_SECRETS_DIR`, takes their place in the very call that is sent, and is scrubbed from whatever comes back. Preview,
 * journal, audit and log see placeholders only.
 */
import { safeCell } from '../output/untrusted.ts';
import type { PlannedCall, SecretPlaceholder } from './change.ts';

/** One secret of a change: bound to the method, the field and the thing it is for. */
export interface NeededSecret {
  /** Tells it from the other secrets of the plan. */
  readonly key: string;
  /** Method by canonical name. */
  readonly method: string;
  /** Name of the field that it fills: `passphrase`. */
  readonly field: string;
  /** Name of the target that it belongs to: `dataset tank/photos`. */
  readonly of: string;
  /** For a person: `passphrase of dataset tank/photos`. */
  readonly label: string;
  /** True when it is chosen now: a person types it twice. */
  readonly isNew: boolean;
}

/** A secret of a plan, with where it comes from. */
export interface PlanSecret extends NeededSecret {
  readonly source: 'person' | 'folder';
}

/** Values by {@link NeededSecret.key}. They live for one change. */
export type SecretValues = ReadonlyMap<string, string>;

/** Longest secret, in characters. */
export const MAX_SECRET = 4_096;

/** True for a {@link SecretPlaceholder}. */
export function isPlaceholder(value: unknown): value is SecretPlaceholder {
  if (typeof value !== 'object' || value === null || !('$secret' in value)) return false;
  const { $secret } = value;
  return typeof $secret === 'object' && $secret !== null && 'of' in $secret && typeof $secret.of === 'string';
}

/** The secrets that these calls need, each once. */
export function neededSecrets(calls: readonly Pick<PlannedCall, 'method' | 'params'>[]): NeededSecret[] {
  const found = new Map<string, NeededSecret>();
  for (const { method, params } of calls)
    replacePlaceholders(params, method, (needed) => found.set(needed.key, needed));
  return [...found.values()];
}

/**
 * The parameters as they are sent.
 * @throws Error for a secret that is not there: nothing may be sent then.
 */
export function withSecrets(params: readonly unknown[], method: string, values: SecretValues): unknown[] {
  return params.map((param) =>
    replacePlaceholders(param, method, ({ key, label }) => {
      const value = values.get(key);
      if (value === undefined || value === '') throw new Error(`the ${label} was not given`);
      return value;
    }),
  );
}

/** A value with whatever stands for each placeholder in it; other data is copied, the rest passed on. */
export function replacePlaceholders(
  value: unknown,
  method: string,
  replace: (needed: NeededSecret) => unknown,
  field = '',
): unknown {
  if (isPlaceholder(value)) return replace(neededSecret(value, method, field));
  if (Array.isArray(value)) return value.map((item) => replacePlaceholders(item, method, replace, field));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replacePlaceholders(item, method, replace, key)]),
  );
}

/** The field is where it really stands: a placeholder cannot claim another. */
function neededSecret({ $secret: { of, isNew } }: SecretPlaceholder, method: string, field: string) {
  return {
    key: JSON.stringify([method, field, of]),
    method,
    field,
    of,
    label: `${safeCell(field, 60)} of ${safeCell(of, 250)}`,
    isNew: isNew === true,
  };
}

/** Puts the placeholders of `original` back into its redacted copy, which hides whatever stands in a secret field. */
export function withPlaceholders<Value>(clean: Value, original: unknown): Value {
  if (isPlaceholder(original)) return original as Value;
  if (Array.isArray(clean) && Array.isArray(original))
    return clean.map((item: unknown, index): unknown => withPlaceholders(item, original[index])) as Value;
  if (!isPlain(clean) || !isPlain(original)) return clean;
  return Object.fromEntries(
    Object.entries(clean).map(([key, item]) => [key, withPlaceholders(item, original[key])]),
  ) as Value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A shorter one is replaced as a whole value only: as a part of words it would tear every text. */
const MIN_PART = 4;

/** The value without these secrets in any text of it: a NAS may repeat what it was sent, in an error or an answer. */
export function scrubbed<Value>(value: Value, values: SecretValues): Value {
  return values.size === 0 ? value : (scrub(value, [...values.values()]) as Value);
}

function scrub(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return scrubText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => scrub(item, secrets));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrubText(key, secrets), scrub(item, secrets)]),
  );
}

function scrubText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => {
    if (rest === secret) return HIDDEN;
    if (secret.length < MIN_PART) return rest;
    // Errors quote what they name, with its quotes and backslashes escaped.
    const quoted = JSON.stringify(secret).slice(1, -1);
    return rest.replaceAll(secret, HIDDEN).replaceAll(quoted, HIDDEN);
  }, text);
}

const HIDDEN = '[redacted]';
