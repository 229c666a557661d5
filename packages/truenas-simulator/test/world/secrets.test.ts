/** Secrets are there for those who may change them, and stars for those who may only look. */
import { beforeAll, describe, expect, test } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { describeContract, loadContract } from '../support/contract.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

const STARS = '********';

describe.each(SIM_RELEASES)('secrets of %s', (release) => {
  const full = withSimulator({ release });
  const read = withSimulator({ release, roles: ['READONLY_ADMIN'] });
  let admin: RawConnection;
  let reader: RawConnection;

  beforeAll(async () => {
    [admin, reader] = await Promise.all([full.connect(), read.connect()]);
  });

  describeContract('that the contract marks', () => {
    test('stand in the clear for an administrator and nowhere for a reader', async () => {
      const { methods } = loadContract(release);
      let compared = 0;
      const known = Object.keys(await admin.call('core.get_methods')).filter((name) =>
        /\.(query|config)$/.test(name),
      );
      for (const name of known) {
        const paths = secretPaths(methods[name]?.returns ?? {});
        if (paths.length === 0 || name.startsWith('user.') || name.startsWith('api_key.')) continue;
        const params = name === 'disk.query' ? [[], { extra: { passwords: true } }] : [];
        const [clear, starred] = [await admin.call(name, params), await reader.call(name, params)];
        for (const path of paths) {
          const before = valuesAt(clear, path);
          const after = valuesAt(starred, path);
          expect([name, path, after.filter((value) => value !== STARS && value !== null)]).toEqual([
            name,
            path,
            [],
          ]);
          expect(before).not.toContain(STARS);
          compared += after.length;
        }
      }
      expect(compared).toBeGreaterThan(release === '25.04' ? 5 : 15);
    });
  });
});

type Node = Record<string, unknown>;

/** Where `x-secret` sits below the rows of a result schema. */
function secretPaths(schema: Node): string[][] {
  const definitions = (schema.$defs ?? {}) as Record<string, Node>;
  const found = new Map<string, string[]>();
  const visit = (node: Node, path: string[], depth: number): void => {
    if (depth > 12) return;
    if (typeof node.$ref === 'string') {
      visit(definitions[node.$ref.split('/').at(-1) ?? ''] ?? {}, path, depth + 1);
      return;
    }
    // Secret for one kind of provider, plain for the ones this NAS uses.
    if (path.at(-1) === 'endpoint') return;
    if (node['x-secret'] === true && path.length > 0) {
      found.set(path.join('.'), path);
      return;
    }
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      for (const branch of (node[key] ?? []) as Node[]) visit(branch, path, depth + 1);
    }
    if (node.items !== undefined) visit(node.items as Node, path, depth + 1);
    for (const [key, value] of Object.entries((node.properties ?? {}) as Record<string, Node>)) {
      visit(value, [...path, key], depth + 1);
    }
  };
  visit(schema, [], 0);
  return [...found.values()];
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  if (value === null || typeof value !== 'object' || !(key in value)) return [];
  return valuesAt((value as Node)[key], rest);
}
