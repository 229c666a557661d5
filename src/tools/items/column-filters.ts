/**
 * The argument `filter` of list_items: conditions on columns, such as `locked=true` or `last_success<7d`. What the NAS can
 * compare is sent to it; the rest is compared here, on rows that were read whole.
 */
import type { ValueType } from '../../output/cells.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { isoInstant, parseMoment } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Filter, FilterOperator, FilterValue } from '../../truenas/query.ts';
import { matchesName, nameFilter } from '../support/inputs.ts';
import { bytesOf } from '../support/size-input.ts';
import type { KindColumn } from './kind.ts';

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~';

/** One condition. */
export interface Condition {
  readonly column: string;
  /** For the NAS; absent when it cannot compare the column. */
  readonly sent?: Filter;
  /** For here: null for a value that is not known. */
  readonly holds: (value: unknown) => boolean | null;
  /** As it was understood: `last_success before 2026-11-19T20:00:00Z`. */
  readonly text: string;
}

type NamedColumn = KindColumn<never> & { readonly name: string };

/**
 * Reads conditions.
 * @throws InputProblem for one that is none, or of a column that is not there
 */
export function conditionsOf(
  asked: readonly string[],
  columns: readonly NamedColumn[],
  nowMs: number,
): Condition[] {
  return asked.map((text) => {
    const match = CONDITION.exec(text);
    if (match === null)
      throw new InputProblem(
        'filter',
        `is no condition: ${safeCell(text, 60)}`,
        'COLUMN=VALUE, or with != < <= > >=, or ~ for a part of it',
      );
    const [, name = '', operator, value = ''] = match;
    const column = columns.find((each) => each.name === name.toLowerCase());
    if (column === undefined) throw unknownColumn('filter', name, columns);
    return conditionOf(column, operator as Operator, value.trim().replace(/^"(.*)"$/u, '$1'), nowMs);
  });
}

const CONDITION = /^\s*([\w%]+)\s*(!=|>=|<=|==?|>|<|~)\s*(.*)$/su;

/** The error for a column that a kind does not have. */
export function unknownColumn(
  argument: string,
  name: string,
  columns: readonly { readonly name: string }[],
): InputProblem {
  const names = columns.map((each) => each.name);
  const meant = didYouMean(nearNames(name, names));
  return new InputProblem(
    argument,
    `names no column: ${safeCell(name, 60)}`,
    `${meant === undefined ? '' : `${meant} `}the columns are ${names.join(', ')}`,
  );
}

function conditionOf(column: NamedColumn, said: string, value: string, nowMs: number): Condition {
  const operator = (said === '==' ? '=' : said) as Operator;
  if (/^(?:null|none|-)?$/iu.test(value) && (operator === '=' || operator === '!=')) {
    const isEqual = operator === '=';
    return {
      column: column.name,
      holds: (found) => isNothing(found) === isEqual,
      text: `${column.name} ${isEqual ? 'empty' : 'not empty'}`,
    };
  }
  const made = BY_TYPE[column.type](column, operator, value, nowMs);
  const canSend = column.isAlwaysThere === true && column.read === undefined && column.value === undefined;
  if (canSend || made.isAlwaysSent) return { column: column.name, ...made };
  const { sent: _, ...here } = made;
  return { column: column.name, ...here };
}

function isNothing(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

type Made = Omit<Condition, 'column'> & { readonly isAlwaysSent?: boolean };
type Make = (column: NamedColumn, operator: Operator, value: string, nowMs: number) => Made;

const number: Make = (column, operator, value) => {
  const wanted = Number(value);
  if (value === '' || Number.isNaN(wanted) || operator === '~') throw notA(column, 'a number', value);
  return ordered(column, operator, wanted);
};

const BY_TYPE: Readonly<Record<ValueType, Make>> = {
  number,
  percent: (column, operator, value, nowMs) => number(column, operator, value.replace(/\s*%$/u, ''), nowMs),
  bytes: (column, operator, value) => ordered(column, operator, bytesOf('filter', value)),
  flag(column, operator, value) {
    const wanted = FLAGS.get(value.toLowerCase());
    if (wanted === undefined || !EQUALITY.has(operator)) throw notA(column, 'true or false', value);
    const isEqual = operator === '=';
    return {
      sent: fromOf(column, operator, wanted),
      holds: (found) => (typeof found === 'boolean' ? (found === wanted) === isEqual : null),
      text: `${column.name} ${isEqual === wanted ? 'yes' : 'no'}`,
    };
  },
  time(column, operator, value, nowMs) {
    const ms = parseMoment(value, nowMs);
    if (ms === undefined || operator === '~')
      throw notA(column, 'a time such as 2026-11-01 or 7d (7 days ago)', value);
    const before = operator.startsWith('<') ? 'before' : operator.startsWith('>') ? 'after' : operator;
    const made = ordered(column, operator, ms);
    const { sent: _, ...here } = made;
    return {
      ...here,
      ...(column.filterAs === undefined
        ? {}
        : { sent: fromOf(column, operator, column.filterAs(ms)), isAlwaysSent: true }),
      text: `${column.name} ${before} ${isoInstant(ms)}`,
    };
  },
  text(column, operator, value) {
    const text = `${column.name} ${operator === '~' ? 'has' : operator} ${safeCell(value, 60)}`;
    if (operator === '~' || (/[*?]/u.test(value) && operator === '=')) {
      const [sent] = nameFilter(column.from ?? column.name, value, '', 'filter');
      return {
        ...(sent === undefined ? {} : { sent }),
        holds: (found) => (typeof found === 'string' ? matchesName(found, value) : null),
        text,
      };
    }
    const lower = value.toLowerCase();
    return {
      sent: fromOf(column, EQUALITY.has(operator) ? `C${operator}` : operator, value),
      holds: (found) => (typeof found === 'string' ? compares(found.toLowerCase(), operator, lower) : null),
      text,
    };
  },
  texts(column, operator, value) {
    const wanted = value.toLowerCase();
    const isMember = operator !== '!=';
    const finds = (text: string) =>
      operator === '~' ? text.toLowerCase().includes(wanted) : text.toLowerCase() === wanted;
    return {
      holds: (found) =>
        Array.isArray(found) ? found.some((text) => finds(String(text))) === isMember : null,
      text: `${column.name} ${isMember ? 'has' : 'has not'} ${safeCell(value, 60)}`,
    };
  },
};

const EQUALITY = new Set<string>(['=', '!=']);
const FLAGS = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

function ordered(column: NamedColumn, operator: Operator, wanted: number): Made {
  return {
    sent: fromOf(column, operator, wanted),
    holds: (found) => (typeof found === 'number' ? compares(found, operator, wanted) : null),
    text: `${column.name} ${operator} ${wanted}`,
  };
}

function fromOf(column: NamedColumn, operator: string, value: FilterValue): Filter {
  return [column.from ?? column.name, operator as FilterOperator, value];
}

function compares<Value extends string | number>(found: Value, operator: Operator, wanted: Value): boolean {
  switch (operator) {
    case '=':
      return found === wanted;
    case '!=':
      return found !== wanted;
    case '<':
      return found < wanted;
    case '<=':
      return found <= wanted;
    case '>':
      return found > wanted;
    default:
      return found >= wanted;
  }
}

function notA({ name }: NamedColumn, what: string, value: string): InputProblem {
  return new InputProblem(
    'filter',
    `compares ${name} with ${safeCell(value, 60) || 'nothing'}`,
    `${name} takes ${what}`,
  );
}
