import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isReadable } from '../../src/policy/classes.ts';
import { denialFor } from '../../src/policy/denials.ts';
import { ALWAYS_SENT, FLAGS_BY_POSITION, isWideningFlag } from '../../src/policy/risk/flags.ts';
import { judge, rolesOf } from '../../src/policy/risk/index.ts';
import { parseRelease } from '../../src/truenas/releases.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import type { Rule } from '../../src/policy/risk/rule.ts';
import { judgedMethods, ruleOf } from '../../src/policy/risk/table.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';
import { fieldsOf, unjudgedFields, unknownFields } from '../support/risk-fields.ts';

const listFile = new URL('./risk-unjudged.json', import.meta.url);

/** What counts as running code because nobody judged it: methods, and fields of judged methods. */
interface Unjudged {
  readonly methods: readonly string[];
  readonly fields: readonly string[];
}

/** Methods that do more than read on some release, and are not denied as such. */
function mutatingMethods(): string[] {
  const names = CONTRACT_RELEASES.flatMap((release) => {
    const granted = loadRoles(release).method_granted;
    return Object.keys(loadContract(release).methods).filter(
      (name) => !isReadable({ name, roles: granted[name] ?? [] }),
    );
  });
  return [...new Set(names)].filter((name) => denialFor(name)?.isWholeMethod !== true).sort();
}

function foundUnjudged(): Unjudged {
  const fields = judgedMethods().flatMap((method) =>
    CONTRACT_RELEASES.flatMap((release) => {
      const schema = loadContract(release).methods[method];
      return schema === undefined ? [] : unjudgedFields(method, schema);
    }),
  );
  return {
    methods: mutatingMethods().filter((name) => ruleOf(name) === undefined),
    fields: [...new Set(fields)].sort(),
  };
}

