/** Judges names of fields, variables and options: does one announce a secret? */
import { isHarmlessUnder, mayBeSecretUnder } from './secret-values.ts';

/**
 * True when whatever stands under this name is a secret. `public_key`, `key_format`, `password_disabled`, `token_ttl` and
 * the like are none; neither is a path, such as a dataset called `tank/secrets`.
 */
export function namesSecret(key: string): boolean {
  return verdictOn(key) === 'secret';
}

/**
 * What stands under a name: `secret`; `perhaps` where the value has to tell, as `auth` may hold a password or a method;
 * or nothing to hide.
 */
export type NameVerdict = 'secret' | 'perhaps' | 'harmless';

/** Judges a name. */
export function verdictOn(key: string): NameVerdict {
  let known = verdicts.get(key);
  if (known === undefined) {
    known = key.length > MAX_LENGTH ? 'harmless' : judge(key);
    // Keys are few, but app values bring their own: the memory must stay bounded.
    if (verdicts.size > 5000) verdicts.clear();
    verdicts.set(key, known);
  }
  return known;
}

/** True when a text under this name is a secret. */
export function isSecretUnder(key: string, value: string): boolean {
  const verdict = verdictOn(key);
  if (verdict === 'harmless') return false;
  return verdict === 'secret' ? !isHarmlessUnder(key, value) : mayBeSecretUnder(key, value);
}

const MAX_LENGTH = 200;
const verdicts = new Map<string, NameVerdict>();

function judge(key: string): NameVerdict {
  const slash = key.lastIndexOf('/');
  // Below a slash a text may be a password, but `tank/secrets` is a dataset.
  if (slash >= 0) {
    const last = key.slice(slash + 1);
    return !COLLECTION.test(last) && verdictOn(last) === 'secret' ? 'perhaps' : 'harmless';
  }
  const name = words(key);
  if (OF_A_URL.test(name)) return 'secret';
  if (!SECRET.test(name) && !isVariable(key, name)) return VALUE_TELLS.test(name) ? 'perhaps' : 'harmless';
  return FACT_ABOUT_ONE.test(name) || QUESTION.test(name) || KNOWN_HARMLESS.test(name)
    ? 'harmless'
    : 'secret';
}

/** In small letters, its words joined by `_`. */
function words(key: string): string {
  return key
    .replace(/([a-z\d])([A-Z])/gu, '$1_$2')
    .replace(/[^A-Za-z\d]+/gu, '_')
    .replace(/^_|_$/gu, '')
    .toLowerCase();
}

/** Programs take their keys from variables such as `APP_KEY`; a field in small letters may be any key of a table. */
function isVariable(key: string, name: string): boolean {
  return /^[A-Z\d_]+$/u.test(key) && /_keys?(?:_|$)/u.test(name) && !HARMLESS_VARIABLE.test(name);
}

const HARMLESS_VARIABLE =
  /(?:^|_)(?:primary|foreign|sort|partition|index|hot|host|registry)_keys?|_key_?pairs?$|_key_board/u;

/** Nouns before `key` that make it a secret one. */
const KEY_OF =
  'access|account|aes|api|app|application|auth|backup|bot|client|cluster|consumer|crypt|crypto|custom_encryption|decrypt|decryption|deploy|des|dhchap|dhchap_ctrl|enc|encrypt|encryption|fernet|hex|hmac|host_dsa|host_ecdsa|host_ed25519|host_rsa|integration|join|jwt|license|licence|luks|master|node|pre_?shared|product|recovery|restic|rcon|root|routing|rsa|s3|sas|seal|security|sed|server|service|session|shared|signing|smtp|ssl|storage|stored|subscription|tls|tunnel|unlock|user|vault|volume|vpn|wep|wg|wifi|wireguard|wpa';

/** Unmistakable anywhere in a name; the rest only as words of their own, or at the end of one. */
const SECRET = new RegExp(
  [
    'password|passwd|passwrd|passwort|kennwort|passphrase|passcode|pswd|secret|private_?key|priv_?key|api_?key|auth_?key|oauth|bindpw|monpwd|keyhash|unixhash|smbhash|webhook|credentials_json|service_account_credentials|mnemonic|seed_?phrase|pin_?code|connection_?string|conn_str|kubeconfig',
    '(?:^|_)(?:pass|pwd|pw|kek|dek|salt|otp|totp|community|authorization|cookies?|jwt|dsn)\\d*(?:_|$)',
    '(?:tokens?|psk)\\d*(?:_|$)|(?:^|_)token_?(?:key|value)',
    `(?:^|_)(?:${KEY_OF})_?keys?\\d*(?:_|$)`,
    '(?:^|_)(?:nt|lm|ntlm|pw)_?hash(?:_|$)',
    '(?:^|_)(?:recovery|backup|scratch)_?codes?(?:_|$)',
    '(?:pass|pw|pwd)\\d*$',
  ].join('|'),
  'u',
);

/** The URL of a webhook is its password. */
const OF_A_URL = /webhook_?ur[il]$/u;

/** `auth` may be a password or a method, `credentials` a pair or a number. */
const VALUE_TELLS = /(?<!(?:^|_)o)auths?\d*$|credentials?$|(?:^|_)cred$|creds$|^key$/u;

/** A last word that turns the name into a fact about a secret. */
const FACT_ABOUT_ONE =
  /_(?:age|algorithm|allowed|change|changed|choices|configured|count|created|days|digits|disabled|domain|enabled|endpoint|expir\w*|file|fingerprint|format|groups?|host|ids?|is_set|issuer|iterations|last|length|loaded|location|max|method|min|mode|name|path|policy|port|provider|pub|public|realm|required|ruleset|scopes?|secs|seconds|servers?|set|size|state|status|ttl|type|uri|url|used|users?|valid|version)$/u;
const QUESTION = /^(?:allow|can|has|is|max|min|need|needs|no|num|show|use)_/u;
const KNOWN_HARMLESS =
  /^credentials_oauth$|nopasswd|^passwordauth$|(?:^|_)public_?keys?|^(?:receive_)?resume_token$|_resume_token$|^bypass$|^compass$|^encompass$|^trespass$|^passwordless|(?:^|_)(?:max|num|min)_?(?:\w+_)?tokens$|^pw_(?:dir|gecos|gid|shell|uid)$|^pass_(?:exam|examined|issued|start|scrub_\w+)$/u;

/** Folders and datasets are called so. */
const COLLECTION = /s$/iu;
