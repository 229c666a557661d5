/** Failures as the text of a tool result: what happened, in whose words, and what to do. Never a stack, never a secret. */
import type * as z from 'zod';
import { isTrueNasError, type TrueNasError } from '../truenas/errors.ts';
import { Problem } from '../truenas/problem.ts';
import { meantArguments } from './meant-arguments.ts';
import { didYouMean, nearNames } from './near-names.ts';
import { DATA_MARK, safeCell, safeJson, safeText } from './untrusted.ts';

/** An argument that is well-formed but wrong: a dataset that does not exist, a cursor of another question. */
export class InputProblem extends Problem {
  override readonly name = 'InputProblem';
  /** Name of the argument. */
  readonly argument: string;
  /** Completes the sentence "ARGUMENT …". */
  readonly problem: string;

  /** @param right what would be right. */
  constructor(argument: string, problem: string, right?: string) {
    super({ summary: `${argument}: ${problem}`, nextStep: right ?? '' });
    this.argument = argument;
    this.problem = problem;
  }
}

/** Arguments that do not fit the schema of a tool, which another tool was asked to call. */
export class ArgumentsProblem extends Problem {
  override readonly name = 'ArgumentsProblem';
  /** Several lines, made harmless; see {@link inputProblems}. */
  readonly text: string;

  constructor(text: string) {
    super({ summary: text.split('\n').slice(0, 2).join(' '), nextStep: '' });
    this.text = text;
  }
}

/** The text of an `isError` result for anything a tool may throw. */
export function problemText(error: unknown): string {
  if (error instanceof ArgumentsProblem) return error.text;
  if (error instanceof InputProblem) {
    return `Invalid argument: ${safeText(line(error.argument, error.problem, error.nextStep))}`;
  }
  if (isTrueNasError(error)) return trueNasText(error);
  if (error instanceof Problem) return problemLines(error);
  if (error instanceof Error && error.name === 'AbortError') return 'The call was cancelled.';
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `This MCP server failed (a defect in it, not in your call or the NAS): ${safeCell(what, 300)}`;
}

function problemLines({ summary, nextStep }: Problem): string {
  return [
    safeCell(summary, SUMMARY_LENGTH),
    ...(nextStep === '' ? [] : [`What to do: ${safeText(nextStep)}`]),
  ].join('\n');
}

/** The part of a tool that {@link inputProblems} needs. */
export interface InputOwner {
  readonly name: string;
  readonly input: z.ZodObject;
}

/** The text of an `isError` result for arguments that do not fit the tool's input schema: which, why, and what would be right. */
export function inputProblems(error: z.ZodError, tool: InputOwner, args?: unknown): string {
  const known = Object.keys(tool.input.shape);
  const lines = error.issues.flatMap((issue) => issueLines(issue, known, args));
  const meant = misnamed(error, tool, args);
  const takes = known.length === 0 ? 'no arguments' : known.join(', ');
  return [
    `Invalid arguments for ${tool.name}:`,
    ...lines.map((text) => `- ${safeText(text)}`),
    ...(meant === undefined ? [] : [`Was this meant: ${meant}`]),
    `${tool.name} takes: ${takes}`,
  ].join('\n');
}

function issueLines(issue: z.core.$ZodIssue, known: readonly string[], args: unknown): string[] {
  const path = issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return [
        ...issue.keys
          .slice(0, MAX_UNKNOWN_SHOWN)
          .map((key) =>
            line(
              safeCell([path, key].filter(Boolean).join('.')),
              'is not an argument',
              path ? undefined : didYouMean(nearNames(key, known)),
            ),
          ),
        ...(issue.keys.length > MAX_UNKNOWN_SHOWN
          ? [`and ${issue.keys.length - MAX_UNKNOWN_SHOWN} more that are not arguments`]
          : []),
      ];
    case 'invalid_value': {
      const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
      const right = `${issue.values.length === 1 ? '' : 'one of '}${values}`;
      return [line(path, isMissing(issue, args) ? `is missing: ${right}` : `must be ${right}`)];
    }
    case 'invalid_type':
    case 'invalid_union': {
      const expected = expectedBy(issue);
      if (expected === '') return [line(path, safeCell(issue.message, 200))];
      if (isMissing(issue, args)) return [line(path, `is missing: ${expected}`)];
      return [line(path || 'the arguments', `must be ${expected}`)];
    }
    case 'too_small':
    case 'too_big':
      return [line(path, boundOf(issue) ?? safeCell(issue.message, 200))];
    default:
      return [line(path, safeCell(issue.message, 200))];
  }
}

