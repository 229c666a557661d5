/** A secret that went in comes out nowhere, however it was wrapped, encoded, nested or cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitSize } from '../../src/mcp/call/steps.ts';
import { cleanClient } from '../../src/access/redacted-client.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { cutMiddle, safeCell, safeLines } from '../../src/output/untrusted.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { TrueNasError } from '../../src/truenas/errors.ts';
import type { ReadClient, WireValue } from '../../src/truenas/index.ts';
import { anyJson, anyKey, anyText, FUZZ_TIMEOUT_MS, objectFrom, tryProperty } from '../support/fuzz.ts';

const letters = fc
  .stringMatching(/^[A-Za-z0-9]{64}$/u)
  .filter((text) => /\d/u.test(text) && /[a-z]/iu.test(text));
const ownKey = fc.tuple(fc.integer({ min: 1, max: 999 }), letters).map(([id, secret]) => `${id}-${secret}`);

/** Ways to write a text. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'without id': (text) => text.slice(text.indexOf('-') + 1),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 with something before': (text) => Buffer.from(`u:${text}`).toString('base64'),
  'base64 amid something': (text) => Buffer.from(`user:${text} and more`).toString('base64'),
  base64url: (text) => Buffer.from(`?${text}`).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'upper hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  percent: (text) => encodeURIComponent(text),
  'all percent': (text) => Buffer.from(text).toString('hex').replace(/../gu, '%$&'),
  upper: (text) => text.toUpperCase(),
  JSON: (text) => JSON.stringify({ a: [text] }),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ a: JSON.stringify([text]) })),
  URL: (text) => `https://root:${text}@nas.local/x?key=${text}#y`,
  header: (text) => `Authorization: Bearer ${text}`,
  Python: (text) => `{'api_key': '${text}', 'n': b'${text}'}`,
};

class Credentials {
  readonly held: unknown;
  constructor(held: unknown) {
    this.held = held;
  }
}

/** Ways to put a value into another; two texts of any sort stand by. */
const WRAPPERS: readonly ((value: unknown, a: string, b: string, other: unknown) => unknown)[] = [
  (value, a, b, other) =>
    objectFrom([
      [a, other],
      [`k${a}`, value],
      [b, other],
    ]),
  (value, _a, _b, other) => [other, value, other],
  (value) => ({ deep: [{ deeper: { value } }] }),
  (value, a) => objectFrom([[`${typeof value === 'string' ? value : JSON.stringify(value)}${a}`, 1]]),
  (value, a, b) => `${a}${typeof value === 'string' ? value : JSON.stringify(value)} ${b}`,
  (value) => JSON.stringify({ rows: [value] }),
  (value, a) => new Error(`${a} ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  (value) => ({ error: new TypeError(typeof value === 'string' ? value : 'x', { cause: value }) }),
  (value, a) => new Map<unknown, unknown>([[a, value]]),
  (value) => new Set([value]),
  (value) => new Credentials(value),
  (value) => ({ toJSON: () => ({ value }) }),
  (value) =>
    typeof value === 'string'
      ? new URL(`https://u:${encodeURIComponent(value.replace(/\p{Cs}/gu, ''))}@nas.local/`)
      : { value },
];

const wrapped = fc.array(fc.tuple(fc.nat(WRAPPERS.length - 1), anyKey, anyText, anyJson), {
  minLength: 1,
  maxLength: 4,
});

function wrap(value: unknown, layers: readonly (readonly [number, string, string, unknown])[]): unknown {
  return layers.reduce<unknown>(
    (inner, [which, a, b, other]) => WRAPPERS[which]?.(inner, a, b, other) ?? inner,
    value,
  );
}

const PIECE = 16;

/** Sixteen characters of the secret in a row, in the text or in whatever can be decoded from it. */
function leaked(text: string, secret: string): string | undefined {
  const core = secret.slice(secret.indexOf('-') + 1).toLowerCase();
  const pieces = Array.from({ length: core.length - PIECE + 1 }, (_, at) => core.slice(at, at + PIECE));
  return readings(text).find((reading) => {
    const lower = reading.toLowerCase();
    return pieces.some((piece) => lower.includes(piece));
  });
}

function readings(text: string): string[] {
  const runs = text.match(/[A-Za-z0-9+/_-]{24,}/gu) ?? [];
  const hexes = text.match(/(?:%?[0-9a-fA-F]{2}){16,}/gu) ?? [];
  return [
    text,
    ...runs.flatMap((run) =>
      [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString('latin1')),
    ),
    ...hexes.flatMap((hex) => {
      const digits = hex.replaceAll('%', '');
      return [0, 1].map((from) => Buffer.from(digits.slice(from), 'hex').toString('latin1'));
    }),
  ];
}

test('our own key comes out of no value, whatever it is nested in and however it is written', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(ownKey, fc.constantFrom(...Object.keys(ENCODINGS)), wrapped, (key, encoding, layers) => {
      const redactor = createRedactor({ ownSecrets: [key] });
      const value = wrap(ENCODINGS[encoding]?.(key), layers);
      const lines: string[] = [];
      const log = createLog({ level: 'debug', redactor, write: (line) => lines.push(line) });
      log.info('something happened', { value });
      log.info(String(ENCODINGS[encoding]?.(key)), { more: [value] });
      const out = [
        JSON.stringify(redactor.value({ value })),
        JSON.stringify(redactor.value(value)) ?? '',
        ...lines,
      ];
      expect(out.map((text) => leaked(text, key))).toEqual(out.map(() => undefined));
    }),
    80,
  );
});