describeContract('the table of risks against the contract', () => {
  it('every mutating method and every field of it is judged, or listed as unjudged (RISK_UPDATE=1 writes the list)', () => {
    const found = foundUnjudged();
    if (process.env['RISK_UPDATE'] === '1') writeFileSync(listFile, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(listFile, 'utf8')) as Unjudged);
  });

  it.each(CONTRACT_RELEASES)('an unjudged method or field of %s counts as running code', (release) => {
    const { methods } = loadContract(release);
    const listed = JSON.parse(readFileSync(listFile, 'utf8')) as Unjudged;
    const milder = listed.methods.filter(
      (method) => methods[method] !== undefined && judge([{ method, params: [] }]).risk !== 'executes',
    );
    expect(milder).toEqual([]);
  });

  it('no method or field is judged that no release has', () => {
    const problems = judgedMethods().flatMap((method) => {
      const known = CONTRACT_RELEASES.flatMap((release) => loadContract(release).methods[method] ?? []);
      if (known.length === 0) return [method];
      return unknownFields(method, new Set(known.flatMap((schema) => [...fieldsOf(schema)])));
    });
    expect(problems).toEqual([]);
  });

  it('values are judged as one, with all that is in them, in these places only', () => {
    const wholes = judgedMethods().flatMap((method) =>
      (ruleOf(method)?.params ?? []).flatMap((rule, at) => wholePlaces(rule, `${method} ${at}`)),
    );
    expect(
      wholes
        .map((place) => place.replace(/^.* \d+(?:\[\])?\.?/, ''))
        .filter((place, index, all) => all.indexOf(place) === index)
        .sort(),
    ).toEqual([
      'custom_compose_config',
      'generate_key',
      'key',
      'key_file',
      'options.remote_path',
      'options.values',
      'passphrase',
      'passwd',
      'pbkdf2iters',
      'snapshots',
      'values',
    ]);
  });

  it('flags by position are those of the contract', () => {
    const mutating = new Set(mutatingMethods());
    const found = CONTRACT_RELEASES.flatMap((release) =>
      Object.entries(loadContract(release).methods).flatMap(([method, { params }]) =>
        !mutating.has(method)
          ? []
          : params.flatMap(({ name }, at) => (isWideningFlag(name) ? [`${method} ${at} ${name}`] : [])),
      ),
    );
    const named = Object.entries(FLAGS_BY_POSITION).flatMap(([method, names]) =>
      names.flatMap((name, at) => (name === undefined ? [] : [`${method} ${at} ${name}`])),
    );
    expect(named.sort()).toEqual([...new Set(found)].sort());
  });

  it('an option that deletes or hides a failure unless it is sent is always sent', () => {
    const mutating = new Set(mutatingMethods());
    const dangerous = CONTRACT_RELEASES.flatMap((release) =>
      Object.entries(loadContract(release).methods).flatMap(([method, { accepts }]) =>
        !mutating.has(method) ? [] : flagsOnByDefault(accepts).map((name) => `${method} ${name}`),
      ),
    );
    const sent = Object.entries(ALWAYS_SENT).flatMap(([method, { names }]) =>
      names.map((name) => `${method} ${name}`),
    );
    // An rsync task goes into folders by default; that neither deletes nor hides anything.
    const found = new Set(dangerous.filter((option) => option !== 'rsynctask.create recursive'));
    expect([...found].sort()).toEqual(sent.sort());
  });

  it.each(CONTRACT_RELEASES)('each role that is named grants the method on %s', (release) => {
    const { method_granted: granted } = loadRoles(release);
    const { methods } = loadContract(release);
    const wrong = judgedMethods().flatMap((method) => {
      const known = parseRelease(`${release}.0`);
      const name = nameInRelease(method, known);
      if (!(name in methods)) return [];
      const roles = granted[name] ?? [];
      return rolesOf(method, known)
        .filter((role) => role !== 'FULL_ADMIN' && !roles.includes(role))
        .map((role) => `${method} is not granted by ${role}`);
    });
    expect(wrong).toEqual([]);
  });

  it('snapshots are cloned, rolled back, held and released by full administrators only on 25.04', () => {
    const verbs = ['clone', 'rollback', 'hold', 'release'];
    const on = (release: string) =>
      verbs.map((verb) => rolesOf(`pool.snapshot.${verb}`, parseRelease(`${release}.0`)).join(' or '));
    expect(on('25.04')).toEqual(['FULL_ADMIN', 'FULL_ADMIN', 'FULL_ADMIN', 'FULL_ADMIN']);
    expect(on('27.0')).toEqual([
      'DATASET_WRITE or SNAPSHOT_WRITE',
      'SNAPSHOT_WRITE or POOL_WRITE',
      'SNAPSHOT_WRITE',
      'SNAPSHOT_WRITE',
    ]);
    expect(rolesOf('zfs.snapshot.hold', parseRelease('25.04.0'))).toEqual(['FULL_ADMIN']);
  });

  it('a method that a narrower role grants on the newest release is not said to need FULL_ADMIN', () => {
    const { method_granted: granted } = loadRoles('27.0');
    const wrong = judgedMethods().filter((method) => {
      const roles = (granted[method] ?? []).filter(
        (role) => role !== 'FULL_ADMIN' && !role.endsWith('_ADMIN'),
      );
      return roles.length > 0 && rolesOf(method, parseRelease('27.0.0'))[0] === 'FULL_ADMIN';
    });
    expect(wrong).toEqual([]);
  });
});

/** Where a rule judges a value as one. */
function wholePlaces(rule: Rule, place: string): string[] {
  if (rule.isWhole === true) return [place];
  if (rule.isTree === true) return [];
  return [
    ...Object.entries(rule.fields ?? {}).flatMap(([name, inner]) => wholePlaces(inner, `${place}.${name}`)),
    ...(rule.item === undefined ? [] : wholePlaces(rule.item, `${place}[]`)),
    ...(rule.values === undefined ? [] : wholePlaces(rule.values, `${place}{}`)),
  ];
}

/** Names of widening flags whose default is on. */
function flagsOnByDefault(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  return Object.entries(schema).flatMap(([key, inner]) => {
    const named =
      key === 'properties' && inner !== null && typeof inner === 'object'
        ? Object.entries(inner as Record<string, { default?: unknown } | null>).flatMap(([name, property]) =>
            isWideningFlag(name) && property?.default === true ? [name] : [],
          )
        : [];
    return [...named, ...flagsOnByDefault(inner)];
  });
}
