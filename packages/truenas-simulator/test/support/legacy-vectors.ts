/** Frames of the real handlers of the older protocol, and how a simulated NAS is asked the same. */
import { isDeepStrictEqual } from 'node:util';
import { hasContract, readContractFile } from './contract.ts';
import type { Json } from './simulator.ts';

/** One exchange with a real handler, in the order it happened. */
export interface LegacyVector {
  readonly release: string;
  readonly name: string;
  readonly order: readonly LegacyStep[];
}

/** A frame that went out or came in; an end of the connection comes in as `close`. */
export type LegacyStep = { readonly send: Json } | { readonly recv: Json };

/** The recorded exchanges of a release; none without the contract. */
export function legacyVectors(release: string): readonly LegacyVector[] {
  if (!hasContract) return [];
  const all = JSON.parse(readContractFile('legacy/legacy-vectors.json')) as LegacyVector[];
  return all.filter((vector) => vector.release.startsWith(release));
}

/** What the recording left out because it is different each time. */
export interface Secrets {
  readonly password: string;
  /** Keys by their id. */
  readonly keys: Map<number, string>;
  token: string;
}

/** A recorded frame as it is sent: with the secrets of this NAS. */
export function frameToSend(vector: LegacyVector, send: Json, secrets: Secrets): string | Buffer {
  if (typeof send === 'string') return send;
  if ('binary' in send) return Buffer.alloc(send.binary);
  if ('text_of_length' in send) return longFrame(send.starts, send.text_of_length);
  const isAboutKey = send.method === 'api_key.delete' || send.method === 'api_key.update';
  if (isAboutKey) {
    // Ids of keys are one more here: the issued key came first.
    const [id, ...more] = send.params;
    return JSON.stringify({ ...send, params: [id + 1, ...more] });
  }
  return JSON.stringify(send, (_key, value: unknown) => {
    if (value === 'secret') return secrets.password;
    if (value === '<token>') return secrets.token;
    if (value === '/tmp/follow.txt') return '/var/log/messages';
    if (typeof value === 'string' && value.includes(':/tmp/follow.txt')) {
      return value.replace('/tmp/follow.txt', '/var/log/messages');
    }
    const id = typeof value === 'string' ? /^(\d+)-<64 characters>$/.exec(value)?.[1] : undefined;
    if (id === undefined) return value;
    const wrong = `${id}-${'x'.repeat(64)}`;
    return vector.name.includes('wrong secret') ? wrong : (secrets.keys.get(Number(id)) ?? wrong);
  });
}

/** One call with a long argument. */
function longFrame(starts: string, length: number): string {
  const head = `${starts.slice(0, starts.indexOf('"params"'))}"params": ["`;
  return `${head}${'x'.repeat(length - head.length - 3)}"]}`;
}

/** True when a frame is what was recorded; what is different each time counts as equal. */
export function isAsRecorded(expected: Json, actual: Json): boolean {
  if (expected === '<any>' || expected === '<traceback text>') return actual !== undefined;
  if (typeof expected === 'string' && /^<\w+>$|<ip:port>|<64 characters>/.test(expected)) {
    return typeof actual === 'string';
  }
  if (typeof expected === 'string' && expected.startsWith('Ident ')) {
    return /^Ident [0-9a-f-]{36}s1 is already used$/.test(String(actual));
  }
  if (expected === null || typeof expected !== 'object') return isDeepStrictEqual(expected, actual);
  if (actual === null || typeof actual !== 'object') return false;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false;
    return expected.every((item, index) => isAsRecorded(item, actual[index]));
  }
  if (expected.$date === '<ms>') return typeof actual.$date === 'number';
  const keys = Object.keys(expected).sort();
  return (
    isDeepStrictEqual(keys, Object.keys(actual).sort()) &&
    keys.every((key) => isAsRecorded(expected[key], actual[key]))
  );
}
