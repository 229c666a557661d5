/** Every way in which one answer of a NAS can be odd: a field, the whole answer, or none at all. */
import type { WireValue } from '../../../src/truenas/client.ts';
import type { Made } from './bench.ts';
import { type Answering, failure, noAnswer } from './nas.ts';

/** What becomes of a field. */
export const FIELD_KINDS = ['field null', 'field absent', 'field of another type', 'field huge'] as const;
/** What stands in place of the whole answer. */
export const WHOLE_KINDS = ['null', '{}', '[]', 'a text', 'a number'] as const;
/** How a call ends that has no answer. */
export const FAILURE_KINDS = ['fails', 'is refused', 'is missing', 'misfits', 'hangs'] as const;

export type FieldKind = (typeof FIELD_KINDS)[number];
export type WholeKind = (typeof WHOLE_KINDS)[number];
export type FailureKind = (typeof FAILURE_KINDS)[number];
/** `row`: one row of a list is none. */
export type Kind = FieldKind | WholeKind | FailureKind | 'row';

/** One odd answer to one call. */
export interface Mutation {
  readonly kind: Kind;
  readonly call: Made;
  /** Which field, with `[]` for any row; empty for the whole answer. */
  readonly place: string;
  /** What the call gives instead. @throws TrueNasError for one that fails. `random` chooses the row and the odd value */
  readonly give: (random: () => number) => Promise<WireValue>;
}

/** True for an answer that is odd and not merely absent. */
export function isWhole(kind: Kind): kind is WholeKind {
  return (WHOLE_KINDS as readonly string[]).includes(kind);
}

/** True for a call without an answer. */
export function isFailure(kind: Kind): kind is FailureKind {
  return (FAILURE_KINDS as readonly string[]).includes(kind);
}

/** The same NAS with this one call answered oddly. */
export function meddled(answering: Answering, mutation: Mutation, random: () => number): Answering {
  const wanted = callKey(mutation.call);
  return (method, params) =>
    callKey({ method, params }) === wanted ? mutation.give(random) : answering(method, params);
}

/** What tells calls of one method apart. */
export function callKey({ method, params }: { method: string; params: readonly unknown[] }): string {
  // Questions for single snapshots are put together as they come: not each time the same ones.
  const [filter] = Array.isArray(params[0]) ? (params[0] as unknown[]) : [];
  const isGathered = method === 'zfs.snapshot.query' && Array.isArray(filter) && filter[1] === 'in';
  return `${method} ${JSON.stringify(isGathered ? ['gathered', params[1]] : params)}`;
}

/** Maps whose keys are data: an empty one says that there is nothing. */
const MAPS = new Set(['disk.temperatures', 'disk.temperature_agg']);

/** Every way in which this call can be answered oddly; ways that are lawful are left out. */
export function mutationsOf(call: Made): Mutation[] {
  const { method, value } = call;
  const whole: readonly (readonly [WholeKind, WireValue])[] = [
    ['null', null],
    ['{}', {}],
    ['[]', []],
    ['a text', 'odd'],
    ['a number', 7],
  ];
  return [
    ...FAILURE_KINDS.map((kind): Mutation => ({ kind, call, place: '', give: () => failing(kind, method) })),
    ...whole
      .filter(([kind]) => !isLawful(kind, method, value))
      .map(([kind, odd]): Mutation => ({ kind, call, place: '', give: async () => odd })),
    ...rowsMutated(call),
    ...fieldsMutated(call),
  ];
}

function isLawful(kind: WholeKind, method: string, value: WireValue): boolean {
  if (kind === 'null') return value === null;
  if (kind === '[]') return Array.isArray(value);
  if (kind === '{}') return MAPS.has(method);
  return kind === 'a number' ? typeof value === 'number' : typeof value === 'string';
}

async function failing(kind: FailureKind, method: string): Promise<never> {
  const said = (error: number, errname: string, reason: string) => ({
    code: -32001,
    message: 'Method call error',
    data: { error, errname, type: 'CallError', reason: `[${errname}] ${reason}`, trace: null, extra: null },
  });
  switch (kind) {
    case 'fails':
      throw failure(said(14, 'EFAULT', 'the pool is suspended'), method);
    case 'is refused':
      throw failure(said(13, 'EACCES', 'Not authorized'), method);
    case 'is missing':
      throw failure({ code: -32601, message: 'Method does not exist' }, method);
    case 'misfits':
      throw failure(
        { code: -32602, message: 'Invalid params', data: { extra: [['data.x', 'Extra inputs', 22]] } },
        method,
      );
    default:
      // A client gives up by itself; how long it waits is no part of this.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      throw noAnswer(method);
  }
}

