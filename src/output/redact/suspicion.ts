/**
 * Tells in one pass whether a text may hold a secret. Most texts of a NAS do not, and skip the expensive patterns of
 * shapes/ and own-secrets.ts. A text that those would change must be suspicious here.
 */

/** False when no pattern could match in the text. */
export function maySecretBeIn(text: string): boolean {
  const { length } = text;
  if (length < MIN_LENGTH) return false;
  let before = 0;
  let last = 0;
  let run = 0;
  let dollars = 0;
  let hasSlashes = false;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (KINDS[code] as number) : 0;
    if (kind >= FIRST_ALPHANUMERIC) {
      run += 1;
      // Random texts have such runs: tokens, hashes, parts of our own key.
      if (run >= LONG_RUN) return true;
    } else {
      run = 0;
      if (kind === SLASH && last === SLASH) hasSlashes = true;
      else if (kind === AT && hasSlashes) return true;
      else if (kind === EQUALS && last === EQUALS) return true;
      else if (kind === PERCENT && index >= 3 && text.charCodeAt(index - 3) === code) return true;
      else if (kind === DOLLAR) {
        dollars += 1;
        if (dollars > 1) return true;
      }
    }
    const pair = (last << KIND_BITS) | kind;
    // Few pairs end a part: most characters are done here.
    if (ENDS[pair] === 1 && ANNOUNCING[(before << (2 * KIND_BITS)) | pair] === 1) return true;
    before = last;
    last = kind;
  }
  return false;
}

const MIN_LENGTH = 5;
const LONG_RUN = 15;

/** Parts of three characters, in small letters; every announced secret holds one. */
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
  ...['cod', 'eds', 'nnw', 'mne', 'hra', 'psw', 'hma', 'gna', 'cke'],
  // Blocks, headers, parameters.
  ...[
    'beg',
    'end',
    'eyj',
    'e-l',
    'e-m',
    'bea',
    'sic',
    'ied',
    '?si',
    '&si',
    '-si',
    'ig=',
    'ig%',
    'hdn',
    'gn=',
    '?co',
    '&co',
    '?ac',
    '&ac',
  ],
  // Options of any program.
  ...[' -u', ' -p', '-us', ' -a', ' -k', ' -h', ' -b', '/p:'],
  // Commands and configuration files.
  ...[
    'teu',
    'm2s',
    'psi',
    '2si',
    'msi',
    'ipm',
    'snm',
    'dap',
    'hhc',
    'd_u',
    'dut',
    'bsc',
    'lia',
    'vau',
    'qlp',
  ],
  // Commands that read a secret.
  ...[
    'pts',
    'udo',
    'su ',
    'gpg',
    'kin',
    'tdi',
    'nss',
    'ptf',
    'ncf',
    'wg ',
    'joi',
    'mba',
    'pdb',
    'ops',
    ' -l',
    'er=',
    'nit',
    'mbc',
    'tic',
    '/us',
    'bor',
    'sh-',
    'nt.',
    ' lo',
  ],
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

/** Parts of two characters. */
const PAIRS = ['pw'];

/** The kind of a character by its code; 0 for those in no part, the same for a small letter and its capital. */
const KINDS = new Uint8Array(128);
const KIND_BITS = 6;
const MARKS = '/@=%$ -?&{_.:';
const [SLASH, AT, EQUALS, PERCENT, DOLLAR] = [1, 2, 3, 4, 5];
const FIRST_ALPHANUMERIC = MARKS.length + 1;
for (const [index, character] of Array.from(`${MARKS}abcdefghijklmnopqrstuvwxyz0123456789`).entries()) {
  KINDS[character.charCodeAt(0)] = index + 1;
  KINDS[character.toUpperCase().charCodeAt(0)] = index + 1;
}
// All of them separate the words of a command.
for (const space of '\t\n\r') KINDS[space.charCodeAt(0)] = KINDS[' '.charCodeAt(0)] as number;

/** 1 where two kinds end a part, and where three kinds are one. */
const ENDS = new Uint8Array(1 << (2 * KIND_BITS));
const ANNOUNCING = new Uint8Array(1 << (3 * KIND_BITS));
for (const part of PARTS) announce(part);
for (const pair of PAIRS) for (let kind = 0; kind < 1 << KIND_BITS; kind += 1) announce(pair, kind);

function announce(part: string, first?: number): void {
  const kinds = Array.from(part, (character) => KINDS[character.charCodeAt(0)] as number);
  const [before = 0, last = 0, kind = 0] = first === undefined ? kinds : [first, ...kinds];
  const pair = (last << KIND_BITS) | kind;
  ENDS[pair] = 1;
  ANNOUNCING[(before << (2 * KIND_BITS)) | pair] = 1;
}
