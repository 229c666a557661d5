/**
 * One pass over a text that tells whether it may hold a secret at all. Most texts of a NAS do not, and are spared the
 * expensive patterns of redact-shapes.ts and redact-own.ts; whatever those find must be suspicious here.
 */

/** False when there is nothing in the text that any pattern could find. */
export function maySecretBeIn(text: string): boolean {
  if (text.length < MIN_LENGTH) return false;
  let before = 0;
  let last = 0;
  let run = 0;
  let dollars = 0;
  let hasSlashes = false;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    if (code >= 65 && code <= 90) code += 32;
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      run += 1;
      // Anything random has such a run: tokens, hashes, parts of our own key.
      if (run >= LONG_RUN) return true;
    } else {
      run = 0;
      if (code === SLASH && last === SLASH) hasSlashes = true;
      else if (code === AT && hasSlashes) return true;
      else if (code === EQUALS && last === EQUALS) return true;
      else if (code === PERCENT && index >= 3 && text.charCodeAt(index - 3) === PERCENT) return true;
      else if (code === DOLLAR) {
        dollars += 1;
        if (dollars > 1) return true;
      }
    }
    if (TABLE[slotOf(before, last, code)] === 1 || (last === P && code === W)) return true;
    before = last;
    last = code;
  }
  return false;
}

const MIN_LENGTH = 7;
const LONG_RUN = 15;
const SLASH = 47;
const AT = 64;
const EQUALS = 61;
const PERCENT = 37;
const DOLLAR = 36;
const P = 112;
const W = 119;

/** Three characters, in small letters, of which every announced secret holds one. */
const PARTS = [
  // Names of fields, variables and options.
  ...[
    'pas',
    'sec',
    'tok',
    'key',
    'aut',
    'sal',
    'otp',
    'psk',
    'mun',
    'has',
    'hoo',
    'coo',
    'den',
    'jwt',
    'dsn',
    'onn',
  ],
  // Blocks, headers, commands.
  ...['beg', 'eyj', 'bea', 'sic', 'ied', ' -u', ' -p', '-us', '?si', '&si', '?co', '&co', '?ac', '&ac'],
  // Hashes in braces.
  ...['{ss', '{sh', '{sm', '{md', '{cr', '{pb', '{ar'],
  // Beginnings of tokens.
  ...[
    'xox',
    'gh_',
    'ghp',
    'gho',
    'ghu',
    'ghs',
    'ghr',
    'hub',
    'lpa',
    'k_l',
    'k_t',
    'sk-',
    'sg.',
    'pm_',
    'hf_',
    'ckr',
    'im-',
  ],
  ...['aiz', 'ya2', 'spx', ':aa'],
];

/** By a hash of the three; what shares a slot by chance is only looked at in vain. */
const TABLE = new Uint8Array(1 << 16);
for (const part of PARTS) {
  TABLE[slotOf(part.charCodeAt(0), part.charCodeAt(1), part.charCodeAt(2))] = 1;
}

function slotOf(first: number, second: number, third: number): number {
  return ((first * 7919) ^ (second * 257) ^ third) & 0xffff;
}
