/** Fields that a call may not name, because they hold secrets; what an answer shows is up to output/redact.ts. */
import { isSecretPath } from '../output/redact/secret-paths.ts';
import { namesSecret as isNameOfSecret } from '../output/redact/secret-names.ts';

/** Too common to hide wherever they stand in an answer, but nothing that a call needs to name. */
const ALSO = new Set([
  'access_key_id',
  'custom_compose_config',
  'custom_compose_config_string',
  'key',
  'raw',
]);

/** Columns of a query that are secrets as a whole, by namespace: such rows are only read without them. */
export const SECRET_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  'acme.dns.authenticator': ['attributes'],
  alertservice: ['attributes'],
  certificate: ['privatekey'],
  certificateauthority: ['privatekey'],
  'cloudsync.credentials': ['attributes', 'provider'],
  'kerberos.keytab': ['file'],
  keychaincredential: ['attributes'],
  'reporting.exporters': ['attributes'],
};

/** The same function, which remembers what it said of short texts; call it only with what has no other inputs. */
export function remembered<Value>(judge: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Value;
    const value = judge(text);
    // The tools' own names are few; what callers make up is bounded.
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (text.length <= LONGEST_REMEMBERED) known.set(text, value);
    return value;
  };
}

const MOST_REMEMBERED = 2000;
const LONGEST_REMEMBERED = 120;

/** True for the name of a field that holds a secret. */
export function isSecretFieldName(name: string): boolean {
  return ALSO.has(name.toLowerCase().replaceAll('-', '_')) || isNameOfSecret(name);
}

/** True when any part of a dotted path (as in a filter or a `select`) names a secret. */
export const namesSecret: (path: string) => boolean = remembered((path) =>
  stepsOf(path).some(isSecretFieldName),
);

/** True when a filter or an order on this path of the method's rows would tell a secret, or a text that may hold one. */
export function tellsSecret(method: string, path: string): boolean {
  return told(`${method} ${path}`);
}

/** By method and path with a space between, which no method's name has. */
const told = remembered((question) => {
  const space = question.indexOf(' ');
  const [method, path] = [question.slice(0, space), question.slice(space + 1)];
  // A path in quotes may spell any letter as an escape; only a dot inside a name needs one.
  if (/\\(?!\.)/u.test(path)) return true;
  return namesSecret(path) || isSecretPath(method, path, { forComparing: true });
});

/** A NAS takes dotted paths, `\.` for a dot inside a name, and JSON paths such as `$.a["b"]`. */
function stepsOf(path: string): string[] {
  return path.split(/[^A-Za-z0-9_-]+/u);
}
