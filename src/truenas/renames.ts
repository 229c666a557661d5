/**
 * Names by release. The program uses the newest name of a method or event; a NAS is called by the name its release has.
 * Only renames that kept arguments and result are here: where these changed too, the tool decides.
 */
import { isAtLeast, type Release } from './releases.ts';

/** One name, or a namespace if it ends in a dot: before `since` it was called `before`. */
interface Rename {
  readonly canonical: string;
  readonly since: string;
  readonly before: string;
}

const RENAMES: readonly Rename[] = [
  { canonical: 'pool.snapshot.', since: '25.10', before: 'zfs.snapshot.' },
  // An event: the progress of scrubs and resilvers. A NAS takes a subscription to any name and then stays silent, so only
  // its release tells which of the two it sends.
  { canonical: 'pool.scan', since: '26.0', before: 'zfs.pool.scan' },
];

/** True when the name of a method or event depends on the release. */
export function isRenamed(name: string): boolean {
  return renameOf(name) !== undefined;
}

/** The name by which a release knows a method, or an event such as `pool.snapshot.query`. */
export function nameInRelease(name: string, release: Release): string {
  return namesIn(release, name)[0];
}

/** The newest name of a method that is called by its name of any release. */
export function canonicalName(name: string): string {
  const rename = RENAMES.find(({ before, canonical }) =>
    canonical.endsWith('.') ? name.startsWith(before) : name === before,
  );
  return rename === undefined ? name : rename.canonical + name.slice(rename.before.length);
}

/** The name of a method in a release, then the name that it has in other releases. */
export function namesIn(release: Release, name: string): readonly [expected: string, other: string] {
  const rename = renameOf(name);
  if (rename === undefined) return [name, name];
  const old = rename.before + name.slice(rename.canonical.length);
  return isAtLeast(release, rename.since) ? [name, old] : [old, name];
}

function renameOf(name: string): Rename | undefined {
  return RENAMES.find(({ canonical }) =>
    canonical.endsWith('.') ? name.startsWith(canonical) : name === canonical,
  );
}
