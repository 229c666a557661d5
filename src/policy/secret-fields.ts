/** Fields that a call may not name, because they hold secrets; output/redact/ decides what an answer shows. */
import { isSecretPath } from '../output/redact/secret-paths.ts';
import { namesSecret } from '../output/redact/secret-names.ts';
import { remembered } from './memo.ts';

/** Names that are too common to hide in every answer; no call needs to name them. */
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

/** True for the name of a field that holds a secret. */
export function isSecretFieldName(name: string): boolean {
  return ALSO.has(name.toLowerCase().replaceAll('-', '_')) || namesSecret(name);
}

/** True when any part of a dotted path (as in a filter or a `select`) names a secret. */
export const pathNamesSecret: (path: string) => boolean = remembered((path) =>
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
  return pathNamesSecret(path) || isSecretPath(method, path, { forComparing: true });
});

/** A NAS takes dotted paths, `\.` for a dot inside a name, and JSON paths such as `$.a["b"]`. */
function stepsOf(path: string): string[] {
  return path.split(/[^A-Za-z0-9_-]+/u);
}
