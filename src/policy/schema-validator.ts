/**
 * Compiles the schemas that a NAS publishes. A file of its own, loaded with the first call that needs it: the validator
 * is big, and a bundler finds its constructor only through an import like this one.
 */
import { createContext, Script } from 'node:vm';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../truenas/catalog/index.ts';

/** A validator of a list that has these schemas at its positions; `undefined` for schemas that cannot be compiled. */
export function compileList(schemas: readonly JsonSchema[]): ValidateFunction | undefined {
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    allErrors: true,
    verbose: true,
    logger: false,
    addUsedSchema: false,
    validateSchema: false,
    code: { regExp: Object.assign(boundedPattern, { code: 'boundedPattern' }) },
  });
  try {
    return ajv.compile({ type: 'array', prefixItems: schemas });
  } catch {
    return undefined;
  }
}

/** Longest time for one text. A pattern that is not through by then is left to the NAS from there on. */
const PATTERN_LIMIT_MS = 100;

/** A pattern comes from the NAS and the text from a model: together they could keep the program busy for years. */
function boundedPattern(pattern: string, flags: string) {
  const regExp = new RegExp(pattern, flags);
  const scope = createContext({ regExp, text: '' });
  let isTooSlow = false;
  return {
    test(text: string): boolean {
      if (text.length <= SURELY_FAST) return regExp.test(text);
      if (isTooSlow) return true;
      scope['text'] = text;
      try {
        return TEST.runInContext(scope, { timeout: PATTERN_LIMIT_MS }) === true;
      } catch {
        isTooSlow = true;
        return true;
      }
    },
  };
}

const TEST = new Script('regExp.test(text)');
/** Up to this length even the worst pattern is through at once. */
const SURELY_FAST = 12;
