/** Private keys of which only a part was kept. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

const LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7pL9kZ3q1YwXv';
const SECOND = 'q7Xn2mVtJ5sRw8eKd4uHbC1oPyGiZfAl6T0NhWxMrEjUvQgB3SkFzDcLpOaIsYt9';
const LAST = 'kT9xWq2b7A==';
const armoured = (label: string): string =>
  `-----BEGIN ${label}-----\n${LINE}\n${SECOND}\n${LAST}\n-----END ${label}-----`;
const headless = (label: string, from = 0): string =>
  armoured(label).slice(`-----BEGIN ${label}-----\n`.length + from);
const RSA = 'RSA PRIVATE KEY';

const base64 = Buffer.from(headless(RSA)).toString('base64');

describe('a key that was cut off', () => {
  areTakenOut([
    ['in front of its body', headless(RSA), SECOND],
    ['in front of its last lines', headless(RSA), LAST],
    ['within its first line', headless(RSA, 40), LINE.slice(44)],
    ['near the end of its first line', headless(RSA, 58), SECOND],
    ['in its last line', headless(RSA, 130), LAST.slice(4)],
    ['within its head', armoured(RSA).slice(12), LINE],
    ['of OpenSSH', headless('OPENSSH PRIVATE KEY'), LINE],
    ['of PKCS 8', headless('PRIVATE KEY'), LINE],
    ['that is encrypted', headless('ENCRYPTED PRIVATE KEY'), LINE],
    ['of an elliptic curve', headless('EC PRIVATE KEY', 5), LINE.slice(5)],
    ['of PGP', `${headless('PGP PRIVATE KEY BLOCK').replace(LAST, `${LAST}\n=aB3d`)}`, SECOND],
    [
      'of OpenVPN',
      headless('OpenVPN Static key V1').replace(LINE, '8846f7eaee8fb117ad06bdd830b7586c'),
      SECOND,
    ],
    ['of SSH2', `${LINE}\n${LAST}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`, LINE],
    ['of PuTTY', `${LINE}\n${LAST}\nPrivate-MAC: 00ff00ff`, LINE],
    ['of PuTTY with its lines counted', `Private-Lines: 2\n${LINE}\n${LAST}\nPrivate-MAC: 00ff00ff`, LAST],
    ['with line breaks of Windows', headless(RSA).replaceAll('\n', '\r\n'), LINE],
    ['with escaped line breaks', headless(RSA).replaceAll('\n', '\\n'), LINE],
    ['with escaped line breaks of Windows', headless(RSA).replaceAll('\n', '\\r\\n'), SECOND],
    ['with cells for lines', headless(RSA).replaceAll('\n', '  |  '), LINE],
    ['on one line', headless(RSA).replaceAll('\n', ' '), LINE],
    ['in a URL', encodeURIComponent(headless(RSA)), LINE],
    ['in a form', headless(RSA).replaceAll(' ', '+').replaceAll('\n', '%0A'), SECOND],
    ['with indented lines', headless(RSA).replace(/^/gmu, '    '), LINE],
    ['in Base64', `"${base64}"`, base64.slice(20, 60)],
    [
      'behind another block',
      `${armoured('CERTIFICATE')}\nlog line\n${headless(RSA, 20).replace(LAST, 'aB3=')}`,
      'aB3=',
    ],
  ]);

  stayAsTheyAre([
    ['a certificate', armoured('CERTIFICATE')],
    ['a certificate that was cut off', headless('CERTIFICATE')],
    ['a public key that was cut off', headless('PUBLIC KEY')],
    ['a request that was cut off', headless('CERTIFICATE REQUEST')],
    ['words about keys', 'the END of the PRIVATE KEY story\nEND PRIVATE KEY is the last line'],
  ]);

  test('takes only its own lines with it', () => {
    const text = `log of the import\nsize 4096 bits\n${headless(RSA)}\ndone`;
    expect(redactor.text(text)).toBe(`log of the import\nsize 4096 bits\n${REDACTED}\ndone`);
    const inLine = `failed: ${headless(RSA).replaceAll('\n', ' ')} is wrong`;
    expect(redactor.text(inLine)).toBe(`failed: ${REDACTED} is wrong`);
  });

  test.each([
    ['its end is missing', `-----BEGIN ${RSA}-----\n${LINE}\n${SECOND}`],
    ['only a part of its end is there', armoured(RSA).slice(0, -8)],
    ['only parts of its head and its end are there', armoured(RSA).slice(12, -8)],
    ['it was cut within its first line', `-----BEGIN ${RSA}-----\n${LINE.slice(0, 20)}`],
  ])('all that follows goes when %s', (_name, text) => {
    expect(redactor.text(`before\n${text}`)).toMatch(/^before\n(?:\w+ )?\[redacted\]$/u);
  });

  test('a long text of lines is read in time', () => {
    const text = `${`${LINE}\n`.repeat(3000)}-----END PRIVATE KEY-----\n`.repeat(3);
    expect(redactor.text(text)).not.toContain(LINE);
    expect(redactor.text('-----END PRIVATE KEY-----'.repeat(4000))).toContain(REDACTED);
  });
});
