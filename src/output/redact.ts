/**
 * Takes secrets out of everything that leaves the process: results, errors, log lines. It is the one step on the way
 * out; it works by the name of a key, by the shape of a text, and by knowing our own credential. Only texts are
 * replaced, so a redacted value still fits its schema.
 */

/** What stands in for a secret. */
export const REDACTED = '[redacted]';

/** Removes secrets; made by {@link createRedactor}. */
export interface Redactor {
  /** The text without anything that has the shape of a secret. */
  text(text: string): string;
  /** The value without secrets, by key name and by shape; the very same object when there was none. */
  value<Value>(value: Value): Value;
}

/** Builds a redactor; `ownSecrets` are texts that must never appear, such as the API key in use. */
export function createRedactor({ ownSecrets }: { readonly ownSecrets: readonly string[] }): Redactor {
  const own = variantsOf(ownSecrets);

  const text = (input: string): string => {
    let output = input;
    for (const secret of own) {
      if (output.includes(secret)) output = output.replaceAll(secret, REDACTED);
    }
    if (!MAY_HOLD_A_SECRET.test(output)) return output;
    for (const [shape, replacement] of SHAPES) output = output.replace(shape, replacement);
    return output;
  };

  const value = (input: unknown, isSecret: boolean, depth: number): unknown => {
    if (typeof input === 'string') return isSecret && isWorthHiding(input) ? REDACTED : text(input);
    if (input === null || typeof input !== 'object') return input;
    // No answer of a NAS is nested this deep; a cycle is.
    if (depth > MAX_DEPTH) return REDACTED;
    if (Array.isArray(input)) return changed(input, (item) => value(item, isSecret, depth + 1));
    if (input instanceof Error) return text(`${input.name}: ${input.message}`);
    if (!isPlain(input)) return input;
    let copy: Record<string, unknown> | undefined;
    for (const [key, item] of Object.entries(input)) {
      const cleanKey = text(key);
      const clean = value(item, isSecret || namesSecret(key), depth + 1);
      if (clean === item && cleanKey === key) continue;
      copy ??= { ...input };
      if (cleanKey !== key) delete copy[key];
      Object.defineProperty(copy, cleanKey, {
        value: clean,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy ?? input;
  };

  return {
    text,
    value: <Value>(input: Value): Value => value(input, false, 0) as Value,
  };
}

const MAX_DEPTH = 100;

/** True when a key of this name holds a secret. `public_key`, `key_format`, `password_disabled` and the like do not. */
export function namesSecret(key: string): boolean {
  let known = verdicts.get(key);
  if (known === undefined) {
    const name = key
      .replace(/([a-z\d])([A-Z])/gu, '$1_$2')
      .replace(/[^A-Za-z\d]+/gu, '_')
      .toLowerCase();
    known = SECRET_NAME.test(name) && !SAFE_NAME.test(name);
    // Keys are a small vocabulary, but app values may bring their own: the memory stays bounded.
    if (verdicts.size > 5000) verdicts.clear();
    verdicts.set(key, known);
  }
  return known;
}

const verdicts = new Map<string, boolean>();

const SECRET_NAME =
  /(?:^|_)(?:pass(?:word|wd|phrase|code)?\d?|pwd|secrets?|tokens?|api_?keys?|private_?keys?|privkey|access_?keys?|encryption_?(?:key|salt|password)|(?:client|stored|server|session|signing|master|account|shared|psk|dhchap|dhchap_ctrl)_?key|keyhash|(?:unix|smb|nt|lm|password)_?hash|salt|bindpw|(?:peer)?secret|otp|totp|psk|community|credentials?_json|service_account_credentials|authorization|cookie|webhook|dsn|connection_string)(?:_|$)/u;
const SAFE_NAME =
  /(?:^|_)(?:public|fingerprint|format|algorithm|location|loaded|id|ids|name|type|status|state|enabled|disabled|required|allowed|expires?|expiry|expired|expiration|age|min|max|length|count|size|days|history|policy|url|uri|path|file|change|changed|created|last|iterations|ttl)(?:_|$)|^(?:has|is|can|use|allow|no|num|show|enable|ssh_key|need|needs)_/u;

function isWorthHiding(text: string): boolean {
  return text !== '' && !/^\*+$/u.test(text) && text !== REDACTED;
}

/** One cheap test before the expensive ones: nearly no text of a NAS gets past it. */
const MAY_HOLD_A_SECRET =
  /-----BEGIN|\d-[A-Za-z0-9]{64}|authorization|bearer|basic\s|:\/\/[^\s/]*@|eyJ[\w-]{8}|(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key)["']?\s*[=:]/iu;

const SHAPES: readonly (readonly [shape: RegExp, replacement: string])[] = [
  // A block that was cut off has no end: then everything after its beginning goes.
  [
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/gu,
    REDACTED,
  ],
  [/(?<![A-Za-z0-9])\d+-[A-Za-z0-9]{64}(?![A-Za-z0-9])/gu, REDACTED],
  [/\b(authorization["']?\s*[:=]\s*["']?\w+\s+)[^\s"',;]+/giu, `$1${REDACTED}`],
  // Outside of a header, only what cannot be a word of a sentence ("basic settings").
  [/\b(bearer|basic)\s+(?=\S*[\d=._])[\w.~+/-]{8,}=*/giu, `$1 ${REDACTED}`],
  [/\b([a-z][\w+.-]*:\/\/)[^\s/@"']+@/giu, `$1${REDACTED}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/gu, REDACTED],
  [
    /\b((?:[a-z\d]+[_-])*(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key)["']?\s*(?:=|:(?=\s*["']))\s*)("[^"]*"|'[^']*'|[^\s,;&"']+)/giu,
    `$1${REDACTED}`,
  ],
];

/** A secret may travel whole, without its key id, or encoded. Short texts are left out: they would hit by chance. */
function variantsOf(secrets: readonly string[]): string[] {
  const variants = secrets.flatMap((secret) => {
    const tail = /^\d+-(.{16,})$/su.exec(secret)?.[1];
    return [secret, ...(tail === undefined ? [] : [tail])].flatMap((form) => [
      form,
      Buffer.from(form).toString('base64').replace(/=+$/u, ''),
      encodeURIComponent(form),
      JSON.stringify(form).slice(1, -1),
    ]);
  });
  return [...new Set(variants)].filter((variant) => variant.length >= 8).sort((a, b) => b.length - a.length);
}

function changed(list: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const clean = map(item);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
