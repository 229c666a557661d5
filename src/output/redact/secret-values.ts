/** Judges values that stand under a name which may hold a secret or something harmless. */
import { isPlaceholder } from './shapes/placeholders.ts';

/** False when a value that stands under a name such as `auth` is a method, a path or another word that hides nothing. */
export function mayBeSecretUnder(name: string, value: string): boolean {
  const bare = unquoted(value);
  if (isPlaceholder(bare) || /^\d+$/u.test(bare)) return false;
  if (/^key$/iu.test(lastStep(name))) return isRandom(bare);
  return (
    !PATH.test(bare) &&
    !ENUM.test(bare) &&
    !METHODS.has(bare.toLowerCase().replace(/[^a-z\d]/gu, '')) &&
    !SENTENCE.test(bare)
  );
}

/** True for the few values that make a secret's name mean something else: an edition of TrueNAS, a working directory. */
export function isHarmlessUnder(name: string, value: string): boolean {
  const last = lastStep(name);
  if (/^community$/iu.test(last)) return VERSION.test(unquoted(value));
  return /^(?:old)?pwd$/iu.test(last) && PATH.test(unquoted(value));
}

function lastStep(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1);
}

function unquoted(value: string): string {
  return value.replace(/^[\s"'\\]+|[\s"'\\]+$/gu, '');
}

/** True for texts as a generator makes them: long, of letters in both cases and digits, without words. */
export function isRandom(text: string): boolean {
  return (
    text.length >= 20 &&
    /^[\w+/=.-]+$/u.test(text) &&
    /[A-Z]/u.test(text) &&
    /[a-z]/u.test(text) &&
    /\d/u.test(text) &&
    /[A-Za-z\d+/]{16}/u.test(text)
  );
}

const VERSION = /^v?\d+(?:\.\d+)+(?:[-.]?[A-Za-z]\w*(?:\.\d+)*)*$/u;
const PATH = /^(?:~|file:|[A-Za-z]:\\)|^\/[\w.-]+(?:\/|$)/u;
/** Words alone. */
const SENTENCE = /^[A-Za-z]+(?:[ ,.>/]+[A-Za-z]+)+\.?$/u;
/** As APIs spell constants. */
const ENUM = /^[A-Z]+(?:_[A-Z]+)*$/u;
/** Ways to sign in and what is said of one, in small letters and without marks. */
const METHODS = new Set(
  [
    'basic bearer digest negotiate ntlm ntlmssp ntlmv1 ntlmv2 kerberos krb5 krb5i krb5p gssapi spnego sys unix pam ldap ldaps',
    'radius tacacs saml saml2 oidc openid oauth oauth2 sso local chap mutualchap mschap mschapv2 pap eap plain login crammd5',
    'scram scramsha1 scramsha256 scramsha512 md5 sha sha1 sha224 sha256 sha384 sha512 x509 tls ssl starttls cert certificate',
    'pubkey publickey password passwords key keys token tokens any all anonymous guest user users default internal external',
    'simple native trust peer ident reject success successful succeeded failed failure fail denied error ok done granted',
    'expired rejected accepted',
  ].flatMap((words) => words.split(' ')),
);
