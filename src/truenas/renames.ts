/**
 * Methods by release. The program uses the newest name of a method; a NAS is called by the name its release has.
 * Only renames that kept their arguments and result are here: where these changed too, the tool decides.
 */
import { isAtLeast, type Release } from './releases.ts';

/** One namespace that was renamed: before `since` it was called `before`. */
interface Rename {
  readonly canonical: string;
  readonly since: string;
  readonly before: string;
}

const RENAMED_NAMESPACES: readonly Rename[] = [
  { canonical: 'pool.snapshot.', since: '25.10', before: 'zfs.snapshot.' },
];

/** True when the wire name of a method depends on the release. */
export function isRenamed(method: string): boolean {
  return RENAMED_NAMESPACES.some(({ canonical }) => method.startsWith(canonical));
}

/** The name by which a release knows a method (or an event such as `pool.snapshot.query`). */
export function wireName(method: string, release: Release): string {
  for (const { canonical, since, before } of RENAMED_NAMESPACES) {
    if (method.startsWith(canonical) && !isAtLeast(release, since)) {
      return before + method.slice(canonical.length);
    }
  }
  return method;
}
