/** Values survive the wire, in both directions and between the two ends, which share no code. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeValue, encodeValue } from 'truenas-simulator';
import { asWireValue, decodeMessage, encodeParams } from '../../src/truenas/connection/codec.ts';
import { isTrueNasError } from '../../src/truenas/errors.ts';
import {
  anyJson,
  anyKey,
  anyText,
  createTally,
  FUZZ_TIMEOUT_MS,
  hold,
  nested,
  objectFrom,
  tryProperty,
} from '../support/fuzz.ts';

/** A value beside the JSON that it travels as. */
interface Pair {
  /** What the client hands over or gets. */
  readonly value: unknown;
  /** What is on the wire. */
  readonly wire: unknown;
}

/** Within the years 1 to 9999: a NAS reads no others. */
const second = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).map((at) => at * 1000);
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((each) => (Object.is(each, -0) ? 0 : each));
const scalar: fc.Arbitrary<Pair> = fc
  .oneof(
    fc.constantFrom<unknown>(null, true, false),
    number,
    anyText.map((text) => text.replace(/\p{Cs}/gu, '')),
  )
  .map((value) => ({ value, wire: value }));
const date: fc.Arbitrary<Pair> = second.map((ms) => ({ value: new Date(ms), wire: { $date: ms } }));

/** Objects that look like an encoding, but have a key too many, a wrong key or a wrong value. */
const lookAlike: fc.Arbitrary<Pair> = fc
  .constantFrom<unknown>(
    { $date: 5, more: 1 },
    { $date: '5' },
    { $date: null },
    { $date: 9e15 },
    { $set: 5 },
    { $set: [1], $date: 1 },
    { $type: 'date', $value: 5 },
    { $type: 'time', $value: 'x' },
    { $type: 'date', $value: 'x', $more: 1 },
    { $time: 5 },
    { $Date: 5 },
    { date: 5 },
    { $value: 'x' },
    { $ipv4_interface: null },
  )
  .map((value) => ({ value, wire: value }));

/** Both ways alike: dates, scalars, lists, objects of any key. */
const pair = fc.letrec<{ any: Pair }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    scalar,
    date,
    lookAlike,
    fc.array(tie('any'), { maxLength: 4 }).map((items) => ({
      value: items.map((item) => item.value),
      wire: items.map((item) => item.wire),
    })),
    // Two plain keys more, so that no object is an encoding by chance.
    fc.array(fc.tuple(anyKey, tie('any')), { maxLength: 3 }).map((entries) => ({
      value: objectFrom([['a', 1], ['b', 2], ...entries.map(([key, item]) => [key, item.value] as const)]),
      wire: objectFrom([['a', 1], ['b', 2], ...entries.map(([key, item]) => [key, item.wire] as const)]),
    })),
  ),
})).any;

test('what is sent is on the wire as the protocol says, and comes back the same', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(fc.array(pair, { maxLength: 3 }), (pairs) => {
      const wire = JSON.stringify(pairs.map((each) => each.wire));
      const params = pairs.map((each) => each.value);
      expect(encodeParams(params)).toBe(wire);
      expect(isDeepStrictEqual(decodeMessage(wire), params)).toBe(true);
      expect(encodeParams(decodeMessage(wire) as unknown[])).toBe(wire);
    }),
    250,
  );
});

test('both ends understand each other, and neither changes what it was given', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.property(fc.array(pair, { maxLength: 3 }), (pairs) => {
      const params = pairs.map((each) => each.value);
      const wire = JSON.parse(encodeParams(params)) as unknown[];
      const before = JSON.stringify(wire);
      let received: unknown;
      try {
        received = decodeValue(wire);
      } catch (error) {
        // A NAS refuses what only looks like an encoding.
        tally.note('refused');
        hold(/^Error: Error parsing \$?\w+: /.test(String(error)), String(error));
        return;
      }
      tally.note('understood');
      expect(JSON.stringify(wire)).toBe(before);
      const reply = JSON.stringify(encodeValue(received));
      expect(isDeepStrictEqual(asWireValue(decodeMessage(reply)), params)).toBe(true);
    }),
    200,
  );
  expect(tally.shareOf('understood')).toBeGreaterThan(0.4);
});

