/** Private keys in their armour: PEM, SSH2, OpenVPN, PuTTY, age, and Base64 of such a block. */
import { REDACTED, type Shape } from './shape.ts';

/** What stands between the dashes of a private key. */
export const ARMOUR = `(?:[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|SSH2 ENCRYPTED PRIVATE KEY)`;
/** A space or a dash as it may be written inside a URL. */
const SPACE = String.raw`(?: |%20|\+)`;
const DASH = '(?:-|%2D)';

export const KEY_BLOCKS: readonly Shape[] = [
  // A block that was cut off has no end: then everything after its beginning goes, which may be cut off itself.
  [
    /BEGIN/u,
    new RegExp(`-{4,5} ?BEGIN ${ARMOUR} ?-{4,5}[\\s\\S]*?(?:-{4,5} ?END ${ARMOUR} ?-{4,5}|$)`, 'gu'),
    REDACTED,
  ],
  [
    /BEGIN/iu,
    new RegExp(`${DASH}{4,5}BEGIN${SPACE}(?:[A-Z0-9]+${SPACE})*PRIVATE${SPACE}KEY[^\\s"'<>]*`, 'giu'),
    REDACTED,
  ],
  [
    /KEY|key V1/u,
    new RegExp(
      `(?<!END [A-Z0-9 ]{0,40})(?:PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1) ?-{4,5}(?=\\s{0,4}(?:\\\\n)?[A-Za-z0-9+/]{16})[\\s\\S]*?(?:-{4,5} ?END ${ARMOUR} ?-{4,5}|$)`,
      'gu',
    ),
    REDACTED,
  ],
  [
    /PuTTY-User-Key|Private-Lines/u,
    /(?:PuTTY-User-Key-File-\d|Private-Lines:\s*\d)[\s\S]*?(?:Private-MAC:\s*\w+|$)/gu,
    REDACTED,
  ],
  [/AGE-SECRET/iu, /AGE-SECRET-KEY-1[A-Z0-9]+/giu, REDACTED],
  // Base64 of a block, at any of the three shifts.
  [
    /LS0t|0tLS|tLS0/u,
    /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]*(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI|LS0tLS1FTkQg|0tLS0tRU5EI|tLS0tLUVORC)(?:[A-Za-z0-9+/=_-]|\r?\n(?=[A-Za-z0-9+/])|\\n(?=[A-Za-z0-9+/]))*/gu,
    unlessPublic,
  ],
];

/** Certificates and public keys in Base64 stay. */
function unlessPublic(base64: string): string {
  const text = Buffer.from(base64.replace(/\\n|\s/gu, ''), 'base64').toString('latin1');
  const shifted = ['', 'A', 'AA'].map((pad) => Buffer.from(pad + base64, 'base64').toString('latin1'));
  return [text, ...shifted].some((each) => /PRIVATE|OpenVPN Static/u.test(each)) ? REDACTED : base64;
}
