/** `core.get_services` and `core.get_methods`: the API as the simulator describes its own (PROTOCOL section 8). */
import * as z from 'zod';
import { paramsOf, returnsOf } from '../schema/arguments.ts';
import { grantingRoles } from '../auth/granting.ts';
import { isCliPrivate, isCliPrivateService } from './cli-private.ts';
import { filledCatalog } from './catalog-filler.ts';
import type { MethodContext, SimMethod } from './method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { type JsonSchema, publishedSchema } from '../schema/schema.ts';
import { type SecretPath, secretPaths } from '../schema/secrets.ts';

/** Who the description is for; `CLI` gets less. */
export const TARGETS = z.enum(['WS', 'CLI', 'REST']).default('WS');

const CRUD_METHODS = ['query', 'get_instance'];
const CONFIG_METHODS = ['config', 'update'];

/** Namespace → kind and configuration. */
export function describeServices(
  { internals, release }: MethodContext,
  target: string,
): Record<string, unknown> {
  const services: Record<string, unknown> = {};
  for (const method of internals.methods.values()) {
    const namespace = namespaceOf(method);
    const isCliHidden = isCliPrivateService(namespace, release);
    if (target === 'CLI' && isCliHidden) continue;
    services[namespace] ??= {
      type: kindOf(internals.methods, namespace),
      config: {
        namespace,
        cli_namespace: null,
        cli_private: isCliHidden,
        cli_description: null,
        datastore: null,
        datastore_prefix: '',
        datastore_extend: null,
        private: false,
        role_prefix: null,
        verbose_name: verboseName(namespace),
      },
    };
  }
  return services;
}

/** Name → description of the methods the caller may call. */
export function describeMethods(
  context: MethodContext,
  service: string | null,
  target: string,
): Record<string, unknown> {
  const { internals, session, release } = context;
  const described: Record<string, Record<string, unknown>> = {};
  const isAnonymous = session.credential === null;
  for (const method of internals.methods.values()) {
    if (method.isPrivate === true || (service !== null && namespaceOf(method) !== service)) continue;
    if (!isAnonymous && !internals.mayCall(session, method)) continue;
    if (target === 'CLI' && isCliPrivate(method.name, release)) continue;
    described[method.name] = describeMethod(internals.methods, release, method);
  }
  const { catalogBytes } = internals;
  return catalogBytes === null || service !== null ? described : filledCatalog(described, catalogBytes);
}

const descriptions = new Map<SimRelease, Map<string, Record<string, unknown>>>();

type Methods = ReadonlyMap<string, SimMethod>;

function describeMethod(methods: Methods, release: SimRelease, method: SimMethod): Record<string, unknown> {
  let known = descriptions.get(release);
  if (known === undefined) {
    known = new Map();
    descriptions.set(release, known);
  }
  let description = known.get(method.name);
  if (description === undefined) {
    description = compose(methods, release, method);
    known.set(method.name, description);
  }
  return description;
}

function compose(methods: Methods, release: SimRelease, method: SimMethod): Record<string, unknown> {
  const auth = method.auth ?? 'role';
  const isQuery = method.filterable === true;
  const is27 = isAtLeast(release, '27.0');
  return {
    description: method.description,
    cli_description: method.description,
    examples: {},
    no_auth_required: auth === 'none',
    ...(is27 ? { no_authz_required: auth !== 'role', cli_private: isCliPrivate(method.name, release) } : {}),
    filterable: isQuery,
    filterable_schema: null,
    pass_application: false,
    job: method.job !== undefined,
    downloadable: false,
    uploadable: false,
    // No pipes to check is an empty list to the NAS, and a plain call has none.
    check_pipes: method.job === undefined ? false : [],
    ...(is27 ? {} : { item_method: isAboutOne(methods, release, method), require_websocket: false }),
    roles: auth === 'role' ? grantingRoles(release, method) : [],
    accepts: paramsOf(method, release).map(([name, schema]) => publishedSchema(name, schema, 'input')),
    returns: [resultSchema(release, method)],
  };
}

/** Methods about one row of a table, by its id; `get_instance` does not count as one. */
function isAboutOne(methods: Methods, release: SimRelease, method: SimMethod): boolean {
  const [first] = paramsOf(method, release);
  const isById = first?.[0] === 'id' || first?.[0] === 'oid';
  const isCrud = kindOf(methods, namespaceOf(method)) === 'crud';
  return isCrud && isById && !method.name.endsWith('.get_instance');
}

function resultSchema(release: SimRelease, method: SimMethod): JsonSchema {
  const name = `${method.name.replaceAll('.', '_')}_returns`;
  const schema = returnsOf(method, release);
  if (schema === undefined) return { title: name, _name_: name, _required_: true };
  const row = publishedSchema(name, schema, 'output');
  if (method.filterable !== true) return row;
  const branches = [{ type: 'array', items: [row] }, row, { type: 'integer' }];
  return { anyOf: branches, title: name, _name_: name, _required_: true };
}

/** Where secrets sit in a job's result, by the method's result schema. */
export function resultSecrets({ internals, release }: MethodContext, name: string): readonly SecretPath[] {
  const method = internals.methods.get(name);
  const schema = method === undefined ? undefined : returnsOf(method, release);
  return schema === undefined ? [] : secretPaths(schema, 'output');
}

function namespaceOf(method: SimMethod): string {
  return method.name.slice(0, method.name.lastIndexOf('.'));
}

function kindOf(methods: Methods, namespace: string): 'crud' | 'config' | 'service' {
  const has = (name: string): boolean => methods.has(`${namespace}.${name}`);
  if (CRUD_METHODS.every(has)) return 'crud';
  return CONFIG_METHODS.some((name) => name === 'config' && has(name)) ? 'config' : 'service';
}

function verboseName(namespace: string): string {
  return namespace
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
