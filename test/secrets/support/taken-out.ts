/** Checks what every secret in a text has in common, however it is written. */
import { expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../../src/output/redact/redactor.ts';
import { withoutShapes } from '../../../src/output/redact/shapes/index.ts';
import { maySecretBeIn } from '../../../src/output/redact/suspicion.ts';

/** Looks like nothing; only its surroundings can give it away. */
export const PLAIN = 'Sesame-7x4Q';

/** Name, text, and the secret in it. */
export type SecretText = readonly [name: string, text: string, secret: string];

const redactor = createRedactor({ ownSecrets: [] });

/** The secret of each text is replaced in a text of its own, within another, and as a field; the quick look sees all of it. */
export function areTakenOut(cases: readonly SecretText[]): void {
  test.each(cases)('%s is taken out', (_name, text, secret) => {
    expect(text).toContain(secret);
    for (const [before, after] of [
      ['', ''],
      ['before\n', '\nafter'],
    ] as const) {
      const clean = redactor.text(`${before}${text}${after}`);
      expect(clean).toContain(REDACTED);
      expect(clean).not.toContain(secret);
      expect(clean.startsWith(before)).toBe(true);
      expect(clean.endsWith(after)).toBe(true);
    }
    expect(JSON.stringify(redactor.value({ note: text }))).not.toContain(secret);
  });

  test.each(cases)('%s is suspicious, and so is every part of it that is taken out', (_name, text) => {
    const parts = Array.from({ length: text.length }, (_, index) => [
      text.slice(index),
      text.slice(0, index),
    ]).flat();
    expect(parts.filter((part) => !maySecretBeIn(part) && withoutShapes(part) !== part)).toEqual([]);
  });
}

/** None of these texts changes, alone, within another, or as a field. */
export function stayAsTheyAre(cases: readonly (readonly [name: string, text: string])[]): void {
  test.each(cases)('%s stays as it is', (_name, text) => {
    expect(redactor.text(text)).toBe(text);
    const around = `before\n${text}\nafter`;
    expect(redactor.text(around)).toBe(around);
    expect(redactor.value({ note: text, list: [text] })).toEqual({ note: text, list: [text] });
  });
}
