import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** One package of the lock file. */
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  /** True for a workspace: `resolved` is its folder. */
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };

describe('the lock file', () => {
  it('knows the native parts of every platform, or npm ci refuses to install on a clean machine', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry, so that everyone installs from their own', () => {
    const resolved = Object.values(packages).filter(
      (entry) => entry.link !== true && entry.resolved !== undefined,
    );
    expect(resolved).toEqual([]);
  });
});
