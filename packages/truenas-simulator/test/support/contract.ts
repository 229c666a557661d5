/**
 * The real API's contract, for tests only. It lies beside the project in `../shared/truenas-api`; where it is absent
 * (a public checkout) `describeContract` skips loudly. Nothing from it is copied into the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type ErrorObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe } from 'vitest';
import { isNightly } from './nightly.ts';

/** Where its files lie. */
export const contractFolder = new URL('../../../../../shared/truenas-api/', import.meta.url);

/** True when the contract files are at hand; `WITHOUT_CONTRACT=1` makes believe that they are not, as in a public checkout. */
export const hasContract =
  process.env['WITHOUT_CONTRACT'] !== '1' && existsSync(new URL('v25.10.json.gz', contractFolder));

/** Releases with a contract file. 26.0 existed as betas only, and was renamed 27.0; 28 is in development. */
export const CONTRACT_RELEASES = ['25.04', '25.10', '26.0', '27.0', '28-dev'] as const;
/** Those that costly tests try: what people run, and nightly the betas and the development head as well. */
export const TRIED_RELEASES: readonly ContractRelease[] = isNightly
  ? CONTRACT_RELEASES
  : ['25.04', '25.10', '27.0'];
export type ContractRelease = (typeof CONTRACT_RELEASES)[number];

export interface ContractMethod {
  roles: string[];
  job: boolean;
  audited: boolean;
  job_options?: Record<string, unknown>;
  authentication_required: boolean;
  authorization_required: boolean;
  filterable: boolean;
  params: { name: string; required: boolean }[];
  accepts: Record<string, unknown>;
  returns: Record<string, unknown>;
  cli_private?: boolean;
  removed_in?: string;
  legacy_schema?: boolean;
  input_pipe?: boolean;
  output_pipe?: boolean;
}

export interface Contract {
  version: string;
  methods: Record<string, ContractMethod>;
  events: Record<string, { source: string; roles: string[]; models: Record<string, unknown> }>;
  services: Record<string, Record<string, unknown>>;
}

/** `describe` that says aloud when the contract is missing. */
export function describeContract(name: string, body: () => void): void {
  sayWithoutContract(name);
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback
  describe.skipIf(!hasContract)(name, body);
}

/** Says aloud what a test leaves out when the contract is missing. */
export function sayWithoutContract(what: string): void {
  if (!hasContract) process.stderr.write(`SKIPPED (no ../shared/truenas-api): ${what}\n`);
}

/** A file of the contract folder as text, e.g. `filter-vectors.json`. */
export function readContractFile(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, contractFolder)), 'utf8');
}

const contracts = new Map<ContractRelease, Contract>();

export function loadContract(release: ContractRelease): Contract {
  let contract = contracts.get(release);
  if (contract === undefined) {
    const packed = readFileSync(new URL(`v${release}.json.gz`, contractFolder));
    contract = JSON.parse(gunzipSync(packed).toString('utf8')) as Contract;
    contracts.set(release, contract);
  }
  return contract;
}

/** What `roles.json` says of one release. */
export interface ContractRoles {
  role_expansion: Record<string, string[]>;
  method_granted: Record<string, string[]>;
  no_authentication: string[];
  no_authorization: string[];
  event_granted: Record<string, string[]>;
}

export function loadRoles(release: ContractRelease): ContractRoles {
  const all = JSON.parse(readContractFile('roles.json')) as { versions: Record<string, ContractRoles> };
  const roles = all.versions[release];
  if (roles === undefined) throw new Error(`roles.json has no release ${release}`);
  return roles;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const validators = new Map<string, ValidateFunction>();

function validator(release: ContractRelease, method: string, part: 'accepts' | 'returns'): ValidateFunction {
  const key = `${release} ${method} ${part}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    const known = loadContract(release).methods[method];
    if (known === undefined) throw new Error(`the contract of ${release} has no method ${method}`);
    validate = ajv.compile(withHiddenTags(known[part]) as Record<string, unknown>);
    validators.set(key, validate);
  }
  return validate;
}

/**
 * The NAS tells branches of a union apart by a tag that it does not send, such as the purpose inside the options of an SMB
 * share. Without the tag several branches can fit: one is enough.
 */
function withHiddenTags(schema: unknown, root = schema): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withHiddenTags(each, root));
  if (schema === null || typeof schema !== 'object') return schema;
  const node = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, withHiddenTags(value, root)]),
  );
  const { discriminator, oneOf, ...rest } = node;
  const tag = (discriminator as { propertyName?: string } | undefined)?.propertyName;
  if (tag === undefined || !Array.isArray(oneOf)) return node;
  const isHidden = (oneOf as { $ref?: string }[]).every(({ $ref = '' }) => {
    const { $defs = {} } = root as { $defs?: Record<string, { properties?: object } | undefined> };
    const { properties = {} } = $defs[$ref.replace('#/$defs/', '')] ?? {};
    return !(tag in properties);
  });
  return isHidden ? { ...rest, anyOf: oneOf } : node;
}

function explain(errors: ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
}

/** Problems of a params array as sent over the wire; empty when the contract accepts it. */
export function acceptsProblems(
  release: ContractRelease,
  method: string,
  params: readonly unknown[],
): string[] {
  const validate = validator(release, method, 'accepts');
  return validate(plain(params)) ? [] : explain(validate.errors);
}

let isTold = false;

/**
 * Problems of a result as it came over the wire; empty when the contract's `returns` accepts it. Where the contract is
 * missing there are none either, which is said aloud once per file: the rest of the test still tells something.
 */
export function returnsProblems(release: ContractRelease, method: string, result: unknown): string[] {
  if (!hasContract) {
    if (!isTold) sayWithoutContract('whether the answers seen on the way are as the contract has them');
    isTold = true;
    return [];
  }
  const validate = validator(release, method, 'returns');
  return validate(plain(result)) ? [] : explain(validate.errors);
}

/** Problems of what an event source sends; empty when the contract accepts it, or does not know the event. */
export function eventProblems(release: ContractRelease, event: string, fields: unknown): string[] {
  const added = hasContract ? loadContract(release).events[event]?.models.ADDED : undefined;
  if (added === undefined) return [];
  const schema = (added as { properties: { fields: Record<string, unknown> } }).properties.fields;
  const validate = ajv.compile(schema);
  return validate(plain(fields)) ? [] : explain(validate.errors);
}

/** A wire value as schemas describe it. Schemas describe decoded values (dates as strings, sets as arrays): undo the wire's special encodings. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [key, inner] = entries[0] as [string, unknown];
    if (key === '$date') return new Date(inner as number).toISOString();
    if (key === '$time' || key === '$ipv4_interface' || key === '$ipv6_interface') return inner;
    if (key === '$set') return plain(inner);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

/** Like `returnsProblems`, and no problems where the contract is only loosely known (`legacy_schema`). */
export function answerProblems(release: ContractRelease, method: string, result: unknown): string[] {
  if (hasContract && loadContract(release).methods[method]?.legacy_schema === true) return [];
  return returnsProblems(release, method, result);
}
