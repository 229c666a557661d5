/**
 * Refuses generic calls: methods that are denied or left out, all that the NAS's own metadata does not call a read, then
 * arguments that are denied or that nobody has reviewed.
 */
import type { ApiMethod, ApiMethodSummary } from '../truenas/catalog/index.ts';
import { Problem } from '../truenas/problem.ts';
import { classify, isOpen, isReadable } from './classes.ts';
import { type Denied, denialFor } from './denials.ts';
import { leftOut } from './left-out.ts';
import { parameterProblem } from './parameters.ts';
import { PATTERN_GRAMMAR, patternProblem } from './patterns.ts';
import { survey } from './survey.ts';
import { webPlaceOf } from './web-interface.ts';

/** Why a call is not made, and what would be right. */
export interface Refusal {
  readonly kind:
    | 'denied'
    | 'denied-arguments'
    | 'unknown-method'
    | 'job'
    | 'transfer'
    | 'above-read'
    | 'unreviewed-arguments'
    | 'pattern';
  /** Completes the sentence "METHOD …". */
  readonly why: string;
  readonly instead?: string | undefined;
}

/** A generic call that is not made. */
export class RefusedError extends Problem {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(method: string, refusal: Refusal) {
    const summary = `${method} ${refusal.why}`;
    const { instead = '' } = refusal;
    super({ summary, nextStep: instead }, instead === '' ? summary : `${summary}; ${instead}`);
    this.refusal = refusal;
  }
}

/** Why no generic call of this method is made, whatever the NAS says of it; `undefined` when the NAS decides. */
export function methodRefusal(method: string): Refusal | undefined {
  const denied = denialFor(method);
  // A query that is only denied without "select" can be called.
  if (denied?.isWholeMethod === true) return deniedRefusal(denied, method);
  const left = leftOut(method);
  if (left === undefined) return undefined;
  return { kind: 'denied', why: `is not called for you: ${left.reason}`, instead: insteadOf(left.instead) };
}

/**
 * Why a generic call is not made; `undefined` when it is.
 * @param find reads the NAS's entry of the method; not asked for methods that are refused as such.
 */
export async function refusalFor(
  method: string,
  params: readonly unknown[],
  find: (method: string) => Promise<ApiMethod | undefined>,
): Promise<Refusal | undefined> {
  const byName = methodRefusal(method);
  if (byName !== undefined) return byName;
  const found = await find(method);
  // An unknown or mutating method is refused as such, not for its arguments.
  return classRefusal(found) ?? (found === undefined ? undefined : argumentRefusal(found, params));
}

function argumentRefusal(method: ApiMethod, params: readonly unknown[]): Refusal | undefined {
  const denied = denialFor(method.name, params);
  if (denied !== undefined) return deniedRefusal(denied, method.name);
  const parameter = parameterProblem(method, params);
  if (parameter !== undefined) {
    return {
      kind: 'unreviewed-arguments',
      why: `is not called like this: ${parameter}`,
      instead: 'leave it out, or use a tool of this server',
    };
  }
  for (const [, operator, pattern] of survey(params).triples) {
    if (operator !== '~') continue;
    const problem = typeof pattern === 'string' ? patternProblem(pattern) : 'is no text';
    if (problem !== undefined) {
      return { kind: 'pattern', why: `with "~": the pattern ${problem}`, instead: PATTERN_GRAMMAR };
    }
  }
  return undefined;
}

function deniedRefusal(denied: Denied, method: string): Refusal {
  const values = denied.isWholeMethod ? '' : ` like this (${denied.method.slice(method.length + 1)})`;
  return {
    kind: denied.isWholeMethod ? 'denied' : 'denied-arguments',
    why: `is never called by this server${values}: ${denied.reason}`,
    instead: insteadOf(denied.instead),
  };
}

function insteadOf(instead: string | undefined): string | undefined {
  return instead === undefined ? undefined : `use ${instead}`;
}

function classRefusal(method: ApiMethodSummary | undefined): Refusal | undefined {
  if (method === undefined) {
    return {
      kind: 'unknown-method',
      why: 'is not a method that this NAS offers to this user',
      instead: 'search_api finds the right name',
    };
  }
  if (!isReadable(method)) return aboveRead(method);
  if (method.isJob) {
    return { kind: 'job', why: 'is a job: it starts work on the NAS', instead: insteadOfJob(method.name) };
  }
  if (method.needsTransfer) return { kind: 'transfer', why: 'works only together with a file transfer' };
  return undefined;
}

/** No advice of a bigger key or level: no tool of this version would do it with either. */
function aboveRead(method: ApiMethodSummary): Refusal {
  const why =
    classify(method) === 'mutating' || isOpen(method)
      ? 'does more than read, and these tools change nothing'
      : 'is granted to full administrators only, so it is not known to be harmless, and these tools change nothing';
  return { kind: 'above-read', why, instead: `a person does it in ${webPlaceOf(method.name)}` };
}

/** Another way to the facts that a reading job would tell. */
function insteadOfJob(name: string): string {
  return INSTEAD_OF_JOB[name] ?? 'see list_jobs for jobs that ran';
}

const INSTEAD_OF_JOB: Readonly<Record<string, string>> = {
  'pool.import_find':
    'import of pools is done in the TrueNAS web interface; pool.query lists the imported ones',
  'ipmi.sel.elist': 'alert.list shows hardware faults',
  'ipmi.sel.info': 'alert.list shows hardware faults',
  'pool.dataset.encryption_summary': 'pool.dataset.query tells key_loaded and locked',
  'k8s_to_docker.list_backups': 'docker.list_backups lists app backups',
};
