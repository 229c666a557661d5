/** Values that JSON lacks, and integers that this language's numbers cannot hold. */
import { expect, it } from 'vitest';
import { decodeValue, toJson } from '../../src/wire/codec.ts';
import { withSimulator } from '../support/simulator.ts';

it('dates and sets are read, other special values stay as they travel', () => {
  expect(decodeValue([{ $date: 0 }, { a: { $set: [1] } }])).toEqual([new Date(0), { a: new Set([1]) }]);
  const kept = [
    { $time: '10:20' },
    { $type: 'date', $value: '2024-02-29' },
    { $ipv4_interface: '192.0.2.1/24' },
    { $ipv6_interface: 'fe80::1/64' },
    { $date: 1, more: 1 },
  ];
  expect(decodeValue(kept)).toEqual(kept);
});

it.each([
  [{ $date: 'x' }, "$date: unsupported operand type(s) for /: 'str' and 'int'"],
  [{ $date: 1e15 }, '$date: year 33658 is out of range'],
  [{ $time: '24:00' }, '$time: hour must be in 0..23'],
  [{ $time: 5 }, "$time: 'int' object has no attribute 'split'"],
  [{ $type: 'date', $value: '2023-02-29' }, 'date: day is out of range for month'],
  [{ $type: 'date', $value: '2023' }, "date: function missing required argument 'month' (pos 2)"],
  [{ $set: [[1]] }, "$set: unhashable type: 'list'"],
  [{ $set: null }, "$set: 'NoneType' object is not iterable"],
  [{ $ipv4_interface: '192.0.2.256' }, "$ipv4_interface: Octet 256 (> 255) not permitted in '192.0.2.256'"],
  [{ $ipv4_interface: '192.0.2.1/33' }, "$ipv4_interface: '33' is not a valid netmask"],
  [{ $ipv6_interface: '1::2::3' }, "$ipv6_interface: At most one '::' permitted in '1::2::3'"],
])('%j is refused', (value, problem) => {
  expect(() => decodeValue([value])).toThrow(new Error(`Error parsing ${problem}`));
});

it('long integers leave with all their digits, wherever they stand', () => {
  expect(toJson({ guid: 17_870_816_993_558_666_713n, list: [-(2n ** 64n), 1], text: '17' })).toBe(
    '{"guid":17870816993558666713,"list":[-18446744073709551616,1],"text":"17"}',
  );
});

it('a guid is an integer of up to 20 digits in some answers, and finds its row again', async () => {
  const connection = await nas.connect();
  await connection.call('zfs.resource.query', [{ paths: ['tank'], properties: ['used'] }]);
  const text = connection.texts.at(-1) ?? '';
  const guid = /"guid":(\d+)/.exec(text)?.[1] ?? '';
  expect(Number.isSafeInteger(Number(guid))).toBe(false);
  const [pool] = await connection.call('pool.query', [[['name', '=', 'tank']]]);
  expect(pool.guid).toBe(guid);
});

it('a long integer in a filter is compared with all its digits', async () => {
  const connection = await nas.connect();
  const ask = async (value: string): Promise<unknown> => {
    connection.send(
      `{"jsonrpc":"2.0","id":"${value}","method":"pool.query","params":[[["size","<",${value}]],{"count":true}]}`,
    );
    return (await connection.frame((frame) => frame.id === value)).result;
  };
  expect(await ask('99999999999999999999')).toBeGreaterThan(0);
  expect(await ask('-99999999999999999999')).toBe(0);
});

const nas = withSimulator({ release: '25.10' });
