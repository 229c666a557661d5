/**
 * The contract's methods in the form a NAS publishes them (PROTOCOL section 8): references inlined, `items` as a
 * one-element list, `_attrs_order_`, `_name_`, `_required_` and `title` added. For tests only.
 */
import {
  type Contract,
  type ContractMethod,
  type ContractRelease,
  loadContract,
  loadRoles,
} from './contract.ts';

type Schema = Record<string, unknown>;

/** One method as `core.get_methods` of a real NAS lists it. */
export interface NasMethod extends Schema {
  job: boolean;
  roles?: unknown;
  accepts: Schema[];
  returns: Schema[];
}

/** The whole of `core.get_methods` of a release, by method name. */
export function nasMethods(release: ContractRelease): Map<string, NasMethod> {
  const contract = loadContract(release);
  const roles = loadRoles(release);
  return new Map(
    Object.entries(contract.methods).map(([name, method]) => [
      name,
      nasMethod(method, roles.method_granted[name] ?? [], {
        isOpen: roles.no_authentication.includes(name),
        needsNoRole: roles.no_authorization.includes(name),
      }),
    ]),
  );
}

/** The whole of `core.get_services` of a release: the contract's, and whatever namespace has a method. */
export function nasServices(release: ContractRelease): Record<string, Schema> {
  const contract: Contract = loadContract(release);
  const names = new Set(Object.keys(contract.methods).map((name) => name.slice(0, name.lastIndexOf('.'))));
  return Object.fromEntries(
    [...names].map((name) => {
      const known = contract.services[name] ?? { type: 'service' };
      return [name, { type: known['type'] ?? 'service', config: { namespace: name, ...known } }];
    }),
  );
}

function nasMethod(
  method: ContractMethod,
  roles: readonly string[],
  open: { isOpen: boolean; needsNoRole: boolean },
): NasMethod {
  const definitions = (method.accepts['$defs'] ?? {}) as Record<string, Schema>;
  const positions = (method.accepts['prefixItems'] ?? []) as Schema[];
  return {
    description: null,
    cli_description: '',
    examples: {},
    no_auth_required: open.isOpen,
    no_authz_required: open.needsNoRole,
    filterable: method.filterable,
    filterable_schema: null,
    pass_application: false,
    job: method.job,
    downloadable: method.output_pipe === true,
    uploadable: method.input_pipe === true,
    check_pipes: false,
    roles: roles.filter((role) => role !== 'FULL_ADMIN'),
    accepts: method.params.map((parameter, index) => ({
      ...deviate(inlined(positions[index] ?? {}, definitions, [])),
      title: parameter.name,
      _name_: parameter.name,
      _required_: parameter.required,
    })),
    returns: [
      deviate(inlined(method.returns, (method.returns['$defs'] ?? {}) as Record<string, Schema>, [])),
    ],
  };
}

function inlined(schema: Schema, definitions: Record<string, Schema>, open: readonly string[]): Schema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return inlined(value as Schema, definitions, open);
  };
  const { $ref: reference, $defs: _definitions, ...rest } = schema;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, walk(value)]));
  if (typeof reference !== 'string') return own;
  const name = reference.slice('#/$defs/'.length);
  const target = definitions[name];
  if (target === undefined || open.includes(name)) return own;
  return { ...inlined(target, definitions, [...open, name]), ...own };
}

function deviate(schema: Schema): Schema {
  const out: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') out[key] = namedProperties(value as Record<string, Schema>, schema['required']);
    else if (key === 'items' && value !== null && typeof value === 'object')
      out[key] = [deviate(value as Schema)];
    else if (key === 'default' || key === 'enum' || key === 'const') out[key] = value;
    else if (Array.isArray(value)) out[key] = value.map((item) => (isSchema(item) ? deviate(item) : item));
    else out[key] = isSchema(value) ? deviate(value) : value;
  }
  if (isSchema(schema['properties'])) out['_attrs_order_'] = Object.keys(schema['properties']);
  return out;
}

function namedProperties(properties: Record<string, Schema>, required: unknown): Record<string, Schema> {
  const names = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      { ...deviate(property), title: name, _name_: name, _required_: names.includes(name) },
    ]),
  );
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