/** `must be at least 1`, `must have at most 5 items`; undefined where the schema says more than a number. */
function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string | undefined {
  const isLow = issue.code === 'too_small';
  const bound = String(isLow ? issue.minimum : issue.maximum);
  const counted: Readonly<Record<string, string>> = { array: 'item', string: 'character' };
  const { origin, inclusive = true } = issue;
  if (origin === 'number' || origin === 'int') {
    if (!inclusive) return `must be ${isLow ? 'more' : 'less'} than ${bound}`;
    return `must be at ${isLow ? 'least' : 'most'} ${bound}`;
  }
  const noun = counted[origin];
  if (noun === undefined || !inclusive) return undefined;
  return `must have at ${isLow ? 'least' : 'most'} ${bound} ${noun}${bound === '1' ? '' : 's'}`;
}

/** The forms that a value may have, in words; empty where a union says more than a form. */
function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return EXPECTED[issue.expected] ?? issue.expected;
  if (issue.code !== 'invalid_union') return '';
  const forms = issue.errors.map(([first]) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? expectedBy(first) : '',
  );
  return forms.includes('') ? '' : [...new Set(forms)].join(' or ');
}

/** True when nothing stands where an argument must. */
function isMissing(issue: z.core.$ZodIssue, args: unknown): boolean {
  if (typeof args !== 'object' || args === null)
    return (
      issue.code === 'invalid_type' && issue.path.length === 1 && issue.message.endsWith('received undefined')
    );
  let value: unknown = args;
  for (const step of issue.path)
    value = Object.hasOwn(Object(value), step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  return value === undefined;
}

/**
 * The call with stray values under the names that are missing, `get_pool {"pool":"tank"}`, where each value fits one of
 * them, and all is right then.
 */
function misnamed(error: z.ZodError, tool: InputOwner, args: unknown): string | undefined {
  if (typeof args !== 'object' || args === null) return undefined;
  const stray = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  const missing = error.issues
    .filter((issue) => issue.path.length === 1 && isMissing(issue, args))
    .map(({ path }) => String(path[0]));
  if (missing.length === 0 || missing.length !== stray.length || missing.length > MAX_MISNAMED)
    return undefined;
  const given = args as Readonly<Record<string, unknown>>;
  const others = Object.entries(given).filter(([name]) => !stray.includes(name));
  for (const names of orders(stray)) {
    const meant = Object.fromEntries([
      ...missing.map((name, index) => [name, given[names[index] ?? '']] as const),
      ...others,
    ]);
    const call = safeJson(meant);
    if (call.length <= MAX_CALL && tool.input.safeParse(meantArguments(tool.input, meant)).success)
      return `${tool.name} ${call}`;
  }
  return undefined;
}

/** Most arguments that are taken for others at once. */
const MAX_MISNAMED = 3;
/** Longest call that is spelled out, in characters. */
const MAX_CALL = 300;

/** Every order of a few names. */
function orders(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((name) =>
    orders(names.filter((each) => each !== name)).map((rest) => [name, ...rest]),
  );
}

/** A model that invents arguments needs no more to see its mistake, and a hostile client could send a million. */
const MAX_UNKNOWN_SHOWN = 10;

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number without quotes',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, e.g. ["name"]',
  object: 'an object',
  record: 'an object',
};

/** What would be right goes on with the sentence, or is one of its own. */
function line(argument: string, problem: string, right = ''): string {
  if (right === '') return `"${argument}" ${problem}`;
  const isSentence = /^[A-Z][a-z]* /u.test(right);
  return `"${argument}" ${problem}${isSentence && !problem.endsWith('.') ? '.' : isSentence ? '' : ';'} ${right}`;
}

/** Longest summary shown, in characters; it may quote the NAS. */
const SUMMARY_LENGTH = 400;
/** How much of the NAS's own words is shown, in characters. */
const NAS_TEXT_LENGTH = 600;

function trueNasText(error: TrueNasError): string {
  const nasText = error.nasText?.trim();
  const shownFields = (error.fields ?? []).slice(0, 10);
  const mark = nasText || shownFields.length > 0 ? ` ${DATA_MARK}` : '';
  return [
    `${safeCell(error.summary, SUMMARY_LENGTH)}${mark}`,
    ...(nasText && !error.summary.includes(nasText)
      ? [`TrueNAS says: ${safeCell(nasText, NAS_TEXT_LENGTH)}`]
      : []),
    ...shownFields.map(
      ({ path, message }) => `- ${path === '' ? '' : `${safeCell(path)}: `}${safeCell(message, 200)}`,
    ),
    ...(error.nextStep === '' ? [] : [`What to do: ${safeText(error.nextStep)}`]),
  ].join('\n');
}
