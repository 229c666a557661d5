/** Whatever stands in the environment, the configuration is either right or says what is wrong. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import {
  integerBetween,
  isLoopbackHost,
  Misfit,
  type NasAddress,
  parseDurationMs,
  parseFingerprint,
  parseNasAddress,
} from '../../src/config/parse.ts';
import { SETTING_ROWS } from '../../src/config/settings.ts';
import { parseMoment, parseSpan } from '../../src/output/time.ts';
import { anyText, createTally, FUZZ_TIMEOUT_MS, hold, tryProperty } from '../support/fuzz.ts';

/** The value, or `undefined` for a refusal; anything else that is thrown is a crash. */
function accepted<Value>(parse: (text: string) => Value, text: string): Value | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

const host = fc.oneof(
  fc.constantFrom(
    'nas.local',
    'NAS',
    'localhost',
    '127.0.0.1',
    '::1',
    '[fd00::1]',
    'xn--bcher-kva.de',
    'bücher.de',
  ),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((address) => `[${address}]`),
);
const address = fc
  .tuple(
    fc.constantFrom(
      '',
      '',
      'https://',
      'wss://',
      'http://',
      'ws://',
      'HTTPS://',
      'ftp://',
      'javascript:',
      '//',
    ),
    fc.constantFrom('', '', '', '', 'root@', 'root:pw@', '\\', '%40', ' '),
    host,
    fc.oneof(
      fc.constantFrom('', '', ':443', ':80', ':8443', ':0', ':65536', ':x', ':'),
      fc.nat(70_000).map((port) => `:${port}`),
    ),
    fc.oneof(
      fc.constantFrom(
        '',
        '',
        '/',
        '/ui/',
        '/ui/../..',
        '/api/current',
        '?x',
        '#y',
        '/..',
        '\\@evil.example',
        '\t',
        '\n',
      ),
      anyText,
    ),
  )
  .map((parts) => parts.join(''));

function holdAddress(text: string, address: NasAddress): void {
  const { url, isPlain, isLoopback } = address;
  hold(/^wss?:\/\/[^\s/?#@\\]+$/u.test(url), `${url} is more than scheme, host and port`);
  const { username, password, pathname, search, hash, protocol, hostname } = new URL(url);
  hold(
    [username, password, search, hash].join('') === '' && pathname === '/',
    `${url} says more than it seems`,
  );
  hold(isPlain === /^(?:http|ws):\/\//iu.test(text), `${url} is not as safe as it was asked for`);
  hold(protocol === (isPlain ? 'ws:' : 'wss:'), `${url} has another scheme`);
  hold(isLoopback === isLoopbackHost(hostname), `${url} is mistaken for this machine, or not`);
  hold(isDeepStrictEqual(parseNasAddress(url), address), `${url} is read differently the second time`);
}

test('an address is refused with a reason, or gives scheme, host and port and nothing else', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const tally = createTally();
  await tryProperty(
    fc.property(fc.oneof({ weight: 4, arbitrary: address }, { weight: 1, arbitrary: anyText }), (text) => {
      const parsed = accepted(parseNasAddress, text);
      tally.note(parsed === undefined ? 'refused' : 'accepted');
      if (parsed !== undefined) holdAddress(text, parsed);
    }),
    400,
  );
  expect(tally.shareOf('accepted')).toBeGreaterThan(0.1);
  expect(tally.shareOf('refused')).toBeGreaterThan(0.1);
});

test('an address keeps the port it was given, and 443 or 80 where the scheme says so', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  await tryProperty(
    fc.property(
      fc.domain(),
      fc.integer({ min: 1, max: 65_535 }),
      fc.constantFrom('', 'https://', 'wss://', 'http://', 'ws://'),
      (name, port, scheme) => {
        const url = new URL(parseNasAddress(`${scheme}${name}:${port}`).url);
        expect(Number(url.port || (url.protocol === 'ws:' ? 80 : 443))).toBe(port);
        expect(url.hostname).toBe(name.toLowerCase());
      },
    ),
    100,
  );
});

test('a fingerprint is refused, or is 64 lower-case digits, the same ones that were given', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const digits = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[0-9a-fA-F]{64}$/u) },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-f]{62,68}$/u) },
  );
  const written = fc
    .tuple(
      fc.constantFrom('', 'sha256:', 'SHA-256 Fingerprint=', 'SHA256 '),
      digits,
      fc.constantFrom('', ':', ' '),
    )
    .map(([prefix, hex, separator]) => `${prefix}${(hex.match(/../gu) ?? []).join(separator)}`);
  const tally = createTally();
  await tryProperty(
    fc.property(fc.oneof(written, anyText, fc.stringMatching(/^[0-9a-f:]{0,100}$/u)), (text) => {
      const parsed = accepted(parseFingerprint, text);
      tally.note(parsed === undefined ? 'refused' : 'accepted');
      if (parsed === undefined) return;
      hold(/^[0-9a-f]{64}$/u.test(parsed), `${parsed} is no fingerprint`);
      const digits = text.toLowerCase().replace(/[^0-9a-f]/gu, '');
      hold(digits.endsWith(parsed), `${parsed} is not the fingerprint that was given`);
    }),
    300,
  );
  expect(tally.shareOf('accepted')).toBeGreaterThan(0.1);
  expect(tally.shareOf('refused')).toBeGreaterThan(0.2);
});

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

