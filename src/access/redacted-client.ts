/**
 * Removes secrets from every answer as it comes in, while its method and fields are still known. A tool may then turn it
 * into a table or cut it: the secret was never there.
 */
import { tailOf } from './tail.ts';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError, SignInError, TrueNasError, type TrueNasErrorParts } from '../truenas/errors.ts';
import type { Redactor } from '../output/redact/redactor.ts';

/** The same client, its answers and errors without secrets. */
export function cleanClient(client: ReadClient, redactor: Pick<Redactor, 'text' | 'value'>): ReadClient {
  return {
    origin: client.origin,
    release: (options) => cleanly(() => client.release(options), redactor),
    has: (method, options) => cleanly(() => client.has(method, options), redactor),
    // As one text: a private key has many lines.
    ...tailOf(client, undefined, (read) =>
      cleanly(async () => {
        const told = await read();
        return { ...told, text: redactor.text(told.text) };
      }, redactor),
    ),
    call: (method, params, options) =>
      client.call(method, params, options).then(
        (answer) => (SCHEMAS.has(method) ? answer : redactor.value(answer, { method })),
        (error: unknown) => {
          throw cleanProblem(error, redactor);
        },
      ),
  };
}

/** Their answers describe the API: a field called `password` is a schema there. */
const SCHEMAS = new Set(['core.get_methods', 'core.get_services']);

async function cleanly<Value>(call: () => Promise<Value>, redactor: Pick<Redactor, 'text'>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw cleanProblem(error, redactor);
  }
}

function cleanProblem(error: unknown, { text }: Pick<Redactor, 'text'>): unknown {
  return isTrueNasError(error) ? cleanError(error, text) : error;
}

/** The error without secrets; the very same one when it has none. */
function cleanError(error: TrueNasError, text: (text: string) => string): TrueNasError {
  const parts: TrueNasErrorParts = {
    summary: text(error.summary),
    nextStep: text(error.nextStep),
    method: error.method,
    nasText: error.nasText === undefined ? undefined : text(error.nasText),
    errname: error.errname,
    errno: error.errno,
    fields: error.fields?.map(({ path, message }) => ({ path: text(path), message: text(message) })),
    missingEntry: error.missingEntry,
    lacksRole: error.lacksRole,
    cause: error.cause,
  };
  const isClean =
    parts.summary === error.summary &&
    parts.nasText === error.nasText &&
    parts.nextStep === error.nextStep &&
    JSON.stringify(parts.fields) === JSON.stringify(error.fields);
  if (isClean) return error;
  return error instanceof SignInError
    ? new SignInError(error.reason, parts)
    : new TrueNasError(error.kind, parts);
}
