import { expect, it } from 'vitest';
import { dataTokens, fitData } from '../../src/output/fit-data.ts';

it('data that fits is left as it is, the very same object', () => {
  const data = { rows: [{ name: 'tank', note: 'x'.repeat(5000) }] };
  expect(fitData(data, 10_000).value).toBe(data);
});

it.each([
  ['one giant text', { name: 'tank', note: 'x'.repeat(1_000_000) }],
  ['many long texts', { rows: Array.from({ length: 40 }, () => ({ note: 'y'.repeat(20_000) })) }],
  ['a giant list', { rows: Array.from({ length: 100_000 }, (_, id) => ({ id })) }],
  [
    'lists in lists',
    { rows: Array.from({ length: 300 }, () => ({ in: Array.from({ length: 300 }, String) })) },
  ],
  ['texts of other scripts', { rows: Array.from({ length: 500 }, () => ({ name: '容'.repeat(300) })) }],
])('%s is cut to what fits, with its shape kept', (_name, data) => {
  const { value } = fitData(data, 3000);
  expect(dataTokens(value)).toBeLessThanOrEqual(3000);
  expect(Object.keys(value)).toEqual(Object.keys(data));
});

it('leaves as many entries of a list as there is room for, and says how many', () => {
  const { value, cuts } = fitData(
    { rows: Array.from({ length: 5000 }, (_, id) => ({ id, name: 'n' })) },
    3000,
  );
  expect(dataTokens(value)).toBeGreaterThan(2900);
  expect(cuts).toEqual([`rows: ${value.rows.length} of 5000`]);
});

it('says how long a cut text was, and cuts no character in half', () => {
  const { value: fitted } = fitData({ text: `a${'😀'.repeat(10_000)}` }, 6000);
  expect(fitted.text).toMatch(/… \(20001 characters\)$/u);
  expect(Buffer.from(fitted.text).toString()).toBe(fitted.text);
});
