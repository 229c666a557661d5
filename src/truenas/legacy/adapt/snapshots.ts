/**
 * Snapshots before 25.04. Names alone are cheap; for anything else such a NAS reads all snapshots with all their properties
 * first, also when one is asked for by its name. So questions for single ones are put together, and none is asked of a NAS
 * that has too many of them.
 */
import type { WireValue } from '../../client.ts';
import { TrueNasError } from '../../errors.ts';
import { type ParsedComparison, parseFilters } from '../queries/filters.ts';
import { type Ask, answerQuery, rowsOf, type RowSource, type Wanted } from '../queries/index.ts';
import { answerFrom, parseOptions } from '../queries/options.ts';
import { isRow, type Row } from '../queries/paths.ts';

const METHOD = 'zfs.snapshot.query';
/** Of more snapshots than this nothing but names is asked for. */
const MAX_DETAILED = 20_000;
/** Questions for single snapshots within this time become one. In milliseconds. */
const GATHERING_MS = 10;
/** So long the number of snapshots is taken for known. In milliseconds. */
const COUNTED_MS = 60_000;

const OF_NAME = new Set(['id', 'name', 'pool', 'dataset', 'snapshot_name']);

/** `zfs.snapshot.query` of CORE: of names it sorts and pages itself, for anything else it reads all snapshots first. */
export async function coreSnapshots(params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const filters = parseFilters(params[0], METHOD);
  const options = parseOptions(params[1], METHOD);
  const asked = Array.isArray(params[0]) ? params[0].length : 0;
  const exact = filters.comparisons.map(nameFilter);
  const order = options.orderBy.map(nameOrder);
  const isOfNames =
    options.isCount || (options.select.length > 0 && options.select.every(({ path }) => OF_NAME.has(path)));
  const isExact = asked === exact.length && [...exact, ...order].every((part) => part !== undefined);
  if (!isOfNames || !isExact || options.isGet) return answerQuery(METHOD, params, ask, snapshotRows);
  if (options.isCount) return ask(METHOD, [exact, { count: true }]);
  const { limit, offset } = options;
  const page = { ...(limit === 0 ? {} : { limit }), ...(offset === 0 ? {} : { offset }) };
  const odd: WireValue[] = [];
  const sorted = order.length === 0 ? {} : { order_by: order };
  const answer = await ask(METHOD, [exact, { select: ['name'], ...sorted, ...page }]);
  const rows = rowsOf(answer, METHOD, odd).map(({ name }) => partsOf(name ?? null));
  const shown = answerFrom(
    rows,
    { test: () => true },
    { ...options, orderBy: [], limit: 0, offset: 0 },
    METHOD,
  );
  return Array.isArray(shown) ? [...shown, ...odd] : shown;
}

/** Operators on names that mean the same there. */
const NAME_OPERATORS = new Set(['=', '!=', 'in', 'nin', '^', '!^', '$', '!$']);

/** A comparison as one of names, which decides alike; undefined where there is none. CORE cuts the pool of a snapshot at the first slash, so that those of root datasets have another. */
function nameFilter({ path, operator, value }: ParsedComparison): WireValue | undefined {
  const isText = typeof value === 'string';
  if ((path === 'name' || path === 'id') && NAME_OPERATORS.has(operator))
    return isText || (Array.isArray(value) && /in$/u.test(operator)) ? ['name', operator, value] : undefined;
  if (!isText || operator !== '=') return undefined;
  if (path === 'dataset') return ['name', '^', `${value}@`];
  // A pattern, which CORE tries at the start of a name.
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return path === 'pool' ? ['name', '~', `${escaped}[@/]`] : undefined;
}

function nameOrder(field: string): string | undefined {
  const [, minus = '', name] = /^(-)?(name|id)$/u.exec(field) ?? [];
  return name === undefined ? undefined : `${minus}name`;
}

const snapshotRows: RowSource = async (ask, wanted) => {
  const filters = onNames(wanted);
  if (wanted.keys?.every((key) => OF_NAME.has(key)) === true) {
    const rows = rowsOf(await ask(METHOD, [filters, { select: ['name'] }]), METHOD, wanted.odd);
    return rows.map(({ name }) => partsOf(name ?? null));
  }
  await checkCount(ask);
  const select = wanted.keys === undefined ? {} : { select: [...new Set([...wanted.keys, 'name', 'id'])] };
  const single = singleName(filters);
  if (single !== undefined) return rowsOf(await detailsOf(ask, single, select), METHOD, wanted.odd);
  return rowsOf(await ask(METHOD, [filters, select]), METHOD, wanted.odd);
};

/** CORE cuts the pool of a snapshot at the first slash, so that those of root datasets have another: only names are compared there. */
function onNames({ filters: { comparisons } }: Wanted): WireValue[] {
  return comparisons.flatMap(({ path, operator, value }): WireValue[] => {
    if (typeof value !== 'string') return [];
    if ((path === 'name' || path === 'id') && (operator === '=' || operator === '^'))
      return [['name', operator, value]];
    if (path === 'dataset' && operator === '=') return [['name', '^', `${value}@`]];
    return path === 'pool' && operator === '=' ? [['name', '^', value]] : [];
  });
}

