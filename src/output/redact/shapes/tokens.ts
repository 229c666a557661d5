/** Tokens and keys of known services, which begin or end in a way of their own. */
import { ISSUED_API_KEYS, MAY_HOLD_API_KEY } from '../../../truenas/api-key.ts';
import { REDACTED, type Shape } from './shape.ts';

export const TOKENS: readonly Shape[] = [
  // An API key of any TrueNAS
  [MAY_HOLD_API_KEY, ISSUED_API_KEYS, REDACTED],
  // JSON Web Tokens, and other JSON in Base64
  [
    /eyJ/u,
    /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*|(?<![A-Za-z0-9+/_-])eyJ[A-Za-z0-9+/_-]{45,}={0,2}/gu,
    REDACTED,
  ],
  // The secret of an Amazon key often follows its id.
  [
    /AKIA|ASIA/u,
    /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])(?:[\s:,"'\\]{1,6}[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/]))?/gu,
    REDACTED,
  ],
  [/AIza|ya29|GOCSPX/u, /\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/gu, REDACTED],
  // 64 bytes in Base64: the keys of Azure storage
  [/==/u, /(?<![A-Za-z0-9+/-])[A-Za-z0-9+/]{86}==/gu, REDACTED],
  [
    /xox|gh\w_|github_pat|glpat|[sr]k_|SG\.|npm_|hf_|tskey|dckr_|SWMTKN/u,
    /\b(?:xox[a-z]-\d[\w-]{9,}|gh[opusr]_[A-Za-z\d]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|[sr]k_(?:live|test)_[A-Za-z\d]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|npm_[A-Za-z\d]{30,}|hf_[A-Za-z\d]{30,}|tskey-[\w-]{16,}|dckr_pat_[\w-]{20,}|SWMTKN-1-[\w-]{20,})/gu,
    REDACTED,
  ],
  // Datasets may be called `sk-…` or `claim-…` as well: a key has a long part without a word.
  [/sk-/u, /(?<![\w-])sk-[\w-]{20,250}/gu, unlessWords],
  [/claim-/u, /\bclaim-[\w-]{20}(?![\w-])/gu, unlessWords],
  // Telegram
  [/:AA/u, /(?<=\bbot|\b)\d{6,12}:AA[\w-]{33,}/gu, REDACTED],
  // NVMe-oF
  [/DHHC-1|NVMeTLSkey-1/u, /\b(?:DHHC-1|NVMeTLSkey-1):\d{2}:[A-Za-z0-9+/=]{20,}:?/gu, REDACTED],
  // Keys of datasets, which are 32 bytes
  [
    /key/iu,
    /(\bkey["'\\]{0,4}\s{0,3}(?:[:=]|\bis\b)?\s{0,3}["'\\]{0,4})[0-9a-f]{64}(?![0-9a-f])/giu,
    `$1${REDACTED}`,
  ],
];

/** Words with dashes between them, and a year or a number, are a name. */
function unlessWords(match: string): string {
  const parts = match.split(/[-_]/u).slice(1);
  const isName = parts.every(
    (part) => /^(?:[A-Za-z]*\d{0,4}|\d+[a-z]{0,3}|v?\d+)$/u.test(part) && part.length < 20,
  );
  return isName ? match : REDACTED;
}
