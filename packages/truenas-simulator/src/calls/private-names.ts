/** Methods that a NAS has and does not publish, as far as it matters whether a caller may know of them. */

const PRIVATE_NAMES = new Set(
  ['query', 'config', 'insert', 'update', 'delete', 'sql', 'execute', 'fetchall'].map(
    (method) => `datastore.${method}`,
  ),
);

/** True for one that is not simulated: whoever may not call it is told so, before it turns out to be missing. */
export function isPrivateName(name: string): boolean {
  return PRIVATE_NAMES.has(name);
}
