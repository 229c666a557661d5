/** Secrets that a text shows by their shape, whatever field it stands in. */
import { fileShapes, type Shape } from './file-shapes.ts';
import { namesSecret } from './secret-names.ts';

/** What stands in for a secret. */
export const REDACTED = '[redacted]';

/** The text without anything that has the shape of a secret. Takes long: ask suspicion.ts first. Linear in its length. */
export function withoutShapes(text: string): string {
  let output = text;
  for (const [hint, shape, replacement] of SHAPES) {
    if (hint.test(output)) output = output.replace(shape, replacement as string);
  }
  return ANNOUNCED.test(output) ? withoutAssigned(withoutPairs(output), 0) : output;
}

/** Parts of names that {@link namesSecret} may take for a secret's. */
const NAME_PART =
  'pass|pwd|pw|secret|token|key|auth|salt|otp|psk|community|hash|oauth|hook|cookie|credential|jwt|dsn|conn';
const ANNOUNCED = new RegExp(NAME_PART, 'iu');

const ARMOUR = `(?:[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|SSH2 ENCRYPTED PRIVATE KEY)`;
/** A space or a dash as it may be written inside a URL. */
const S = String.raw`(?: |%20|\+)`;
const D = '(?:-|%2D)';

const SHAPES: readonly Shape[] = [
  // A block that was cut off has no end: then everything after its beginning goes.
  [
    /BEGIN/u,
    new RegExp(`-{4,5} ?BEGIN ${ARMOUR} ?-{4,5}[\\s\\S]*?(?:-{4,5} ?END ${ARMOUR} ?-{4,5}|$)`, 'gu'),
    REDACTED,
  ],
  [/BEGIN/iu, new RegExp(`${D}{4,5}BEGIN${S}(?:[A-Z0-9]+${S})*PRIVATE${S}KEY[^\\s"'<>]*`, 'giu'), REDACTED],
  [/PuTTY-User-Key/u, /PuTTY-User-Key-File-\d[\s\S]*?(?:Private-MAC:\s*\w+|$)/gu, REDACTED],
  [/AGE-SECRET/iu, /AGE-SECRET-KEY-1[A-Z0-9]+/giu, REDACTED],
  // Base64 of a block, at any of the three shifts.
  [
    /LS0t|0tLS|tLS0/u,
    /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]*(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI)(?:[A-Za-z0-9+/=_-]|\r?\n(?=[A-Za-z0-9+/])|\\n(?=[A-Za-z0-9+/]))*/gu,
    unlessPublic,
  ],
  [/\d-[A-Za-z0-9]{64}/u, /(?<![A-Za-z0-9])\d+-[A-Za-z0-9]{64}(?![A-Za-z0-9])/gu, REDACTED],
  [
    /authorization/iu,
    /\b(authorization["'\\]*\s*[:=]\s*["'\\]*(?:\w+[ +]|%20)?)[^\s"',;\\]+/giu,
    `$1${REDACTED}`,
  ],
  // Outside of a header, only what cannot be a word of a sentence ("basic settings").
  [/bearer|basic/iu, /\b(bearer|basic)(\s+|%20)(?=\S*[\d=._])[\w.~+/-]{8,}=*/giu, `$1$2${REDACTED}`],
  // User and password before a host; a password may itself hold "/" and "@".
  [
    /@/u,
    /((?<![a-z\d])[a-z][a-z\d+.-]{0,15}:\/\/|(?<![:\w])\/\/)(?:[^\s/@"'<>]{0,100}:(?!\d+[/?#])[^\s"'<>]{0,200}|[^\s/@"'<>]{1,200})@(?=[\w.[-])/giu,
    `$1${REDACTED}@`,
  ],
  [/-U/u, /(\s-U\s*["']?[^\s%"']+%)[^\s"']+/gu, `$1${REDACTED}`],
  [
    /eyJ/u,
    /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*|(?<![A-Za-z0-9+/_-])eyJ[A-Za-z0-9+/_-]{45,}={0,2}/gu,
    REDACTED,
  ],
  // Crypt, in the notation of passwd files and LDAP.
  [
    /\$\w/u,
    /\$(?:1|2[abxy]?|5|6|7|y|gy|md5|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*|bcrypt-sha256)\$[./A-Za-z0-9$=,+-]{8,}/gu,
    REDACTED,
  ],
  [
    /\{\w*(?:sha|md5|crypt)/iu,
    /\{(?:s?sha\d*|s?md5|crypt|pbkdf2[\w-]*|argon2)\}[A-Za-z0-9+/=$.,-]{8,}/giu,
    REDACTED,
  ],
  // NT and LM hashes as in smbpasswd. A fingerprint or checksum of this length has its kind before the colon.
  [
    /:[0-9a-f]{32}/iu,
    /(?<=(?:[X*]{32}|[0-9a-f]{32}|:\d+|^[\w.$-]+|\s[\w.$-]+):)(?<!\b(?:md5|sha1?|etag|u?uid|guid|id|digest|checksum|sum|naa|wwid|eui|serial):)[0-9a-f]{32}(?![0-9a-f])/giu,
    REDACTED,
  ],
  [/AKIA|ASIA/u, /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/gu, REDACTED],
  [/AIza|ya29|GOCSPX/u, /\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/gu, REDACTED],
  // 64 bytes in Base64: the keys of Azure storage.
  [/==/u, /(?<![A-Za-z0-9+/-])[A-Za-z0-9+/]{86}==/gu, REDACTED],
  [
    /xox|gh\w_|github_pat|glpat|sk[-_]|rk_|SG\.|npm_|hf_|tskey|dckr_|claim-/u,
    /\b(?:xox[a-z]-[\w-]{10,}|gh[opusr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|[sr]k_(?:live|test)_\w{16,}|sk-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|npm_\w{30,}|hf_\w{30,}|tskey-[\w-]{16,}|dckr_pat_[\w-]{20,}|claim-[\w-]{20})/gu,
    REDACTED,
  ],
  [/:AA/u, /\b\d{6,12}:AA[\w-]{33}/gu, REDACTED],
  [/hook/iu, /(\/(?:services|api\/webhooks|hooks|webhook\w*)\/)[\w/-]{16,}/giu, `$1${REDACTED}`],
  [
    /[?&](?:sig|key|auth|code|access)/iu,
    /([?&](?:sig|signature|key|auth|code|access)=)[^\s&"'<>#]+/giu,
    `$1${REDACTED}`,
  ],
  [/otpauth/iu, /otpauth(?:-migration)?:\/\/[^\s"'<>]+/giu, REDACTED],
  [/identified/iu, /(\bidentified\s+(?:with\s+\S+\s+)?by\s+)("[^"]*"|'[^']*')/giu, `$1${REDACTED}`],
  [
    /sshpass|mysql|curl/u,
    /(\bsshpass\s+-p\s*|\bmysql\w*\s(?:[^\n|;]{0,100}\s)?-p|\bcurl\s(?:[^\n|;]{0,120}?\s)?(?:-u|--user|--proxy-user)[\s=]*["']?[^\s:"']+:)[^\s"']+/gu,
    `$1${REDACTED}`,
  ],
  [/login/iu, /(\blogin\s+\S+\s+password\s+)\S+/giu, `$1${REDACTED}`],
  ...fileShapes(REDACTED),
];

const PAIR_NAME = 'name|key|var|variable|env|option';
const PAIR_VALUE = 'value|val|content|default';
const Q = String.raw`\\{0,8}["']`;

/** `"name": "DB_PASSWORD", "value": "x"` inside a longer text, in either order. */
const PAIRS: readonly RegExp[] = [
  new RegExp(
    String.raw`(?<head>(${Q})(?:${PAIR_NAME})\2\s*:\s*\2(?<name>[\w.-]{1,80})\2\s*,\s*\2(?:${PAIR_VALUE})\2\s*:\s*\2)(?<value>.*?)(?<tail>\2)`,
    'giu',
  ),
  new RegExp(
    String.raw`(?<head>(${Q})(?:${PAIR_VALUE})\2\s*:\s*\2)(?<value>[^"']*?)(?<tail>\2\s*,\s*\2(?:${PAIR_NAME})\2\s*:\s*\2(?<name>[\w.-]{1,80})\2)`,
    'giu',
  ),
];

function withoutPairs(text: string): string {
  let output = text;
  for (const pair of PAIRS) {
    output = output.replace(pair, (match: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Record<'head' | 'name' | 'value' | 'tail', string>;
      const isSecret = namesSecret(groups.name) && groups.value !== '' && !WORDS.test(groups.value);
      return isSecret ? `${groups.head}${REDACTED}${groups.tail}` : match;
    });
  }
  return output;
}

function unlessPublic(base64: string): string {
  const text = Buffer.from(base64.replace(/\\n|\s/gu, ''), 'base64').toString('latin1');
  const shifted = ['', 'A', 'AA'].map((pad) => Buffer.from(pad + base64, 'base64').toString('latin1'));
  return [text, ...shifted].some((each) => /PRIVATE|OpenVPN Static/u.test(each)) ? REDACTED : base64;
}

const VALUE = String.raw`\\{1,8}"[^"]*?\\{1,8}"|\\{1,8}'[^']*?\\{1,8}'|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;&"'<>|]+`;

/**
 * The end of `name=value`, `name: value`, `"name": "value"` or `--name value`, from the part of the name that may make it
 * a secret's; where the name begins is looked up backwards, so that every text is read once.
 */
const ASSIGNED = new RegExp(
  String.raw`((?:${NAME_PART})[\w.-]{0,40})((?:\\{0,8}["'])?\s{0,20}(?:=>|:=|[=:]|%3[AD])[ \t]{0,20}|[ \t]{1,20})(${VALUE})`,
  'giu',
);

/** Depth of texts within texts that is looked into. */
const MAX_NESTING = 4;

function withoutAssigned(text: string, depth: number): string {
  return text.replace(
    ASSIGNED,
    (match: string, end: string, separator: string, value: string, offset: number) => {
      const [dashes, start] = beginningOf(text, offset);
      const isSecret = namesSecret(`${start}${end}`.replace(/^.*\.(?=.)/u, ''));
      if (isSecret && isGiven(dashes, separator, value, text, offset + match.length)) {
        const quote = /^\\{0,8}["']/u.exec(value)?.[0] ?? '';
        return `${end}${separator}${quote}${REDACTED}${quote}`;
      }
      // The value may be a text with assignments of its own.
      const inner = depth < MAX_NESTING ? withoutAssigned(value, depth + 1) : REDACTED;
      return `${end}${separator}${inner}`;
    },
  );
}

/** What of a name stands before `offset`, and the dashes of an option before it. */
function beginningOf(text: string, offset: number): [dashes: string, start: string] {
  let from = offset;
  while (from > 0 && offset - from < 60 && /[\w.-]/u.test(text[from - 1] ?? '')) from -= 1;
  const [, dashes = '', start = ''] = /^(-*)(.*)$/u.exec(text.slice(from, offset)) ?? [];
  return [dashes, start];
}

/** True when the value is one, rather than the next word of a sentence. */
function isGiven(dashes: string, separator: string, value: string, text: string, end: number): boolean {
  if (value.length < 100 && (ALREADY.test(value) || MASKED.test(value) || WORDS.test(value))) return false;
  const isQuoted = /^\\*["']/u.test(value);
  if (separator.includes('=') || separator.includes('%')) return true;
  if (separator.includes(':')) {
    // "token: expired 3 days ago" is prose, "token: hunter2" is not.
    const after = text.slice(end, end + 2);
    return (
      isQuoted ||
      after === '' ||
      /^[\s]?[\n\r,;}\])]/u.test(after) ||
      /^(?=.*\d)(?=.*[A-Za-z]).{6,}/u.test(value)
    );
  }
  return dashes !== '' ? !value.startsWith('-') : isQuoted;
}

const MASKED = /^["'\\]*\**["'\\]*$/u;
const ALREADY = /^\\*["']?(?:\w+ )?\[redacted\]\\*["']?$/u;
const WORDS =
  /^["'\\]*(?:required|missing|invalid|expired|null|none|nil|true|false|empty|yes|no|on|off|unset|unknown|changed|set|not|is|was|must|incorrect|wrong|disabled|enabled|prompt|string|undefined)[.!)]*["'\\]*$/iu;
