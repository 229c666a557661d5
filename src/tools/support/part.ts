/**
 * Parts of an answer. Each is read on its own, so that one which fails, hangs or comes in an unknown form is named as a gap
 * and the rest of the answer stands.
 */
import { withLimit } from '../../access/with-limit.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isKnownRead, roleOf } from '../../policy/roles.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError, type TrueNasError } from '../../truenas/errors.ts';
import { canonicalName } from '../../truenas/renames.ts';

/** Why something is not known. */
export interface Gap {
  readonly kind: 'not-allowed' | 'unreadable' | 'unknown-form';
  /** In a few words, safe to show: `not allowed for this API key, role DATASET_READ`. */
  readonly why: string;
}

/** A value that was read, or the reason why it was not. */
export type Part<Value> = { readonly value: Value } | { readonly gap: Gap };

/** A part of an answer may take so long; who asked waits for the rest. In milliseconds. */
const LIMIT_MS = 10_000;

/**
 * Reads one part.
 * @throws what is no failure of the NAS: a cancellation, an argument that names nothing, a defect of this program
 */
export async function readPart<Value>(
  nas: ReadClient,
  read: (nas: ReadClient) => Promise<Value>,
): Promise<Part<Value>> {
  try {
    return { value: await read(withLimit(nas, LIMIT_MS)) };
  } catch (error) {
    if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
    return { gap: gapOf(error) };
  }
}

/** The same part with its value put into another form. */
export function mapPart<Value, Other>(part: Part<Value>, form: (value: Value) => Other): Part<Other> {
  return 'value' in part ? { value: form(part.value) } : part;
}

/** The value; `otherwise` where it is not known. */
export function valueOr<Value, Other>(part: Part<Value>, otherwise: Other): Value | Other {
  return 'value' in part ? part.value : otherwise;
}

/** `could not be read (…)`; undefined when it was. */
export function gapText(part: Part<unknown>): string | undefined {
  return 'gap' in part ? `could not be read (${part.gap.why})` : undefined;
}

/** The gap where a NAS hides one field of an answer from this key; see {@link isHidden}. */
export const HIDDEN_FIELD: { readonly gap: Gap } = {
  gap: { kind: 'not-allowed', why: 'not allowed for this API key' },
};

/** The gap where a value is none that this program knows. */
export const UNKNOWN_FORM: { readonly gap: Gap } = {
  gap: { kind: 'unknown-form', why: 'answered in an unknown form' },
};

/** True for what a NAS puts in place of a field that this key may not see: `********`. */
export function isHidden(value: unknown): boolean {
  return typeof value === 'string' && /^\*+$/u.test(value);
}

/** Why a call that failed leaves a gap. */
export function gapOf(error: TrueNasError): Gap {
  if (error.missingEntry !== undefined) {
    const { method, resource } = error.missingEntry;
    return { kind: 'not-allowed', why: `not in the allow list of this API key: ${method} ${resource}` };
  }
  if (error.kind === 'not-authorized') {
    const role = error.method === undefined ? '' : roleWords(canonicalName(error.method));
    return { kind: 'not-allowed', why: `not allowed for this API key${role}` };
  }
  if (error.kind === 'odd-answer') return UNKNOWN_FORM.gap;
  return { kind: 'unreadable', why: safeCell(error.nasText ?? error.summary, WHY_LENGTH) };
}

const WHY_LENGTH = 80;

function roleWords(method: string): string {
  if (!isKnownRead(method)) return ', role not known';
  const role = roleOf(method);
  return role === undefined ? '' : `, role ${role}`;
}
