import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  apiKeyParts,
  ISSUED_API_KEYS,
  isApiKey,
  MAY_HOLD_API_KEY,
  secretHalf,
} from '../../src/truenas/api-key.ts';

const SECRET = `${'aB3'.repeat(21)}x`;

it.each([
  [`7-${SECRET}`, true, SECRET],
  ['123-abcdefgh', true, 'abcdefgh'],
  ['123-abcdefg', true, undefined],
  ['1-', false, undefined],
  ['-abcdefgh', false, undefined],
  ['1-abc-defgh', false, undefined],
  ['x1-abcdefgh', false, undefined],
  [`1-${SECRET}\n`, false, undefined],
  [SECRET, false, undefined],
])('%s: its shape and its secret half', (text, isKey, half) => {
  expect(isApiKey(text)).toBe(isKey);
  expect(secretHalf(text)).toBe(half);
});

it('a key is taken apart at its first dash, whatever the secret is made of', () => {
  expect(apiKeyParts('12-a-b\nc')).toEqual({ id: '12', secret: 'a-b\nc' });
  expect(apiKeyParts('12-')).toBeUndefined();
  expect(apiKeyParts('a-b')).toBeUndefined();
});

it('issued keys are found in running text, and every text that holds one may hold one', () => {
  const around = fc.constantFrom('', ' ', '"', '=key=', '-', '(', '\n', 'é');
  fc.assert(
    fc.property(around, fc.nat(), around, (before, id, after) => {
      const text = `${before}${id}-${SECRET}${after}`;
      expect(text.replace(ISSUED_API_KEYS, '*')).toBe(`${before}*${after}`);
      expect(MAY_HOLD_API_KEY.test(text)).toBe(true);
    }),
    { numRuns: 100, seed: 1 },
  );
  for (const other of [`x7-${SECRET}`, `7-${SECRET}0`, `7-${SECRET.slice(1)}`])
    expect(other.replace(ISSUED_API_KEYS, '*')).toBe(other);
});