test('the check for leaks finds a secret in every way of writing it', () => {
  const key = `7-${'aB3xY9'.repeat(10)}zzzz`;
  for (const encode of Object.values(ENCODINGS))
    expect(leaked(`before ${encode(key)} after`, key)).toBeTypeOf('string');
  expect(leaked('nothing here but tank/media', key)).toBeUndefined();
});

/** Ways in which other people's secrets stand in answers. */
const PLACES: Readonly<Record<string, (secret: string) => unknown>> = {
  'a field': (secret) => ({ bindpw: secret }),
  'a field of a list': (secret) => [{ name: 'x', password: secret }],
  'a list in a field': (secret) => ({ secrets: [secret, { more: secret }] }),
  'a variable': (secret) => ({ name: 'DB_PASSWORD', value: secret }),
  'JSON text': (secret) => JSON.stringify({ user: 'x', password: secret }),
  'JSON text in JSON text': (secret) =>
    JSON.stringify({ config: JSON.stringify({ api_key: secret, port: 1 }) }),
  'JSON in a line': (secret) => `failed with ${JSON.stringify({ api_secret: secret })} at line 3`,
  'JSON in JSON in a line': (secret) => `failed with ${JSON.stringify(JSON.stringify({ password: secret }))}`,
  'an assignment': (secret) => `mount -o user=x,password=${secret},vers=3`,
  'a quoted assignment': (secret) => `PASSWORD="${secret}"`,
  'an option': (secret) => `tool --api-token ${secret} --verbose`,
  'a URL': (secret) => `rtsp://cam:${secret}@10.0.0.5:554/stream`,
  'a header': (secret) => `Authorization: Bearer ${secret}`,
  'a key block': (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n${secret}\n-----END PRIVATE KEY-----`,
  'a key block in Base64': (secret) =>
    Buffer.from(`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`).toString(
      'base64',
    ),
};

test("other people's secrets come out of no answer, from whatever place, at whatever depth, and wherever it is cut", {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const redactor = createRedactor({ ownSecrets: [] });
  const secretText = fc
    .stringMatching(/^[A-Za-z0-9]{24}$/u)
    .filter((text) => /\d/u.test(text) && /[a-z]/iu.test(text));
  const around = fc.oneof(
    anyText,
    fc.nat(2000).map((length) => 'some words of a log. '.repeat(length / 20)),
  );
  const nesting = fc.array(fc.constantFrom(0, 1, 2, 5), { maxLength: 3 });
  await tryProperty(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(PLACES)),
      secretText,
      nesting,
      around,
      around,
      fc.integer({ min: 4, max: 400 }),
      async (place, secret, layers, before, after, max) => {
        const held = PLACES[place]?.(secret);
        const text = typeof held === 'string' ? `${before}\n${held}\n${after}` : JSON.stringify(held);
        const answer = {
          rows: wrap(
            held,
            layers.map((which) => [which, 'a', 'b', 1] as const),
          ),
          text,
          list: [held],
        };
        const nas = {
          call: async () => answer as unknown as WireValue,
          has: async () => true,
          release: async () => ({ family: '25.10', version: '' }),
        } satisfies ReadClient;
        const clean = (await cleanClient(nas, redactor).call('app.query')) as unknown as typeof answer;
        const cuts = [
          safeCell(clean.text, max),
          safeLines(cutMiddle(clean.text, max)),
          JSON.stringify(clean).slice(max),
        ];
        const limited = limitSize(200)({
          content: [{ type: 'text', text: redactor.text([...cuts, JSON.stringify(clean)].join('\n')) }],
        });
        const out = [JSON.stringify(clean), ...cuts, JSON.stringify(limited)];
        expect(out.map((each) => leaked(each, secret))).toEqual(out.map(() => undefined));
      },
    ),
    120,
  );
});

test('an error of the NAS that repeats our key loses it in every part', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.asyncProperty(
      ownKey,
      fc.constantFrom(...Object.keys(ENCODINGS)),
      anyText,
      async (key, encoding, around) => {
        const redactor = createRedactor({ ownSecrets: [key] });
        const said = `${around}${ENCODINGS[encoding]?.(key)}`;
        const parts = {
          summary: said,
          nextStep: said,
          nasText: said,
          fields: [{ path: said, message: said }],
        };
        const fail = async (): Promise<never> => {
          throw new TrueNasError('call', parts);
        };
        const nas = cleanClient({ call: fail, has: fail, release: fail }, redactor);
        const caught: unknown[] = [];
        for (const ask of [() => nas.call('pool.query'), () => nas.has('pool.query'), () => nas.release()])
          await ask().catch((error: unknown) => caught.push(error));
        expect(caught).toHaveLength(3);
        const out = caught.map((error) =>
          JSON.stringify({ ...(error as object), message: (error as Error).message }),
        );
        expect(out.map((text) => leaked(text, key))).toEqual([undefined, undefined, undefined]);
      },
    ),
    40,
  );
});

test('nothing is lost of what holds no secret: the very same value comes back', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const redactor = createRedactor({ ownSecrets: [`7-${'aB3xY9'.repeat(10)}zzzz`] });
  const harmless = fc.array(
    fc.record({
      name: fc.constantFrom(
        'tank/media',
        'auto-2026-03-01_00-00',
        'sda',
        'WD-WX12345678',
        'a b c',
        'basic settings',
      ),
      used: fc.nat(),
      locked: fc.boolean(),
      status: fc.constantFrom('ONLINE', 'password expired', 'token: none', 'the key is loaded'),
      key_format: fc.constantFrom('PASSPHRASE', 'HEX'),
      url: fc.webUrl(),
      id: fc.uuid(),
      at: fc.date({ noInvalidDate: true }),
    }),
  );
  await tryProperty(
    fc.property(harmless, (rows) => {
      expect(redactor.value(rows)).toBe(rows);
    }),
    40,
  );
});
