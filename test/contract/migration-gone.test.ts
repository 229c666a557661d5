/** What migration_check says that a release has no more: the contracts of the releases say the same. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { METHODS_GONE, NAMESPACES_GONE, SETTINGS_GONE } from '../../src/tools/system/migration/gone.ts';
import { contractFolder, describeContract, loadContract } from '../support/contract.ts';

type Methods = Readonly<Record<string, { readonly accepts?: unknown } | undefined>>;

const FAMILIES = ['core-13.3', '24.10', '25.04', '25.10', '26.0', '27.0'] as const;
type Family = (typeof FAMILIES)[number];

const OLDER = { 'core-13.3': 'core13', '24.10': 'v24.10' } as const;
const known = new Map<Family, Methods>();

function methodsOf(family: Family): Methods {
  const methods = known.get(family) ?? read(family);
  known.set(family, methods);
  return methods;
}

function read(family: Family): Methods {
  if (family !== 'core-13.3' && family !== '24.10') return loadContract(family).methods;
  const packed = readFileSync(new URL(`legacy/${OLDER[family]}.json.gz`, contractFolder));
  return (JSON.parse(gunzipSync(packed).toString()) as { methods: Methods }).methods;
}

/** True where the arguments have a field of this name, at any depth. */
function hasField(schema: unknown, name: string): boolean {
  if (schema === null || typeof schema !== 'object') return false;
  if (Array.isArray(schema)) return schema.some((item) => hasField(item, name));
  const { properties } = schema as { properties?: unknown };
  if (properties !== null && typeof properties === 'object' && name in properties) return true;
  return Object.values(schema).some((inner) => hasField(inner, name));
}

describeContract('what is gone', () => {
  const all = Object.entries(METHODS_GONE).flatMap(([family, methods]) =>
    methods.map((method) => [method, family as Family] as const),
  );

  it.each(all)('%s was there before %s, and in no release from it on', (method, family) => {
    const from = FAMILIES.indexOf(family);
    const has = FAMILIES.map((each) => methodsOf(each)[method] !== undefined);
    expect(has.slice(from)).toEqual(has.slice(from).map(() => false));
    expect(has[from - 1]).toBe(true);
  });

  const spaces = Object.entries(NAMESPACES_GONE).flatMap(([family, names]) =>
    names.map((name) => [name, family as Family] as const),
  );

  it.each(spaces)('the namespace %s was there before %s, and in no release from it on', (name, family) => {
    const from = FAMILIES.indexOf(family);
    const has = FAMILIES.map((each) =>
      Object.keys(methodsOf(each)).some((method) => method.slice(0, method.lastIndexOf('.')) === name),
    );
    expect(has.slice(from)).toEqual(has.slice(from).map(() => false));
    expect(has[from - 1]).toBe(true);
  });

  it.each(SETTINGS_GONE.map(({ method, setting }) => [setting, method] as const))(
    '%s of %s is a setting of CORE, and of no later release',
    (setting, method) => {
      const update = method.replace(/config$/u, 'update');
      const has = FAMILIES.map((each) => hasField(methodsOf(each)[update]?.accepts, setting));
      expect(has).toEqual([true, false, false, false, false, false]);
    },
  );
});
