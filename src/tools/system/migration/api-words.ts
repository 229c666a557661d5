/** Calls of the API in a command that the target does not answer any more. */
import { enters, FIRST_SCALE, type UpgradePath } from '../upgrade-steps.ts';
import { goneFrom } from './gone.ts';

const CALL = /\bmidclt\s+(?:-\S+\s+)*call\s+(?:-\S+\s+)*["']?([a-z][\w.]*\.\w+)/giu;
const REST = /\/api\/v[12]\.0\b/u;
/** From here on there is no REST API. */
const WITHOUT_REST = '26.0';
/** What 24.10 lacks has no release of Linux that anybody moves to. */
const OLDEST_KNOWN = '24.10';

/** Names of what it calls and the way drops, each once. */
export function goneCalls(command: string, path: UpgradePath): string[] {
  const methods = [...command.matchAll(CALL)].map(([, method = '']) => method.toLowerCase());
  const isDropped = (family: string): boolean =>
    enters(path, family === OLDEST_KNOWN ? FIRST_SCALE : family) === true;
  const gone = methods.filter((method) => isDropped(goneFrom(method) ?? ''));
  return [...new Set([...gone, ...(REST.test(command) && isDropped(WITHOUT_REST) ? ['REST'] : [])])];
}
