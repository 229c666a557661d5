import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, namesSecret, REDACTED } from '../../../src/output/redact/redactor.ts';

const KEY = `7-${'aB3'.repeat(21)}x`;
const redactor = createRedactor({ ownSecrets: [KEY] });
const OTHER_KEY = `12-${'Zy9'.repeat(21)}q`;
const PEM = `-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----`;

test.each([
  ['password'],
  ['user_password'],
  ['bindpw'],
  ['passphrase'],
  ['encryption_key'],
  ['privatekey'],
  ['ssh_private_key'],
  ['privateKey'],
  ['api_key'],
  ['apiKey'],
  ['unixhash'],
  ['smbhash'],
  ['peersecret'],
  ['dhchap_key'],
  ['dhchap_ctrl_key'],
  ['secret_access_key'],
  ['client_secret'],
  ['token'],
  ['auth_token'],
  ['stored_key'],
  ['server_key'],
  ['keyhash'],
  ['salt'],
  ['Authorization'],
  ['MYSQL_ROOT_PASSWORD'],
])('%s names a secret', (key) => {
  expect(namesSecret(key)).toBe(true);
  expect(redactor.value({ [key]: 'hunter2' })).toEqual({ [key]: REDACTED });
});

test.each([
  ['public_key'],
  ['ssh_key_fingerprint'],
  ['key_format'],
  ['key_loaded'],
  ['password_disabled'],
  ['ssh_password_enabled'],
  ['passwordauth_enabled'],
  ['encryption_root'],
  ['encryption_algorithm'],
  ['api_key_id'],
  ['token_ttl'],
  ['key'],
  ['name'],
  ['compression'],
])('%s names no secret', (key) => {
  expect(redactor.value({ [key]: 'plain' })).toEqual({ [key]: 'plain' });
});

describe('by shape', () => {
  test.each([
    [`key ${OTHER_KEY}!`, `key ${REDACTED}!`],
    [`x ${PEM} y`, `x ${REDACTED} y`],
    ['cut -----BEGIN RSA PRIVATE KEY-----\nMIIE', `cut ${REDACTED}`],
    ['Authorization: Bearer abcdefgh.ijkl', `Authorization: Bearer ${REDACTED}`],
    ['"authorization": "Basic YWxpY2U6cGFzcw"', `"authorization": "Basic ${REDACTED}"`],
    ['smb://alice:pa55@nas.local/share', `smb://${REDACTED}@nas.local/share`],
    ['login failed password=hunter2, next', `login failed password=${REDACTED}, next`],
    ['{"password": "hun ter2"}', `{"password": "${REDACTED}"}`],
    [`mine: ${KEY}`, `mine: ${REDACTED}`],
    [`half: ${KEY.slice(2)}`, `half: ${REDACTED}`],
  ])('%j becomes %j', (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
  });

  test.each([
    'password expired',
    'tank/home@auto-2026-03-01_00-00',
    'https://nas.local/ui?x=1',
    'mail alice@example.com',
    'basic settings',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  ])('%j stays as it is', (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});

test('our own key never survives, however deep and however written', () => {
  const forms = fc.constantFrom(
    KEY,
    KEY.slice(2),
    Buffer.from(KEY).toString('base64'),
    `Bearer ${KEY}`,
    `https://root:${KEY}@nas/`,
  );
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 3 }),
      forms,
      fc.string(),
      fc.stringMatching(/^[a-z]{1,8}$/u),
      (json, form, around, key) => {
        const clean = JSON.stringify(
          redactor.value({ json, [key]: [{ deep: `${around}${form} ${around}` }], [`k ${form}`]: 1 }),
        );
        expect(clean).not.toContain(KEY.slice(2));
        expect(clean).not.toContain(Buffer.from(KEY).toString('base64').slice(0, 60));
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test('a secret below a secret key is hidden at any depth, while flags, numbers, empty and masked texts stay', () => {
  expect(
    redactor.value({ secrets: { a: ['x', 5, true, '', null], b: { c: 'y' } }, password: '********' }),
  ).toEqual({
    secrets: { a: [REDACTED, 5, true, '', null], b: { c: REDACTED } },
    password: '********',
  });
});

test('a value without secrets is the very same object', () => {
  const value = { rows: [{ name: 'tank', used: 5, at: new Date(0) }] };
  expect(redactor.value(value)).toBe(value);
});

test('hostile keys and cycles do no harm', () => {
  const cycle: Record<string, unknown> = { name: 'a' };
  cycle['self'] = cycle;
  expect(JSON.stringify(redactor.value(cycle))).toContain(REDACTED);
  const hostile = JSON.parse('{"__proto__":{"password":"x"},"constructor":{"token":"y"}}');
  expect(JSON.stringify(redactor.value(hostile))).toBe(
    `{"__proto__":{"password":"${REDACTED}"},"constructor":{"token":"${REDACTED}"}}`,
  );
});

test('errors are reduced to name and message, without secrets', () => {
  expect(redactor.value({ error: new Error(`bad ${KEY}`) })).toEqual({ error: `Error: bad ${REDACTED}` });
});

test('an inner redaction that fails and is caught does not move the outer one', () => {
  const failing = {
    data: {
      get x() {
        throw new Error('unreadable');
      },
    },
  };
  const callsBack = {
    toJSON() {
      try {
        redactor.value(failing);
      } catch {
        // Shown as nothing.
      }
      return null;
    },
  };
  const shown = JSON.stringify(redactor.value([callsBack, { api_key: 'hunter2hunter2' }]));
  expect(shown).not.toContain('hunter2');
});
