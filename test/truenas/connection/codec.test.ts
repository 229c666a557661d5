import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeParams } from '../../../src/truenas/connection/codec.ts';

/** Any value that a call may carry. Keys never begin with `$`: the wire could not tell those apart. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: 'grapheme' }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('any')),
    fc.dictionary(
      fc.string().filter((key) => !key.startsWith('$')),
      tie('any'),
    ),
  ),
})).any;

describe('special encodings', () => {
  it('what is sent comes back the same', () => {
    fc.assert(
      fc.property(fc.array(value), (params) => {
        expect(decodeMessage(encodeParams([params]))).toEqual([params]);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('a Set is sent as $set and read as a list', () => {
    expect(encodeParams([new Set(['a', 'b'])])).toBe('[{"$set":["a","b"]}]');
    expect(decodeMessage('{"roles":{"$set":["a",{"$date":0}]}}')).toEqual({ roles: ['a', new Date(0)] });
  });

  it.each([
    ['{"$date":1700000000000}', new Date(1_700_000_000_000)],
    ['{"$time":"12:30:00"}', '12:30:00'],
    ['{"$type":"date","$value":"2026-11-22"}', '2026-11-22'],
    ['{"$ipv4_interface":"10.0.0.1/24"}', '10.0.0.1/24'],
    ['{"$ipv6_interface":"fd00::1/64"}', 'fd00::1/64'],
  ])('%s is decoded', (text, expected) => {
    expect(decodeMessage(`{"value":${text}}`)).toEqual({ value: expected });
  });

  it.each([
    '{"$date":1,"other":2}',
    '{"$date":"yesterday"}',
    '{"$date":9e99}',
    '{"$type":"time","$value":"x"}',
    '{"$type":"date","$value":"x","more":1}',
    '{"$set":"x"}',
    '{"$unknown":1}',
    '{"$gt":5}',
  ])('%s is left as it is, because its keys or values are not exactly those', (text) => {
    expect(decodeMessage(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['{"guid":12345678901234567890}', { guid: '12345678901234567890' }],
    ['{"guid": -9007199254740993 }', { guid: '-9007199254740993' }],
    ['[9007199254740993,1,"9007199254740993"]', ['9007199254740993', 1, '9007199254740993']],
    ['{"a":9007199254740992}', { a: 9007199254740992 }],
    ['{"a":13194139533312000}', { a: 13194139533312000 }],
    ['{"a":12345678901234567890.5}', { a: Number('12345678901234567890.5') }],
    ['{"a":0.12345678901234567}', { a: Number('0.12345678901234567') }],
    ['{"a":1e20,"b":1.5e-1234567890123456}', { a: 1e20, b: 0 }],
    [
      '{"a":"x:12345678901234567890,","b":"\\"12345678901234567890,"}',
      { a: 'x:12345678901234567890,', b: '"12345678901234567890,' },
    ],
    ['{"a":[12345678901234567890,NaN,"NaN"]}', { a: ['12345678901234567890', null, 'NaN'] }],
    ['{"a":{"$set":[12345678901234567890]}}', { a: ['12345678901234567890'] }],
  ])('%s keeps all digits of an integer, and no fraction changes', (text, expected) => {
    expect(decodeMessage(text)).toEqual(expected);
  });

  it('a bigint is sent as an integer, a text as a text', () => {
    expect(
      encodeParams([[['guid', '=', 12345678901234567890n]], { of: new Set([-1n]) }, '12345678901234567890']),
    ).toBe('[[["guid","=",12345678901234567890]],{"of":{"$set":[-1]}},"12345678901234567890"]');
  });

  it('long digits do not make a broken text whole', () => {
    expect(() => decodeMessage('{"a":12345678901234567890,')).toThrow(SyntaxError);
    expect(() => decodeMessage('{"a":00012345678901234567890}')).toThrow(SyntaxError);
    expect(() => decodeMessage('{"a":[12345678901234567890 1]}')).toThrow(SyntaxError);
  });

  it('an object in its wire form goes out unchanged', () => {
    expect(encodeParams([{ begin: { $time: '00:00:00' } }])).toBe('[{"begin":{"$time":"00:00:00"}}]');
  });

  it('trailing arguments that are undefined are left out, others become null', () => {
    expect(encodeParams(['a', undefined, undefined])).toBe('["a"]');
    expect(encodeParams([undefined, { a: undefined, b: 1 }])).toBe('[null,{"b":1}]');
  });

  it('a key named __proto__ stays a key', () => {
    const decoded = decodeMessage('{"__proto__":{"$date":0},"a":{"__proto__":{"x":{"$date":1}}}}') as object;
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(decoded, '__proto__')?.value).toEqual(new Date(0));
    expect(encodeParams([JSON.parse('{"__proto__":{"x":1}}')])).toBe('[{"__proto__":{"x":1}}]');
  });

  it('a broken text of many escaped quotes beside a NaN is refused, not chewed on', () => {
    expect(() => decodeMessage(`{"a":NaN,"b":"${'\\"'.repeat(400_000)}`)).toThrow(SyntaxError);
  });

  it("Python's NaN and Infinity are read as null, and texts that hold the words stay", () => {
    expect(decodeMessage('{"a":NaN,"b":[Infinity,-Infinity,1],"c":"NaN \\" Infinity"}')).toEqual({
      a: null,
      b: [null, null, 1],
      c: 'NaN " Infinity',
    });
    expect(() => decodeMessage('{"a":NaN')).toThrow(SyntaxError);
  });

  const circular: unknown[] = [];
  circular.push(circular);
  it.each([
    ['NaN', Number.NaN],
    ['a function', () => 0],
    ['an invalid date', new Date(Number.NaN)],
    ['a circle', circular],
  ])('%s is refused with the place where it is', (_name, bad) => {
    expect(() => encodeParams([{ deep: [bad] }])).toThrow(
      expect.objectContaining({
        kind: 'validation',
        fields: [expect.objectContaining({ path: expect.stringContaining('params[0].deep[0]') as string })],
      }),
    );
  });
});
