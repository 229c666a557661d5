/** Seeded pseudo-random numbers: the same seed gives the same NAS, on every machine and Node version. */

/** A stream of numbers; `fork` gives an independent one, so that a new draw in one subject leaves the others alone. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** A number from `min` (included) to `max`. */
  between(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Hexadecimal digits. */
  hex(length: number): string;
  /** Characters of `alphabet` (upper-case letters and digits by default), as serial numbers are made of. */
  text(length: number, alphabet?: string): string;
  uuid(): string;
  fork(label: string): Random;
}

const SERIAL = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

/** Makes a stream from a seed. */
export function createRandom(seed: number | string): Random {
  const key = String(seed);
  let state = hash32(key);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function int(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1));
  }

  function pick<T>(items: readonly T[]): T {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  function text(length: number, alphabet = SERIAL): string {
    let result = '';
    for (let index = 0; index < length; index++) result += alphabet[int(0, alphabet.length - 1)] ?? '';
    return result;
  }

  function hex(length: number): string {
    return text(length, '0123456789abcdef');
  }

  return {
    next,
    int,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick,
    hex,
    text,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`,
    fork: (label) => createRandom(`${key}/${label}`),
  };
}

/** A number in [0, 1) that depends only on its arguments: noise that can be asked for at any point in time. */
export function noise(key: string, position: number): number {
  let mixed = hash32(key) ^ Math.imul(position | 0, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** FNV-1a over the UTF-16 units of a text. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A ZFS-like GUID as decimal text: stable for the name, about 19 digits. */
export function guidOf(name: string): string {
  const high = BigInt((hash32(name) | 0x10000000) >>> 0);
  return ((high << 32n) | BigInt(hash32(`${name}#guid`))).toString();
}
