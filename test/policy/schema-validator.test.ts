import { expect, it } from 'vitest';
import { compileList } from '../../src/policy/schema-validator.ts';

/** Takes an ordinary engine longer than the universe has existed. */
const CATASTROPHE = '^(a+)+$';
const VICTIM = `${'a'.repeat(64)}!`;

it('a pattern of the NAS that never ends is left to the NAS, for one text and for thousands', () => {
  const one = compileList([{ type: 'string', pattern: CATASTROPHE }]);
  expect(one?.([VICTIM])).toBe(true);
  const many = compileList([{ type: 'array', items: { type: 'string', pattern: CATASTROPHE } }]);
  expect(many?.([Array.from({ length: 2000 }, () => VICTIM)])).toBe(true);
});

it('an ordinary pattern decides, over short texts and long ones', () => {
  const validate = compileList([{ type: 'string', pattern: '^/mnt/[^{}]*$' }]);
  expect(validate?.(['/mnt/a'])).toBe(true);
  expect(validate?.(['/tmp'])).toBe(false);
  expect(validate?.([`/mnt/${'x'.repeat(100)}`])).toBe(true);
  expect(validate?.([`/tmp/${'x'.repeat(100)}`])).toBe(false);
});

it('schemas that make no sense judge nothing', () => {
  expect(compileList([{ type: 'nonsense' }])).toBeUndefined();
});
