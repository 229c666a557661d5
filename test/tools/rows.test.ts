import { expect, it } from 'vitest';
import { field, rowsOf } from '../../src/tools/support/rows.ts';
import type { WireValue } from '../../src/truenas/client.ts';
import { decodeMessage } from '../../src/truenas/connection/codec.ts';

it('a size whose digits no number holds is read as the nearest number, not as unknown', () => {
  const answer = decodeMessage('[{"size":20000000000000003,"guid":12345678901234567890}]') as WireValue;
  const [row] = rowsOf(answer, { size: field.number, whole: field.integer, guid: field.text });
  expect(row).toEqual({ size: 20_000_000_000_000_004, whole: null, guid: '12345678901234567890' });
});

it.each(['12', '45 °C', '', '1e99', '-'])('the text %j is no number', (text) => {
  expect(rowsOf([{ value: text }], { value: field.number })).toEqual([{ value: null }]);
});
