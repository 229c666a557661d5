/** What the tests that run every tool's examples against a NAS leave out of account. */

import type { Lack, Tool } from '../../src/tools/define.ts';

/** Methods that any signed-in user may call: the NAS itself narrows what they show. */
export const OPEN_TO_EVERY_LOGIN = new Set([
  'auth.me',
  'core.get_jobs',
  'directoryservices.status',
  'failover.licensed',
]);

/** Texts of answers that must not come here: every part of every answer can be read. */
export const FAILURE =
  /^This MCP server failed|Not authorized|not allowed for|NOT READ|could not be read|has no method/mu;

/** What signing in and finding out the release takes; no tool asks for these. */
export const SESSION = new Set([
  'auth.mechanism_choices',
  'auth.login_ex',
  'auth.login_with_api_key',
  'system.version',
  'core.ping',
  'core.subscribe',
  'core.unsubscribe',
]);

/** The answer of a tool without what it says, as it declares, about fields that a NAS hides from a key which only reads. */
export function withoutHiddenFields({ mayLack = [] }: Pick<Tool, 'mayLack'>, text: string): string {
  const lines = text.split('\n');
  if (hiddenFields(mayLack).length === 0) return text;
  return lines
    .filter((line) => !line.endsWith(' could not be read (not allowed for this API key)'))
    .join('\n');
}

/** A result in which what the NAS has hidden, and a tool declares to be hidden, is null. */
export function withHiddenAsNull(
  { mayLack = [] }: Pick<Tool, 'mayLack'>,
  method: string,
  result: unknown,
): unknown {
  if (result === null || typeof result !== 'object') return result;
  const masked = hiddenFields(mayLack.filter((lack) => lack.method === method)).filter(
    (field) => Reflect.get(result, field) === '********',
  );
  return masked.length === 0
    ? result
    : { ...result, ...Object.fromEntries(masked.map((field) => [field, null])) };
}

function hiddenFields(lacks: readonly Lack[]): string[] {
  return lacks.flatMap(({ field }) => field ?? []);
}
