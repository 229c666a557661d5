/** Finds secrets in values that a model gives or would be shown, in every form in which an answer hides them. */
import { isPlaceholder } from '../../changes/secrets.ts';
import { createRedactor } from '../../output/redact/redactor.ts';

const redactor = createRedactor({ ownSecrets: [] });

/** Path to the first secret within a value, `env.0.value`; undefined where there is none. @param key of the value */
export function heldSecret(value: unknown, key: string): string | undefined {
  const whole = { [key]: value };
  const path = firstHidden(whole, redactor.value(whole));
  return path?.join('.');
}

/** Path to the first place where the clean copy has another text. */
function firstHidden(value: unknown, clean: unknown): string[] | undefined {
  // What a person types stands under the name of a secret, and is none yet.
  if (value === clean || isPlaceholder(value)) return undefined;
  if (typeof value !== 'object' || value === null || typeof clean !== 'object' || clean === null) return [];
  const copies = Object.entries(clean);
  for (const [index, [key, inner]] of Object.entries(value).entries()) {
    const [copyKey, copy] = copies[index] ?? [];
    if (copyKey !== key) return [key];
    const below = firstHidden(inner, copy);
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}