test('durations, whole numbers, spans and moments are finite, within their bounds, or refused', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const quantity = fc
    .tuple(
      fc.constantFrom('', '', '', '-', '+', ' '),
      fc.oneof(
        fc.nat(90_000).map(String),
        fc.nat(90).map(String),
        fc.double().map(String),
        fc.constantFrom('1,000', '1_0', '0x10', '９', '1'.repeat(400)),
      ),
      fc.constantFrom('', 's', 'ms', 'm', 'min', ' h', 'd', 'w', 'S', 'x'),
    )
    .map((parts) => parts.join(''));
  const edge = fc.constantFrom(
    '999ms',
    '1000ms',
    '0.9s',
    '0',
    '3600',
    '3601',
    '60m',
    '60.1m',
    '199',
    '200001',
  );
  const date = fc
    .tuple(fc.date({ noInvalidDate: true }), fc.constantFrom('', 'Z', ' 10:00', '+99:99'))
    .map(([at, more]) => `${at.toISOString().slice(0, 10)}${more}`);
  const tally = createTally();
  await tryProperty(
    fc.property(fc.oneof(quantity, edge, date, anyText), fc.nat(8_640_000_000_000), (text, nowMs) => {
      const durationMs = accepted(parseDurationMs, text);
      hold(durationMs === undefined || isWhole(durationMs, 1000, 3_600_000), `${durationMs} ms`);
      const count = accepted(integerBetween(200, 200_000), text);
      hold(count === undefined || isWhole(count, 200, 200_000), `a count of ${count}`);
      const spanMs = parseSpan(text);
      hold(spanMs === undefined || isWhole(spanMs, 0, Number.MAX_SAFE_INTEGER), `a span of ${spanMs} ms`);
      const momentMs = parseMoment(text, nowMs);
      hold(momentMs === undefined || Number.isFinite(momentMs), `a moment at ${momentMs}`);
      tally.note(
        [durationMs, count, spanMs, momentMs].some((value) => value !== undefined) ? 'accepted' : 'refused',
      );
    }),
    400,
  );
  expect(tally.shareOf('accepted')).toBeGreaterThan(0.1);
  expect(tally.shareOf('refused')).toBeGreaterThan(0.2);
});

const SECRET = '7-THISxISxTHExSECRETxTHATxMUSTxNEVERxSHOWxABCDEFGHIJKLMNOPQRSTUVWX';
const variables = SETTING_ROWS.flatMap(([, row]) => (row.env === undefined ? [] : [row.env]));
const flags = SETTING_ROWS.flatMap(([, row]) => (row.flag === undefined ? [] : [`--${row.flag}`]));

test('any environment and command line gives a configuration whose problems name a setting and never a secret', {
  timeout: FUZZ_TIMEOUT_MS,
}, async () => {
  const value = fc.oneof(
    anyText,
    address,
    fc.constantFrom('true', 'read', 'destroy', '30s', '6000', 'all', 'x', '\u0024{input:key}'),
  );
  const right = { TRUENAS_URL: 'nas.local', TRUENAS_ACCESS: 'read', TRUENAS_TIMEOUT: '30s' };
  const env = fc.dictionary(fc.constantFrom(...variables), value, { maxKeys: 3 }).map((given) => ({
    ...right,
    ...given,
    TRUENAS_API_KEY: `${SECRET}${(given['TRUENAS_API_KEY'] ?? '').slice(0, 3)}`,
    TRUENAS_API_KEY_FILE: undefined,
    TRUENAS_CA_FILE: undefined,
  }));
  const argument = fc.oneof(
    fc.constantFrom(...flags.filter((flag) => !/file/u.test(flag))),
    fc
      .tuple(fc.constantFrom(...flags.filter((flag) => !/file/u.test(flag))), value)
      .map(([flag, text]) => `${flag}=${text}`),
    value,
    fc.constantFrom('--', '-', '-x', '--no-demo', '--__proto__', '--api-key', '--constructor=1'),
  );
  const tally = createTally();
  await tryProperty(
    fc.property(env, fc.array(argument, { maxLength: 2 }), (given, argv) => {
      const config = loadConfig({ env: given, argv });
      tally.note(config.connection === undefined ? 'no connection' : 'connection');
      expect(JSON.stringify([config.problems, config.usageErrors, config.warnings])).not.toContain(
        'xSECRETx',
      );
      const isNamed = config.problems.every((problem) => /TRUENAS_[A-Z_]+|--[a-z-]+/u.test(problem));
      hold(isNamed, config.problems.join('\n'));
      const isWrong = config.problems.length + config.usageErrors.length > 0;
      hold(
        config.connection !== undefined || config.isDemo || isWrong,
        'nothing says why there is no connection',
      );
      hold(
        config.connection === undefined || config.problems.length === 0,
        'a connection in spite of problems',
      );
      hold(config.connection?.url.startsWith('wss://') !== false, 'a connection in clear');
    }),
    300,
  );
  expect(tally.shareOf('connection')).toBeGreaterThan(0.05);
  expect(tally.shareOf('no connection')).toBeGreaterThan(0.3);
});
