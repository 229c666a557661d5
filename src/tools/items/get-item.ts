/** `get_item`: everything about one thing of any kind. */
import * as z from 'zod';
import { cellOf, factKey } from '../../output/cells.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { defineTool, type Example, type ReadTool, type ToolContext } from '../define.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, rawRowsOf } from '../support/rows.ts';
import { compactJson } from './compact-json.ts';
import type { Kind, QuerySource, Source } from './kind.ts';
import { argumentsOfKinds, belongingTo, kindNamed } from './kind-argument.ts';
import { columnsOf, type ReadRow, valuesOf, withJoins } from './kind-rows.ts';
import { clockFor, paramsFor, selectionOf, sourceOf, wholeRows } from './kind-source.ts';
import { checkOf } from './list-items.ts';

type Raw = Readonly<Record<string, unknown>>;

/** The tool for these kinds. */
export function getItemOf(kinds: readonly Kind[]): ReadTool {
  return defineTool({
    name: 'get_item',
    title: 'Get item',
    description: 'One thing of a kind, with all its settings. Name or id as list_items shows it.',
    ...argumentsOfKinds(kinds, ({ getUses }) => getUses, getItemOf),
    input: z.strictObject({
      kind: z.enum(kinds.map(({ name }) => name)),
      id: z.string().optional(),
      of: z.string().optional(),
    }),
    output: factsOutput,
    carriesFreeText: true,
    examples: kinds.flatMap(({ name, noun, getExamples = [] }) =>
      getExamples.map(
        ({ args, why }): Example => ({ args: { kind: name, ...args }, why: `${noun}: ${why}` }),
      ),
    ) as [Example, ...Example[]],
    async run(nas, input, context) {
      const kind = kindNamed(kinds, input.kind);
      // Of what there is one of, its own name may stand as the id.
      const asked = kind.isSingle === true && kind.of !== undefined ? { of: input.of ?? input.id } : input;
      checkOf(kind, asked.of);
      const source = await sourceOf(nas, kind);
      const { raw, notes } = await belongingTo(asked.of, () => rawItem(nas, kind, source, asked));
      return answerOf(nas, kind, { raw, notes }, context);
    },
  });
}

/** A thing, and what is to be said besides. */
interface RawItem {
  readonly raw: Raw;
  readonly notes: readonly string[];
}

interface Asked {
  readonly id?: string | undefined;
  readonly of?: string | undefined;
}

/** @throws InputProblem when nothing, or more than one thing, is called that */
async function rawItem(nas: ReadClient, kind: Kind, source: Source, asked: Asked): Promise<RawItem> {
  const { id, of } = asked;
  if (id === undefined && kind.isSingle !== true)
    throw new InputProblem('id', 'is missing', `the ${kind.named} as list_items shows it`);
  const { rows: found, notes } =
    'method' in source
      ? { rows: await queried(nas, kind, source, asked), notes: [] }
      : await wholeRows(nas, source, of, (name) => id === undefined || isSame(name, id));
  const rows =
    id === undefined || 'method' in source ? found : found.filter((raw) => isCalled(kind, raw, id));
  const exact = id === undefined ? rows : rows.filter((raw) => namesOf(kind, raw)[0] === id);
  const [item, ...others] = exact.length > 0 ? exact : rows;
  if (item === undefined) throw await unknownItem(nas, kind, source, asked);
  if (others.length > 0 && id !== undefined) throw severalItems(kind, rows, id);
  return { raw: item, notes };
}

/** The rows whose name or id it is; ids are compared as text where they are one. */
async function queried(nas: ReadClient, kind: Kind, source: QuerySource, { id, of }: Asked): Promise<Raw[]> {
  const { method, filters = [], extra } = source;
  const also = kind.alsoSelects;
  const select = also === undefined ? undefined : [...selectionOf(kind, columnsOf(kind)), ...also];
  if (id === undefined)
    return rawRowsOf(await nas.call(method, paramsFor(source, { filters, select, extra, limit: 1 }, of)));
  const alternatives = identifiers(kind).flatMap(({ from, type, name }): Filter[] => {
    const path = from ?? name;
    if (type !== 'number') return [[path, '=', id]];
    return /^\d{1,15}$/u.test(id) ? [[path, '=', Number(id)]] : [];
  });
  const rows = await Promise.all(
    alternatives.map(async (filter) =>
      rawRowsOf(
        await nas.call(
          method,
          paramsFor(source, { filters: [...filters, filter], select, extra, limit: 20 }, of),
        ),
      ),
    ),
  );
  // The name counts more than an id that happens to be the same.
  return rows.find((each) => each.length > 0) ?? [];
}

