/** Judges names of fields, variables and options: does one announce a secret? */

/**
 * True when a key of this name holds a secret. `public_key`, `key_format`, `password_disabled`, `token_ttl` and the like
 * do not; neither does a path, such as a dataset called `tank/secrets`.
 */
export function namesSecret(key: string): boolean {
  let known = verdicts.get(key);
  if (known === undefined) {
    known = key.length <= MAX_LENGTH && !key.includes('/') && judge(words(key));
    // Keys are few, but app values bring their own: the memory must stay bounded.
    if (verdicts.size > 5000) verdicts.clear();
    verdicts.set(key, known);
  }
  return known;
}

const MAX_LENGTH = 200;
const verdicts = new Map<string, boolean>();

function words(key: string): string {
  return key
    .replace(/([a-z\d])([A-Z])/gu, '$1_$2')
    .replace(/[^A-Za-z\d]+/gu, '_')
    .replace(/^_|_$/gu, '')
    .toLowerCase();
}

function judge(name: string): boolean {
  if (!SECRET.test(name)) return false;
  return !(FACT_ABOUT_ONE.test(name) || QUESTION.test(name) || KNOWN_HARMLESS.test(name));
}

/** Unmistakable anywhere in a name; the rest only as words of their own. */
const SECRET = new RegExp(
  [
    'password|passwd|passphrase|passcode|secret|privatekey|private_key|privkey|priv_key|apikey|api_key|authkey|auth_key|oauth|bindpw|monpwd|keyhash|unixhash|smbhash|webhook|credentials_json|service_account_credentials',
    '(?:^|_)(?:pass|pwd|pw|tokens?|salt|otp|totp|psk|community|authorization|cookies?|jwt|dsn|connection_string|conn_str|kubeconfig)\\d*(?:_|$)',
    '(?:^|_)(?:access|account|app|application|client|consumer|custom_encryption|deploy|dhchap|dhchap_ctrl|encryption|hmac|host_dsa|host_ecdsa|host_ed25519|host_rsa|jwt|license|license|master|preshared|pre_shared|recovery|routing|server|service|session|shared|signing|ssl|storage|stored|tls|unlock|wireguard|wg)_?key(?:_|$)',
    '(?:^|_)(?:nt|lm|ntlm|pw)_?hash(?:_|$)',
    '(?:pass|pw|pwd)$',
  ].join('|'),
  'u',
);

/** A last word that turns the name into a fact about a secret. */
const FACT_ABOUT_ONE =
  /_(?:age|algorithm|allowed|change|changed|choices|configured|count|created|days|digits|disabled|enabled|expir\w*|file|fingerprint|format|groups?|ids?|is_set|iterations|last|length|loaded|location|max|min|name|path|policy|pub|public|required|ruleset|scopes?|secs|seconds|servers?|set|size|state|status|ttl|type|uri|url|users?|valid|version)$/u;
const QUESTION = /^(?:allow|can|has|is|max|min|need|needs|no|num|show|use)_/u;
const KNOWN_HARMLESS =
  /^credentials_oauth$|nopasswd|^passwordauth$|(?:^|_)public_?key|^resume_token$|_resume_token$|^bypass$|^compass$|^passwordless|(?:^|_)max_(?:\w+_)?tokens$|^pw_(?:dir|gecos|gid|shell|uid)$/u;
