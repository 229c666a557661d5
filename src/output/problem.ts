/** Failures as the text of a tool result: what happened, in whose words, and what to do. Never a stack, never a secret. */
import type { z } from 'zod';
import { isTrueNasError, type TrueNasError } from '../truenas/errors.ts';
import { Problem } from '../truenas/problem.ts';
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

/** The text of an `isError` result for anything a tool may throw. */
export function problemText(error: unknown): string {
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
  const lines = error.issues.flatMap((issue) => issueLines(issue, known));
  const meant = misnamed(error, tool, args);
  const takes = known.length === 0 ? 'no arguments' : known.join(', ');
  return [
    `Invalid arguments for ${tool.name}:`,
    ...lines.map((text) => `- ${safeText(text)}`),
    ...(meant === undefined ? [] : [`Was this meant: ${meant}`]),
    `${tool.name} takes: ${takes}`,
  ].join('\n');
}

function issueLines(issue: z.core.$ZodIssue, known: readonly string[]): string[] {
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
    case 'invalid_value':
      return [
        line(
          path,
          `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`,
        ),
      ];
    case 'invalid_type':
      if (isMissing(issue)) return [line(path, `is missing: ${EXPECTED[issue.expected] ?? issue.expected}`)];
      return [line(path || 'the arguments', `must be ${EXPECTED[issue.expected] ?? issue.expected}`)];
    default:
      return [line(path, safeCell(issue.message, 200))];
  }
}

/** True when nothing stands where an argument must. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.code === 'invalid_type' && issue.path.length === 1 && issue.message.endsWith('received undefined')
  );
}

/** The call with the one stray value under the one name that is missing: `get_pool {"pool":"tank"}`. */
function misnamed(error: z.ZodError, tool: InputOwner, args: unknown): string | undefined {
  const missing = error.issues.filter(isMissing).map(({ path }) => String(path[0]));
  const stray = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const [name, strayName] = [missing[0], stray[0]];
  if (missing.length !== 1 || stray.length !== 1 || name === undefined || strayName === undefined)
    return undefined;
  if (typeof args !== 'object' || args === null) return undefined;
  const { [strayName]: value, ...others } = args as Record<string, unknown>;
  const isShort = (typeof value === 'string' && value.length <= 200) || typeof value === 'number';
  return isShort ? `${tool.name} ${safeJson({ [name]: value, ...others })}` : undefined;
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
};

function line(argument: string, problem: string, right = ''): string {
  return `"${argument}" ${problem}${right === '' ? '' : `; ${right}`}`;
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
