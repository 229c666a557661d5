/**
 * Takes secrets out of any answer of any method, before it is laid out: by the names of fields, by shape, and by where
 * TrueNAS keeps whole objects that are secret although no name in them says so. A NAS hides these itself only from
 * accounts that may not write, and not in answers that it could not check.
 */
import { createRedactor, REDACTED } from '../../output/redact.ts';
import { isSecretFieldName } from '../../policy/secret-names.ts';
import { isSchema } from './schema-walk.ts';

/** Endings of a path (list positions left out) below which everything but a type and an id is secret. */
const SECRET_PARTS =
  /(^|\.)((\w*credentials?|host)\.(provider|attributes)|oauth|password_history|ui_certificate|environment|custom_compose_config)$/;

/** The same for fields that are only secret in one namespace. */
const SECRET_IN: Readonly<Record<string, readonly string[]>> = {
  'app.registry': ['username'],
  'virt.instance': ['raw'],
};

/** Names that are too common to mean a secret wherever they stand. */
const TOO_COMMON = new Set(['key', 'raw']);

const redactor = createRedactor({ ownSecrets: [] });

/** The answer without secrets; the very same kinds of values otherwise. */
export function hideSecrets(service: string, answer: unknown): unknown {
  return redactor.value(hidden(answer, '', SECRET_IN[service] ?? [], 0));
}

const MAX_DEPTH = 60;

function hidden(value: unknown, path: string, inService: readonly string[], depth: number): unknown {
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return value.map((item: unknown) => hidden(item, path, inService, depth + 1));
  if (!isSchema(value) || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const below = path === '' ? key : `${path}.${key}`;
      const isNamed = isSecretFieldName(key) && !TOO_COMMON.has(key);
      const isSecret = isNamed || SECRET_PARTS.test(below) || inService.includes(below);
      return [key, isSecret ? blanked(inner, 0) : hidden(inner, below, inService, depth + 1)];
    }),
  );
}

/** Every text and number replaced; flags, nulls, ids and types still say what there is. */
function blanked(value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean' || value === '') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return value.map((item: unknown) => blanked(item, depth + 1));
  if (!isSchema(value) || value instanceof Date) return REDACTED;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      depth === 0 && KEPT.has(key) && typeof inner !== 'object' ? inner : blanked(inner, depth + 1),
    ]),
  );
}

const KEPT = new Set(['id', 'name', 'type']);
