/** Which calls are the one and only source of an answer: without them a tool may fail, and with nothing less. */
import { ALL_KINDS, READ_TOOLS } from '../registry.ts';
import type { Made } from './bench.ts';

/** Methods that a tool's answer stands or falls with, where it is not the first that the tool declares. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  system_overview: [],
  get_pool: ['pool.query', 'boot.get_state'],
};

/** Of shares the kind decides: the others are parts like any other. */
const SOURCE_OF_KIND: Readonly<Record<string, string>> = {
  smb: 'sharing.smb.query',
  nfs: 'sharing.nfs.query',
  iscsi: 'iscsi.target.query',
  nvmeof: 'nvmet.subsys.query',
  s3: 'sharing.s3.query',
  afp: 'sharing.afp.query',
  webdav: 'sharing.webdav.query',
};

/** Methods of releases before 25.04, by what they are called for. */
const CALLED_FOR: Readonly<Record<string, string>> = {
  'bootenv.query': 'boot.environment.query',
  'directoryservices.get_state': 'directoryservices.status',
  'reporting.get_data': 'reporting.netdata_get_data',
  'reporting.graphs': 'reporting.netdata_graphs',
  'smb.sharesec.getacl': 'sharing.smb.getacl',
  'zfs.snapshot.query': 'pool.snapshot.query',
};

/** Kinds of the shares that the examples of `get_share` name without saying which kind they are. */
const KIND_OF_SHARE: Readonly<Record<string, string>> = {
  media: 'smb',
  '/mnt/tank/iso': 'nfs',
  esx: 'iscsi',
  'ml-datasets': 's3',
};

/** Fields by which a thing is found among others: when they cannot be read, it is not found. */
const IDENTITIES: Readonly<Record<string, RegExp>> = {
  get_share: /^\[\](?:\.(?:id|name|path))?$/u,
  get_pool: /^(?:\[\]|name)$/u,
  get_metrics: /^\[\](?:\.identifiers(?:\[\])?)?$/u,
  get_disk: /^\[\]$/u,
  get_dataset: /^\[\]$/u,
  get_job: /^\[\]$/u,
};

/** A call of a tool. */
interface ToolCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** True for a call without which there is no answer. A count is never one. */
export function isEssential(asked: ToolCall, called: Made, all: readonly Made[]): boolean {
  const { tool } = asked;
  const [call, ...made] = [called, ...all].map(inNewerName) as [Made, ...Made[]];
  // Before 25.04 no details are asked of a NAS that does not tell how many snapshots it has.
  // Datasets are not sorted by what CORE does not tell of them.
  if (called.method === 'zfs.dataset.query' && 'sort' in asked.args) return true;
  if (isCount(call)) return called.method === 'zfs.snapshot.query' && isAll(call);
  if (tool === 'list_shares' || tool === 'get_share')
    return SOURCE_OF_KIND[shareKind(asked) ?? ''] === call.method;
  if (tool === 'get_metrics')
    return call.method.endsWith('_graphs') || made.filter((each) => each.method === call.method).length === 1;
  const kind = kindOf(asked);
  if (kind !== undefined)
    return kind.sources.some(
      (source) => ('method' in source ? source.method : source.uses[0]) === call.method,
    );
  const methods = SOURCES[tool] ?? READ_TOOLS.find(({ name }) => name === tool)?.uses.slice(0, 1) ?? [];
  return methods.includes(call.method);
}

function inNewerName(call: Made): Made {
  return { ...call, method: CALLED_FOR[call.method] ?? call.method };
}

/** True for a call whose answer is not shown: of shares of another kind than the one that was found, of fields not asked for. */
export function isAside(asked: ToolCall, call: Made, made: readonly Made[]): boolean {
  const { method } = call;
  if ('fields' in asked.args || tellsNamesOnly(call, made)) return true;
  if (tellsWhereItLeads(call) && !['list_items', 'get_item'].includes(asked.tool)) return true;
  // Of a disk that is out of service the pool itself tells model and serial.
  if (asked.tool === 'get_pool' && method === 'disk.query') return true;
  if (asked.tool !== 'get_share') return false;
  const kind = shareKind(asked);
  const ofCall = /^sharing\.(\w+)/u.exec(method)?.[1] ?? OTHER_KINDS[method.split('.', 1)[0] ?? ''];
  return kind !== undefined && ofCall !== undefined && kind !== ofCall;
}

/** True before 25.04 for a call that tells of a path what is not judged: its owner's name, or whether its mode says all. */
export function tellsNamesOnly({ method, params }: Made, made: readonly Made[]): boolean {
  const isOfPath = (each: Made) => each.method === 'filesystem.getacl' && each.params[0] === params[0];
  if (method === 'filesystem.acl_is_trivial') return true;
  return (
    method === 'filesystem.stat' && made.some((each) => isOfPath(each) && !isRecordWith(each.value, 'user'))
  );
}

/** True on CORE for the call that tells where a path leads, which only the files themselves show. */
function tellsWhereItLeads({ method, params }: Made): boolean {
  const [filter] = Array.isArray(params[1]) ? (params[1] as unknown[]) : [];
  return (
    method === 'filesystem.listdir' && Array.isArray(filter) && filter[0] === 'name' && filter[1] === '='
  );
}

function isRecordWith(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}

const OTHER_KINDS: Readonly<Record<string, string>> = { iscsi: 'iscsi', nvmet: 'nvmeof', s3: 's3' };

function shareKind({ args }: ToolCall): string | undefined {
  const kind = args['kind'] ?? KIND_OF_SHARE[String(args['share'])];
  return typeof kind === 'string' ? kind : undefined;
}

/** True for a field without which the thing that is asked for is not found. */
export function isIdentity(asked: ToolCall, place: string): boolean {
  const { tool } = asked;
  const kind = kindOf(asked);
  if (kind !== undefined) {
    const paths = [kind.named, ...(kind.ids ?? [])].map((name) => `[].${kind.columns[name]?.from ?? name}`);
    return (
      tool === 'get_item' && (place === '[]' || paths.some((path) => `${place}.`.startsWith(`${path}.`)))
    );
  }
  return IDENTITIES[tool]?.test(place) === true;
}

/** The kind that a call of the tools over kinds is about. */
function kindOf({ tool, args }: ToolCall): (typeof ALL_KINDS)[number] | undefined {
  if (tool !== 'list_items' && tool !== 'get_item') return undefined;
  return ALL_KINDS.find(({ name }) => name === args['kind']);
}

function isAll({ params }: Pick<Made, 'params'>): boolean {
  return Array.isArray(params[0]) && params[0].length === 0;
}

/** True for a query that only counts. */
export function isCount({ params }: Pick<Made, 'params'>): boolean {
  const options = params[1];
  return typeof options === 'object' && options !== null && 'count' in options && options.count === true;
}
