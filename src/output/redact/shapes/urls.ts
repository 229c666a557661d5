/** Secrets in URLs and in the headers of HTTP. */
import { AFTER_FIRST, REDACTED, type Shape } from './shape.ts';

export const HEADERS: readonly Shape[] = [
  [
    /authorization/iu,
    /\b(authorization["'\\]*\s*[:=]\s*["'\\]*(?:\w+[ +]|%20)?)[^\s"',;\\]+/giu,
    AFTER_FIRST,
  ],
  // Outside of a header, only what cannot be a word of a sentence ("basic settings").
  [/bearer|basic/iu, /\b(bearer|basic)(\s+|%20)(?=\S*[\d=._])[\w.~+/-]{8,}=*/giu, `$1$2${REDACTED}`],
];

export const URLS: readonly Shape[] = [
  // User and password before a host; a password may itself hold "/" and "@".
  [
    /@/u,
    /((?<![a-z\d])[a-z][a-z\d+.-]{0,15}:\/\/|(?<![:\w])\/\/)(?:[^\s/@"'<>]{0,100}:(?!\d+[/?#])[^\s"'<>]{0,200}|[^\s/@"'<>]{1,200})@(?=[\w.[-])/giu,
    `$1${REDACTED}@`,
  ],
  // Webhooks
  [/hook/iu, /(\/(?:services|api\/webhooks|hooks|webhook\w*)\/)[\w/-]{16,}/giu, AFTER_FIRST],
  [
    /[?&](?:sig|key|auth|code|access)/iu,
    /([?&](?:sig|signature|key|auth|code|access)=)[^\s&"'<>#]+/giu,
    AFTER_FIRST,
  ],
  [/otpauth/iu, /otpauth(?:-migration)?:\/\/[^\s"'<>]+/giu, REDACTED],
];