test('no digit of an integer is lost on either way, and no other number changes', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const integer = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  await tryProperty(
    fc.property(integer, number, pair, anyText, (digits, other, each, text) => {
      const params = [{ digits, other, each: each.value, text, list: [digits, [digits]] }];
      const [got] = decodeMessage(encodeParams(params)) as [(typeof params)[0]];
      expect(String(got.digits)).toBe(String(digits));
      hold(typeof got.digits === 'string' || BigInt(got.digits) === digits, 'a number that is another');
      hold(isDeepStrictEqual(got.list, [got.digits, [got.digits]]), 'the same integer read in two ways');
      // Python puts spaces behind commas and colons.
      const space = ['', ' ', '\n  '][text.length % 3] ?? '';
      const spaced = `{"a":${space}${digits}${space},${space}"b":[${space}${digits},[${digits}${space}]]}`;
      const expected = { a: got.digits, b: [got.digits, [got.digits]] };
      hold(isDeepStrictEqual(decodeMessage(spaced), expected), spaced);
      hold(Object.is(got.other, other), `${other} became ${String(got.other)}`);
      hold(isDeepStrictEqual(got.each, each.value), 'a value beside it changed');
      hold(got.text === text, 'a text beside it changed');
    }),
    300,
  );
});

test('sets are read as lists, times, dates and interface addresses as their text, wherever they stand', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const special: fc.Arbitrary<Pair> = fc.oneof(
    fc.array(pair, { maxLength: 3 }).map((items) => ({
      value: items.map((item) => item.value),
      wire: { $set: items.map((item) => item.wire) },
    })),
    anyText.map((text) => ({ value: text, wire: { $time: text } })),
    anyText.map((text) => ({ value: text, wire: { $type: 'date', $value: text } })),
    anyText.map((text) => ({ value: text, wire: { $ipv4_interface: text } })),
    anyText.map((text) => ({ value: text, wire: { $ipv6_interface: text } })),
  );
  await tryProperty(
    fc.property(special, anyKey, (each, key) => {
      const message = {
        id: 1,
        result: objectFrom([
          ['a', [each.wire]],
          ['b', 1],
          ['c', 1],
          [key, each.wire],
        ]),
      };
      const expected = {
        id: 1,
        result: objectFrom([
          ['a', [each.value]],
          ['b', 1],
          ['c', 1],
          [key, each.value],
        ]),
      };
      expect(isDeepStrictEqual(decodeMessage(JSON.stringify(message)), expected)).toBe(true);
    }),
    150,
  );
});

test('any message is decoded or refused as no JSON; what is not special stays, and no prototype changes', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  const text = fc.oneof(
    anyJson.map((value) => JSON.stringify(value)),
    fc
      .tuple(
        anyJson.map((value) => JSON.stringify(value)),
        fc.nat(),
        anyText,
      )
      .map(([json, at, more]) => json.slice(0, at % (json.length + 1)) + more),
    fc.constantFrom(
      '{"a":NaN}',
      '[Infinity,-Infinity]',
      '"NaN',
      '{"$date":NaN}',
      '{"$set":[{"$set":[{"$date":1}]}]}',
    ),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => `${'['.repeat(depth)}{"$date":1}${']'.repeat(depth)}`),
    anyText,
  );
  await tryProperty(
    fc.property(text, (message) => {
      let decoded: unknown;
      try {
        decoded = decodeMessage(message);
      } catch (error) {
        tally.note('refused');
        hold(error instanceof SyntaxError || error instanceof RangeError, String(error));
        return;
      }
      tally.note('decoded');
      hold(
        message.includes('"$') ||
          /NaN|Infinity/u.test(message) ||
          JSON.stringify(decoded) === JSON.stringify(JSON.parse(message)),
        message,
      );
      hold(Object.keys(Object.prototype).length === 0, 'the prototype of all objects was changed');
    }),
    300,
  );
  expect(tally.shareOf('decoded')).toBeGreaterThan(0.2);
  expect(tally.shareOf('refused')).toBeGreaterThan(0.2);
});

test('what JSON cannot carry is refused with its place, and nothing else is', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const bad = fc.constantFrom<unknown>(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Symbol('x'),
    () => 1,
    new Date(Number.NaN),
    nested(200),
  );
  await tryProperty(
    fc.property(pair, fc.option(bad, { nil: undefined, freq: 2 }), anyKey, (each, wrong, key) => {
      const params = [each.value, [objectFrom([[key, wrong]])]];
      let refusal: unknown;
      try {
        encodeParams(params);
      } catch (error) {
        refusal = error;
      }
      expect(refusal !== undefined).toBe(wrong !== undefined);
      hold(refusal === undefined || isTrueNasError(refusal, 'validation'), String(refusal));
      hold(
        !isTrueNasError(refusal) || refusal.fields?.[0]?.path.startsWith(`params[1][0].${key}`) === true,
        'another place',
      );
    }),
    150,
  );
});