function identifiers(kind: Kind) {
  const names = [kind.named, ...(kind.ids ?? [])];
  return columnsOf(kind)
    .filter(({ name }) => names.includes(name))
    .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** Its name, then its ids. */
function namesOf(kind: Kind, raw: Raw): string[] {
  return identitiesOf(kind, raw).map((value) => (typeof value === 'number' ? String(value) : (value ?? '')));
}

/** The same as they were read: null for what the NAS does not tell, which is not the same as an empty name. */
function identitiesOf(kind: Kind, raw: Raw): (string | number | null)[] {
  const row: ReadRow = {};
  for (const [name, read] of Object.entries(kind.row)) row[name] = read(raw[name]);
  return Object.values(valuesOf(identifiers(kind), row, raw)).map((value) =>
    typeof value === 'string' || typeof value === 'number' ? value : null,
  );
}

function isCalled(kind: Kind, raw: Raw, id: string): boolean {
  return namesOf(kind, raw).some((name) => isSame(name, id));
}

function isSame(name: string, id: string): boolean {
  return name.toLowerCase() === id.trim().toLowerCase();
}

async function unknownItem(nas: ReadClient, kind: Kind, source: Source, { id, of }: Asked) {
  const from = kind.columns[kind.named]?.from ?? kind.named;
  const { rows: raws, notes } =
    'method' in source
      ? {
          rows: rawRowsOf(
            await nas.call(
              source.method,
              paramsFor(
                source,
                { filters: source.filters ?? [], extra: source.extra, select: [from], limit: 1000 },
                of,
              ),
            ),
          ),
          notes: [],
        }
      : await wholeRows(nas, source, of);
  const names = raws.flatMap((raw) => namesOf(kind, raw)[0] ?? []).filter((name) => name !== '');
  const near = didYouMean(nearNames(id ?? '', names));
  const unread = raws.filter((raw) => (identitiesOf(kind, raw)[0] ?? null) === null).length;
  const problem =
    unread === 0
      ? `names none of the ${kind.noun}`
      : `cannot be looked up: of ${unread} of the ${kind.noun} the name could not be read`;
  return new InputProblem(
    'id',
    `${problem}: ${safeCell(id ?? '', 80)}`,
    [near ?? `list_items {"kind":"${kind.name}"} shows them`, ...notes].join(' '),
  );
}

function severalItems(kind: Kind, raws: readonly Raw[], id: string): InputProblem {
  const named = raws.slice(0, 5).map((raw) => safeCell(namesOf(kind, raw).slice(1).join(' '), 60));
  return new InputProblem(
    'id',
    `${raws.length} ${kind.noun} are called ${safeCell(id, 60)}`,
    kind.ids === undefined ? undefined : `take ${kind.ids.join(' or ')}: ${named.join(', ')}`,
  );
}

async function answerOf(nas: ReadClient, kind: Kind, { raw, notes }: RawItem, context: ToolContext) {
  const time = await clockFor(nas, kind, context);
  const columns = columnsOf(kind);
  const joined = await withJoins(nas, kind, [raw], kind.joins ?? [], time);
  const row = joined.rows[0] ?? {};
  const values = valuesOf(columns, row, raw);
  const details = await Promise.all(
    (kind.details ?? []).map(async ({ title, read }) => ({
      title,
      part: await readPart(nas, (limited) => read(limited, row as never, raw)),
    })),
  );
  const lines: string[] = [];
  const data: Record<string, unknown> = {};
  for (const column of columns) {
    const cell = cellOf(values[column.name], { maxLength: 400, ...column });
    const why = joined.unread[column.name];
    lines.push(`${column.name}: ${why ?? cell.text}`);
    if (cell.fact !== undefined) data[factKey(column.name, column)] = cell.fact;
  }
  const others = otherFields(kind, raw);
  if (others.length > 0) {
    lines.push('other fields:', ...others.map(([name, value]) => `  ${name}: ${value}`));
    data['other'] = Object.fromEntries(others);
  }
  for (const { title, part } of details) {
    const why = gapText(part);
    if (why !== undefined) lines.push(`${title} ${why}`);
    if (!('value' in part) || part.value === undefined) continue;
    lines.push(`${title}:`, ...part.value.lines.map((line) => `  ${line}`));
    data[title.replaceAll(' ', '_')] = part.value.data;
  }
  lines.push(...notes, ...joined.notes, ...time.notes);
  return { text: lines.join('\n'), data: { kind: kind.name, ...data } };
}

/** What the NAS sends besides, each in one short line: nothing of a thing stays unreachable because it has no column. */
function otherFields(kind: Kind, raw: Raw): [string, string][] {
  const known = new Set([
    ...Object.keys(kind.row),
    ...Object.entries(kind.columns).map(([name, { from = name }]) => from.split('.')[0] ?? from),
    ...(kind.hides ?? []),
  ]);
  return Object.entries(raw)
    .filter(([name, value]) => !known.has(name) && !isEmpty(value))
    .slice(0, MAX_OTHERS)
    .map(([name, value]) => [safeCell(name, 60), otherText(value)]);
}

/** Fields of a row that are shown besides its columns. */
const MAX_OTHERS = 60;

function otherText(value: unknown): string {
  const text = field.text(value);
  return text === null ? compactJson(value, 160) : safeCell(text, 160);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}
