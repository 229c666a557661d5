/** What an API key of 24.10 may do: its allow-list, and nothing besides. */
import type { AllowlistItem } from '../auth/account-store.ts';
import type { SimSession } from '../session/session-state.ts';

/** True when the key that signed in may call the method. */
export function mayCallByKey(session: SimSession, method: string): boolean {
  return isAllowed(session, 'CALL', method);
}

/** True when the key that signed in may hear the event. */
export function maySubscribe(session: SimSession, event: string): boolean {
  return isAllowed(session, 'SUBSCRIBE', event);
}

/** True for a list that allows everything. */
export function isFullAccess(allowlist: readonly AllowlistItem[]): boolean {
  return allowlist.some(({ method, resource }) => method === '*' && resource === '*');
}

function isAllowed(session: SimSession, verb: string, resource: string): boolean {
  const allowlist = session.privilege?.allowlist ?? [];
  return allowlist.some(
    (item) => (item.method === '*' || item.method === verb) && matches(item.resource, resource),
  );
}

/** `*` stands for any text. */
function matches(pattern: string, resource: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's').test(resource);
}
