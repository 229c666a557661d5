/** Secrets in URLs and in the headers of HTTP. */
import { isRandom } from '../secret-values.ts';
import { isPlaceholder } from './placeholders.ts';
import { AFTER_FIRST, REDACTED, type Shape } from './shape.ts';

export const HEADERS: readonly Shape[] = [
  // One scheme and its word, or the parameters of one: Digest username="a", response="b".
  [
    /authorization/iu,
    /\b(authorization["'\\]*\s*[:=]\s*["'\\]*(?:[\w-]+(?:[ ]+|\+|%20)(?=[^\s"',;\\]))?)[^\s"',;\\]+(?:[ ]*,[ ]*[\w-]{1,40}=(?:\\?"[^"\n]*"|[^\s"',;\\]*)|(?<==)\\?"[^"\n]*")*/giu,
    AFTER_FIRST,
  ],
  // Outside of a header, only what cannot be a word of a sentence ("basic settings").
  [/bearer|basic/iu, /\b(bearer|basic)(\s+|%20)(?=\S*[\d=._])[\w.~+/-]{8,}=*/giu, `$1$2${REDACTED}`],
  // All cookies of a header, and the attributes of those that are set
  [
    /cookie/iu,
    /((?<![\w-])(?:set-)?cookie2?["'\\]*\s*[:=]\s*["'\\]*)[^\s;,"'=\\]+=[^\s;,"']*(?:[;,][ \t]*(?!(?:set-)?cookie2?["'\\]*\s*:)[^\s;,"'=\\]+(?:=(?:"[^"\n]*"|(?:[^;,"'\n\\]|,(?= ?\d))*)|(?=\s*[;,]|["'\s]|$)))*/giu,
    AFTER_FIRST,
  ],
  [/\bcurl\s/u, /(\s(?:-b|--cookie)[\s=]*["']?)[^\s;"'=]+=[^;"'\n]*(?:;[^;"'\n]*)*/gu, AFTER_FIRST],
];

export const URLS: readonly Shape[] = [
  // User and password before a host; a password may itself hold "/" and "@". A user alone may be a token.
  [
    /@/u,
    /((?<![a-z\d])([a-z][a-z\d+.-]{0,15}:)\/\/|(?<![:\w])\/\/)([^\s/@"'<>]{0,100}:(?!\d+[/?#])[^\s"'<>]{0,200}|[^\s/@"'<>]{1,200})@(?=[\w.[-])/giu,
    withoutUser,
  ],
  // Webhooks: their URL is their password.
  [
    /hook|services\//iu,
    /((?:https?:\/\/|(?<![\w/.-]))([\w.-]{1,200}(?::\d{1,5})?)\/(?:[^\s"'<>?#]{0,200}\/)?(?:services|hooks?|webhooks?|webhookb2|incoming)\/)([\w/@%.~-]{8,})/giu,
    withoutHook,
  ],
  [
    /ifttt|victorops|hc-ping/iu,
    /(\/\/(?:maker\.ifttt\.com\/trigger\/[^\s/]{1,80}(?:\/json)?\/with\/key\/|alert\.victorops\.com\/integrations\/generic\/\d{1,12}\/alert\/|hc-ping\.com\/))[\w-]{8,}/giu,
    AFTER_FIRST,
  ],
  // Parameters, also those of a URL that is a parameter itself
  [
    /[?&#;]|%26|%3F|u0026/iu,
    /((?:[?&#;]|%26|%3F|\\u0026)(?:amp;)?([\w.-]{1,60})(?:=|%3D))((?:[^\s&"'<>#%\\;]|%(?!26|23))+)/giu,
    withoutParameter,
  ],
  [
    /signature|hmac/iu,
    /((?<![\w-])(?:[\w-]{0,30}[-_])?(?:signature|hmac)(?:-\d{1,3})?["']?(?:=|%3D|:[ \t]*)["']?(?:sha\d{1,3}=|v\d=)?)(?=[^\s"',;&]{0,200}\d)[^\s"',;&]{15,}/giu,
    AFTER_FIRST,
  ],
  [/otpauth/iu, /otpauth(?:-migration)?:\/\/[^\s"'<>]+/giu, REDACTED],
];

function withoutUser(match: string, head: string, scheme: string | undefined, user: string): string {
  const isWeb = /^https?:$/iu.test(scheme ?? '');
  const isName = isWeb
    ? /^[a-z][a-z_-]{0,19}$/iu.test(user)
    : /^(?!\w*\d\w{19})[\w.+-]{1,32}$/u.test(user) && !isRandom(user);
  return isName ? match : `${head}${REDACTED}@`;
}

/** A repository has `hooks/` as well: only a service that is known, or a part of the path that is no name, tells. */
function withoutHook(match: string, head: string, host: string, rest: string): string {
  const isService = /hook|slack|discord|mattermost|rocket|office|zapier|chat|n8n|pipedream|make\.com/iu.test(
    host,
  );
  return /hook/iu.test(head) && (isService || TOKEN.test(rest)) ? `${head}${REDACTED}` : match;
}

/** What a generator makes: a UUID, or letters and digits without a break. */
const TOKEN =
  /(?=[A-Za-z\d]*\d)(?=[\dA-Z]*[a-z]|[\da-z]*[A-Z])[A-Za-z\d]{15,}|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/iu;

function withoutParameter(match: string, head: string, name: string, value: string): string {
  if (isPlaceholder(value)) return match;
  if (SIGNATURE.test(name)) return `${head}${REDACTED}`;
  const isToken = TOKEN.test(value) || /^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[^/]{8,}$/u.test(value);
  return PERHAPS.test(name) && isToken ? `${head}${REDACTED}` : match;
}

/** Names that the signatures of cloud storage, of networks that deliver content, and of single sign-on have. */
const SIGNATURE = /(?:^|[-_.])(?:sig|signature|hmac|ticket|assertion|saml_?response|hdne[at]|hdntl)$/iu;
/** Names that also stand for an error's code, a kind of access, or a column. */
const PERHAPS = /^(?:access|code|hash|key|k|md5|nonce|policy|sid|sign|session|session_?id|state|st|t)$/iu;