function rowsMutated(call: Made): Mutation[] {
  const { value } = call;
  if (!Array.isArray(value) || value.length === 0) return [];
  return [
    {
      kind: 'row',
      call,
      place: '[]',
      give: async (random) => {
        const odd = pick<WireValue>([null, 7, 'odd', []], random);
        const index = Math.floor(random() * value.length);
        return value.map((row, at) => (at === index ? odd : row));
      },
    },
  ];
}

type Step = string | number;

function fieldsMutated(call: Made): Mutation[] {
  const places = new Map<string, Step[][]>();
  collect(call.value, [], '', places);
  return [...places].flatMap(([place, paths]) =>
    FIELD_KINDS.flatMap((kind): Mutation[] => {
      const [first = []] = paths;
      const isKey = typeof first.at(-1) === 'string';
      const before = at(call.value, first);
      if (kind === 'field absent' && !isKey) return [];
      if (kind === 'field null' && before === null) return [];
      if (kind === 'field of another type' && before === null) return [];
      if (kind === 'field huge' && hugeOf(before).length === 0) return [];
      const give: Mutation['give'] = async (random) => {
        const path = pick(paths, random);
        return changed(call.value, path, (value) => oddValue(kind, value, random));
      };
      return [{ kind, call, place, give }];
    }),
  );
}

/** Concrete paths kept of one place: rows of a list are alike. */
const MOST_PATHS = 40;

function collect(value: WireValue, path: Step[], place: string, places: Map<string, Step[][]>): void {
  if (path.length > 0) {
    const known = places.get(place) ?? [];
    if (known.length < MOST_PATHS) known.push(path);
    places.set(place, known);
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.slice(0, MOST_PATHS).entries())
      collect(item, [...path, index], `${place}[]`, places);
    return;
  }
  for (const [key, item] of Object.entries(value))
    collect(item, [...path, key], place === '' ? key : `${place}.${key}`, places);
}

function at(value: WireValue, path: readonly Step[]): WireValue {
  let current: WireValue = value;
  for (const step of path) current = (current as Record<Step, WireValue>)[step] ?? null;
  return current;
}

const ABSENT = Symbol('absent');

function changed(
  value: WireValue,
  [step, ...rest]: readonly Step[],
  change: (value: WireValue) => WireValue | typeof ABSENT,
): WireValue {
  if (step === undefined || value === null || typeof value !== 'object') return value;
  const inner = (value as Record<Step, WireValue>)[step] ?? null;
  const after = rest.length === 0 ? change(inner) : changed(inner, rest, change);
  if (Array.isArray(value))
    return value.map((item, index) => (index === step && after !== ABSENT ? after : item));
  const entries = Object.entries(value).filter(([key]) => key !== step || after !== ABSENT);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, key === step && after !== ABSENT ? after : item]),
  );
}

function oddValue(kind: FieldKind, value: WireValue, random: () => number): WireValue | typeof ABSENT {
  if (kind === 'field null') return null;
  if (kind === 'field absent') return ABSENT;
  return pick(kind === 'field huge' ? hugeOf(value) : otherTypesOf(value), random);
}

function otherTypesOf(value: WireValue): readonly WireValue[] {
  if (typeof value === 'number') return ['12 apples', { odd: true }, true];
  if (typeof value === 'string') return [7, ['odd'], { odd: true }];
  if (typeof value === 'boolean') return ['yes', 1, { odd: true }];
  if (value instanceof Date) return [true, 'the day before yesterday', { odd: true }];
  return ['odd', 7];
}

function hugeOf(value: WireValue): readonly WireValue[] {
  if (typeof value === 'number') return [2 ** 53 + 2, 1e21, 1e308];
  if (typeof value === 'string') return ['x'.repeat(100_000), 'word '.repeat(20_000)];
  if (value instanceof Date) return [new Date(8.64e15), new Date(-8.64e15)];
  if (Array.isArray(value) && value.length > 0)
    return [Array.from({ length: 3000 }, (_, index) => value[index % value.length] ?? null)];
  return [];
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
