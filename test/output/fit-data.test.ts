import { expect, it } from 'vitest';
import { fitData } from '../../src/output/fit-data.ts';

it('data that fits is left as it is, the very same object', () => {
  const data = { rows: [{ name: 'tank', note: 'x'.repeat(5000) }] };
  expect(fitData(data, 10_000)).toBe(data);
});

it.each([
  ['one giant text', { name: 'tank', note: 'x'.repeat(1_000_000) }],
  ['many long texts', { rows: Array.from({ length: 40 }, () => ({ note: 'y'.repeat(20_000) })) }],
  ['a giant list', { rows: Array.from({ length: 100_000 }, (_, id) => ({ id })) }],
])('%s is cut to what fits, with its shape kept', (_name, data) => {
  const fitted = fitData(data, 10_000);
  expect(JSON.stringify(fitted).length).toBeLessThanOrEqual(10_000);
  expect(Object.keys(fitted)).toEqual(Object.keys(data));
});

it('says how long a cut text was, and cuts no character in half', () => {
  const fitted = fitData({ text: `a${'😀'.repeat(10_000)}` }, 10_000);
  expect(fitted.text).toMatch(/… \(20001 characters\)$/u);
  expect(Buffer.from(fitted.text).toString()).toBe(fitted.text);
});
