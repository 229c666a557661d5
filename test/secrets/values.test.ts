/** Where the value of a secret's name ends, in texts. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

describe('all of a value', () => {
  areTakenOut([
    ['behind an ampersand', `password=ab&${PLAIN} x`, PLAIN],
    ['behind a semicolon', `password=ab;${PLAIN} x`, PLAIN],
    ['behind a semicolon in a connection string', `Server=db;Password=ab;${PLAIN};Database=x`, PLAIN],
    ['behind an ampersand in a form', `user=a&password=ab&${PLAIN}&x=1`, PLAIN],
    ['behind a comma', `password=ab,${PLAIN} x`, PLAIN],
    ['behind a quote', `password=ab"${PLAIN} x`, PLAIN],
    ['behind a single quote', `password=ab'${PLAIN} x`, PLAIN],
    ['behind an angle', `password=ab<${PLAIN} x`, PLAIN],
    ['behind a bar', `password=ab|${PLAIN} x`, PLAIN],
    ['behind quotes that end', `PASSWORD="ab"${PLAIN} mysqld`, PLAIN],
    ['behind an escaped quote', `password="ab\\"${PLAIN}" x`, PLAIN],
    ['behind a quote within quotes', `PASSWORD='it'\\''s${PLAIN}' x`, PLAIN],
    ['behind a doubled quote', `password: 'it''s${PLAIN}'`, PLAIN],
    ['in quotes with a space', `password="two ${PLAIN}"`, PLAIN],
    ['in backticks', `password=\`two ${PLAIN}\``, PLAIN],
    ['in the quotes of a person', `password: “two ${PLAIN}” set`, PLAIN],
    ['in braces', `Pwd={${PLAIN};x};Server=db`, PLAIN],
    ['of several words', `[rpc]\nrpc_password = correct ${PLAIN} horse\nport = 1`, `${PLAIN} horse`],
    ['of several words with a comment', `password = correct ${PLAIN} # mine`, PLAIN],
    ['in an object', `sent {"secrets": {"a": "${PLAIN}"}}`, PLAIN],
    ['in a list', `tokens: ["a", "${PLAIN}"]`, PLAIN],
    ['in a sentence', `log in as admin with password ${PLAIN}`, PLAIN],
    ['in a statement', `the passphrase is ${PLAIN}`, PLAIN],
    ['in a statement about somebody', `the password for bob is ${PLAIN}`, PLAIN],
    ['of a name of two words', `API key: ${PLAIN}`, PLAIN],
    ['of a token in a sentence', `the API token is ${PLAIN}`, PLAIN],
    ['of a UPS', `MONITOR ups@localhost 1 upsmon ${PLAIN} primary`, PLAIN],
    ['behind a colon and no space', `{password:${PLAIN},port:1}`, PLAIN],
    ['behind an escaped colon', `password%3A${PLAIN}`, PLAIN],
    ['as a default of a shell', `\${DB_PASSWORD:-${PLAIN}}`, PLAIN],
    ['as a random key', `key=Zm9vYmFyQmF6cXV4MTIzNDU2 x`, 'Zm9vYmFyQmF6cXV4MTIzNDU2'],
  ]);

  test.each([
    [`user=a&password=${PLAIN}&x=1`, `user=a&password=${REDACTED}&x=1`],
    [`Server=db;Password=${PLAIN};Database=x`, `Server=db;Password=${REDACTED};Database=x`],
    [`mount -o user=a,password=${PLAIN},vers=3,ro`, `mount -o user=a,password=${REDACTED},vers=3,ro`],
    [`mount -o password=${PLAIN},ro,vers=3`, `mount -o password=${REDACTED},ro,vers=3`],
    [`{"password":"${PLAIN}","port":1}`, `{"password":"${REDACTED}","port":1}`],
    [`x {'password': '${PLAIN}', 'port': 1}`, `x {'password': '${REDACTED}', 'port': 1}`],
    [`PASSWORD=${PLAIN}; ls`, `PASSWORD=${REDACTED}; ls`],
    [`PASSWORD=${PLAIN} && ls`, `PASSWORD=${REDACTED} && ls`],
    [`(password="${PLAIN}").`, `(password="${REDACTED}").`],
    [`<b>password=${PLAIN}</b>`, `<b>password=${REDACTED}</b>`],
    [`cmd="x --password=${PLAIN}" y`, `cmd="x --password=${REDACTED}" y`],
    [`['--password=${PLAIN}', '--port=1']`, `['--password=${REDACTED}', '--port=1']`],
    [`password = correct ${PLAIN} # mine`, `password = ${REDACTED} # mine`],
  ])('and no more: %s', (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
  });

  stayAsTheyAre([
    ['prose with numbers', 'password sha512crypt; password 2026-03-01 changed; password is 12 characters'],
    ['an object that names none', 'x {"auth": {"type": "none"}, "tokens": null}'],
    ['a variable of configuration', 'name = a b c\nport = 1'],
    ['statements about passwords', 'The password is required.\npassword must be changed\npassword is set'],
  ]);
});
