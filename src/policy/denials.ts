/**
 * Calls that this server never sends, for curated tools and generic ones, at every access level. One table, by method and
 * by argument value, each line with its reason; docs/safety.md is printed from it.
 */
import { Problem } from '../truenas/problem.ts';
import { type ArgumentRule, ARGUMENT_RULES } from './argument-rules.ts';
import { DENIED_METHODS, type DeniedMethods } from './denied-methods.ts';
import { survey } from './survey.ts';
import { remembered } from './memo.ts';

/** Why a call is never sent. */
export interface Denied {
  readonly method: string;
  /** True when the method is denied as such, false when these arguments are. */
  readonly isWholeMethod: boolean;
  /** One sentence for a person. */
  readonly reason: string;
  /** Another way to what was wanted, if there is one. */
  readonly instead?: string | undefined;
}

/** A line of the table as the documentation prints it. */
export interface DenialLine {
  /** Methods, `ns.*` for all of a namespace, or `any method`. */
  readonly methods: string;
  /** The argument value it is about; absent when the method is denied as such. */
  readonly argument?: string | undefined;
  readonly reason: string;
  readonly instead?: string | undefined;
}

/** Thrown where a denied call was about to be sent. */
export class DeniedError extends Problem {
  readonly denied: Denied;

  constructor(denied: Denied) {
    const summary = `${denied.method} is never called by this server: ${denied.reason}.`;
    const nextStep = denied.instead === undefined ? '' : `Use instead: ${denied.instead}.`;
    super({ summary, nextStep }, [summary, nextStep].filter(Boolean).join(' '));
    this.name = 'DeniedError';
    this.denied = denied;
  }
}

/** The reason why this call is never sent; `undefined` when the table has nothing against it. */
export function denialFor(method: string, params: readonly unknown[] = []): Denied | undefined {
  if (!isMethodName(method)) {
    return {
      method: 'this',
      isWholeMethod: true,
      reason: 'a method name is lower-case words joined by dots, such as pool.query',
    };
  }
  const line = deniedLine(method);
  if (line !== undefined) return { method, isWholeMethod: true, reason: line.reason, instead: line.instead };
  const values = survey(params);
  for (const rule of rulesFor(method)) {
    const found = rule.find(params, method, values);
    if (found !== undefined)
      return {
        method: `${method} with ${found}`,
        isWholeMethod: false,
        reason: rule.reason,
        instead: rule.instead,
      };
  }
  return undefined;
}

const rulesFor = remembered((method) =>
  ARGUMENT_RULES.filter((rule) => rule.appliesTo === undefined || rule.appliesTo.includes(method)),
);

const deniedLine = remembered((method) => DENIED_METHODS.find((line) => covers(line, method)));

/** The whole table, for documentation. */
export function denialTable(): DenialLine[] {
  const methods = DENIED_METHODS.map((line: DeniedMethods): DenialLine => {
    const except = line.except === undefined ? '' : ` (except ${line.except.join(', ')})`;
    return { methods: `${line.methods.join(', ')}${except}`, reason: line.reason, instead: line.instead };
  });
  const values = ARGUMENT_RULES.map(
    (rule: ArgumentRule): DenialLine => ({
      methods: rule.appliesTo?.join(', ') ?? 'any method',
      argument: rule.argument,
      reason: rule.reason,
      instead: rule.instead,
    }),
  );
  return [...methods, ...values];
}

function covers(line: DeniedMethods, method: string): boolean {
  if (line.except?.includes(method) === true) return false;
  return line.methods.some((pattern) =>
    pattern.endsWith('.*') ? method.startsWith(pattern.slice(0, -1)) : pattern === method,
  );
}

/** The characters of a method name, all of them; no case, space or look-alike is guessed away. */
function isMethodName(method: unknown): method is string {
  return (
    typeof method === 'string' && method.length <= 120 && /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/.test(method)
  );
}
