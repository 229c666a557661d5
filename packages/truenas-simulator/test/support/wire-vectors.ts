/** Frames of the real handler, and in what a simulated answer differs from them. */
import { hasContract, readContractFile } from '../support/contract.ts';
import { parseExactly } from './exact-json.ts';

/** One frame sent to the real handler, and what came back. */
export interface WireCase {
  readonly release: string;
  readonly session: 'anonymous' | 'administrator';
  readonly name: string;
  /** Text of the frame. */
  readonly send: string;
  readonly reply: readonly Reply[];
  readonly notifications?: readonly object[];
  readonly closed?: boolean;
  readonly code?: number;
}

/** A frame with an id; `result_omitted` names the type of a result too long to keep. */
export interface Reply {
  readonly id: unknown;
  readonly result?: unknown;
  readonly result_omitted?: string;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: ErrorData };
}

interface ErrorData {
  readonly trace: { readonly class: string; readonly keys?: readonly string[] } | null;
  [field: string]: unknown;
}

/** One job started on the real handler: frames in the order they came, and its row at the end. */
export interface JobRun {
  readonly name: string;
  readonly order: readonly ('REPLY' | JobStep)[];
  readonly row: Readonly<Record<string, unknown>>;
}

/** A `core.get_jobs` event. */
export interface JobStep {
  readonly event: string;
  readonly state: string;
  readonly percent: number;
  readonly description: string | null;
}

/** The recorded frames and jobs; none without the contract. */
export const WIRE_VECTORS: { readonly cases: readonly WireCase[]; readonly jobs: readonly JobRun[] } =
  hasContract
    ? (parseExactly(readContractFile('wire-vectors.json')) as { cases: WireCase[]; jobs: JobRun[] })
    : { cases: [], jobs: [] };

/**
 * In what an answer differs from the recorded one: id, kind, code, message, errno, reason, extra, class and fields of
 * the trace; for a result its type, the handler's own words, and the fields of objects. Empty when they agree.
 */
export function replyDifferences(expected: Reply, actual: Reply): string[] {
  const differences = [...valueDifferences('id', expected.id, actual.id)];
  if (expected.error !== undefined || actual.error !== undefined) {
    return [...differences, ...errorDifferences(expected.error, actual.error)];
  }
  if (expected.result_omitted !== undefined) {
    return [...differences, ...valueDifferences('type', expected.result_omitted, pythonType(actual.result))];
  }
  return [...differences, ...shapeDifferences('result', expected.result, actual.result)];
}

function errorDifferences(expected: Reply['error'], actual: Reply['error']): string[] {
  if (expected === undefined || actual === undefined) {
    return [`error: ${JSON.stringify(expected)} but ${JSON.stringify(actual)}`];
  }
  const { trace, ...data } = expected.data ?? { trace: null };
  const { trace: ownTrace, ...ownData } = actual.data ?? { trace: null };
  const hasException = 'py_exception' in data;
  const isText = typeof ownData['py_exception'] === 'string';
  if (hasException && isText) ownData['py_exception'] = data['py_exception'];
  return [
    ...valueDifferences('code', expected.code, actual.code),
    ...valueDifferences('message', expected.message, actual.message),
    ...valueDifferences(
      'data',
      expected.data === undefined ? null : data,
      actual.data === undefined ? null : ownData,
    ),
    ...valueDifferences('trace', trace, reducedTrace(ownTrace)),
  ];
}

/** A trace as the vectors keep it. */
function reducedTrace(trace: ErrorData['trace']): unknown {
  return trace === null ? null : { class: trace.class, keys: Object.keys(trace).sort() };
}

/** A notification's differences: its error in full, its collection, and nothing of the box. */
export function notificationDifferences(expected: object, actual: object): string[] {
  return valueDifferences('notification', expected, actual);
}

/**
 * Words of the handler must be equal; of what the box holds only the shape: types, and the fields of objects. A number or
 * a name may differ, a missing field may not.
 */
function shapeDifferences(path: string, expected: unknown, actual: unknown): string[] {
  if (pythonType(expected) !== pythonType(actual)) {
    // The recorded box left out what it did not have.
    if (path !== 'result' && (expected === null || actual === null)) return [];
    return [`${path}: ${show(expected)} but ${show(actual)}`];
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length > 0 && expected.every((item) => typeof item === 'string')) {
      return isBoxText(path) ? [] : valueDifferences(path, inOrder(expected), inOrder(actual));
    }
    const [first] = expected;
    const [own] = actual;
    return first === undefined || own === undefined ? [] : shapeDifferences(`${path}[]`, first, own);
  }
  if (isObject(expected) && isObject(actual)) {
    return [
      ...valueDifferences(`${path} fields`, Object.keys(expected).sort(), Object.keys(actual).sort()),
      ...Object.keys(expected).flatMap((key) =>
        key in actual ? shapeDifferences(`${path}.${key}`, expected[key], actual[key]) : [],
      ),
    ];
  }
  if (typeof expected === 'number' || isBoxText(path) || isUuid(expected)) return [];
  return valueDifferences(path, expected, actual);
}

function inOrder(texts: readonly unknown[]): string[] {
  return texts.map(String).toSorted((a, b) => (a < b ? -1 : 1));
}

/** True below rows and below `auth.me`, but for the handler's own lists. */
function isBoxText(path: string): boolean {
  return path.includes('[]') || /^result\.pw_/.test(path);
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function valueDifferences(path: string, expected: unknown, actual: unknown): string[] {
  const [wanted, found] = [show(expected), show(actual)];
  return wanted === found ? [] : [`${path}: ${wanted} but ${found}`];
}

/** JSON with sorted keys: their order says nothing. */
function show(value: unknown): string {
  const sorted = (_key: string, inner: unknown): unknown =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner;
  return JSON.stringify(value, sorted) ?? 'nothing';
}

function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value === 'object' ? 'dict' : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