function partsOf(name: WireValue): Row {
  if (typeof name !== 'string') return { name };
  const at = name.indexOf('@');
  const dataset = at < 0 ? name : name.slice(0, at);
  const [pool = ''] = dataset.split('/');
  return { id: name, name, dataset, pool, snapshot_name: at < 0 ? '' : name.slice(at + 1) };
}

/** `zfs.snapshot.query` of 24.10: as it is asked for, unless that is dear. */
export async function scaleSnapshots(params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const [filters = [], options = {}] = params;
  if (isFast(filters, options)) return ask(METHOD, params);
  await checkCount(ask);
  const single = singleName(filters);
  if (single === undefined || !isRow(options)) return ask(METHOD, params);
  const { select, ...rest } = options;
  const isPlain =
    select === undefined || (Array.isArray(select) && select.every((item) => typeof item === 'string'));
  if (!isPlain || options['count'] === true || options['get'] === true) return ask(METHOD, params);
  const wanted = Array.isArray(select) ? { select: [...new Set([...select, 'name'])] } : {};
  return detailsOf(ask, single, { ...wanted, ...('extra' in rest ? { extra: rest['extra'] } : {}) });
}

function isFast(filters: WireValue, options: WireValue): boolean {
  const { select, count } = isRow(options) ? options : {};
  const areNames = Array.isArray(select) && select.length === 1 && select[0] === 'name';
  return (areNames || count === true) && fieldsOf(filters).every((field) => FAST_FIELDS.has(field));
}

const FAST_FIELDS = new Set(['name', 'pool', 'dataset']);

function fieldsOf(filters: WireValue): string[] {
  if (!Array.isArray(filters)) return [''];
  return filters.map((filter) => (Array.isArray(filter) && typeof filter[0] === 'string' ? filter[0] : ''));
}

/** The name, where one snapshot is asked for by it. */
function singleName(filters: WireValue): string | undefined {
  const [only, ...more] = Array.isArray(filters) ? filters : [];
  if (more.length > 0 || !Array.isArray(only)) return undefined;
  const [field, operator, value] = only;
  return (field === 'id' || field === 'name') && operator === '=' && typeof value === 'string'
    ? value
    : undefined;
}

/** So many characters of names are put into one question: the NAS takes no message of more than 65,536. */
const MAX_NAMES_CHARS = 50_000;

interface Gathering {
  readonly names: Set<string>;
  chars: number;
  readonly answer: Promise<{ readonly rows: readonly Row[]; readonly odd: readonly WireValue[] }>;
}

const gatherings = new WeakMap<Ask, Map<string, Gathering>>();

/** The row of one, read together with those that are asked for at the same time. */
async function detailsOf(
  ask: Ask,
  name: string,
  options: Readonly<Record<string, unknown>>,
): Promise<WireValue[]> {
  const ofNas = gatherings.get(ask) ?? new Map<string, Gathering>();
  gatherings.set(ask, ofNas);
  const key = JSON.stringify(options);
  let gathering = ofNas.get(key);
  if (gathering === undefined || gathering.chars > MAX_NAMES_CHARS) {
    gathering = beginGathering(ask, options, () => {
      if (ofNas.get(key) === gathering) ofNas.delete(key);
    });
    ofNas.set(key, gathering);
  }
  gathering.names.add(name);
  gathering.chars += name.length;
  const { rows, odd } = await gathering.answer;
  const found = rows.filter((row) => row['name'] === name);
  // It may be among those that cannot be read.
  return found.length > 0 ? found : [...odd];
}

function beginGathering(ask: Ask, options: Readonly<Record<string, unknown>>, end: () => void): Gathering {
  const names = new Set<string>();
  const answer = new Promise((resolve) => setTimeout(resolve, GATHERING_MS)).then(async () => {
    end();
    const odd: WireValue[] = [];
    const rows = rowsOf(await ask(METHOD, [[['name', 'in', [...names]]], options]), METHOD, odd);
    return { rows, odd };
  });
  return { names, chars: 0, answer };
}

const counts = new WeakMap<Ask, { readonly atMs: number; readonly count: Promise<WireValue> }>();

/** @throws TrueNasError `too-large` for a NAS that would be busy with it for minutes */
async function checkCount(ask: Ask): Promise<void> {
  let known = counts.get(ask);
  if (known === undefined || performance.now() - known.atMs > COUNTED_MS) {
    known = { atMs: performance.now(), count: ask(METHOD, [[], { count: true }]) };
    counts.set(ask, known);
    known.count.catch(() => counts.delete(ask));
  }
  const count = await known.count;
  if (typeof count === 'number' && count <= MAX_DETAILED) return;
  if (typeof count !== 'number')
    throw new TrueNasError('odd-answer', {
      summary:
        'The NAS does not tell how many snapshots it has, and so is asked for no more than their names.',
      nextStep: 'Look at them in the web interface of the NAS, and report it.',
      method: METHOD,
    });
  throw new TrueNasError('too-large', {
    summary: `The NAS has ${count} snapshots, and would read all properties of all of them for this (before 25.04 it always does): more than ${MAX_DETAILED} are not asked for.`,
    nextStep: 'Ask for names alone; they mostly carry the time.',
    method: METHOD,
  });
}
