/** The methods of the older releases are those of their contracts: names, kinds, parameters, and who may call them. */
import { describe, expect, it } from 'vitest';
import { legacyParams } from '../../src/legacy/arguments.ts';
import { legacyMethods } from '../../src/legacy/method-table.ts';
import { rolesOf2410 } from '../../src/legacy/roles.ts';
import type { LegacyRelease } from '../../src/releases.ts';
import type { Contract } from '../support/contract.ts';
import { describeContract, hasContract, readContractFile } from '../support/contract.ts';
import { legacyContract } from '../support/legacy-contract.ts';

/** The releases with a contract of their own. */
const RELEASES: readonly LegacyRelease[] = ['24.10', 'core-13.3'];

/** It answers before it is a job: without a pipe nothing can be uploaded. */
const NO_JOB_HERE = ['config.upload'];

/** Changes may call their parameters as newer releases do. */
const WRITES =
  /\.(create|update|delete|start|stop|lock|unlock|set\w+|chown|sync|run|by_path|reboot|shutdown|restart|reload)$/;

describeContract('methods of the older releases', () => {
  describe.each(RELEASES)('%s', (release) => {
    const contract: Contract['methods'] = hasContract ? legacyContract(release).methods : {};
    const own = hasContract ? [...legacyMethods(release).values()] : [];
    const shared = own.flatMap((method) => {
      const described = contract[method.name];
      return described === undefined ? [] : [{ method, described }];
    });

    it('has none that the release has not', () => {
      const foreign = own.filter(({ name, isPrivate }) => isPrivate !== true && !(name in contract));
      expect(foreign.map(({ name }) => name)).toEqual([]);
    });

    it('publishes what the release publishes', () => {
      const hidden = shared.filter(({ method }) => method.isPrivate === true);
      expect(hidden.map(({ method }) => method.name)).toEqual([]);
    });

    it('has the same jobs and queries', () => {
      const other = shared.filter(
        ({ method, described }) =>
          described.job !== (method.job !== undefined) ||
          described.filterable !== (method.filterable === true),
      );
      expect(other.map(({ method }) => method.name)).toEqual(NO_JOB_HERE);
    });

    it('asks for a sign-in where the release does', () => {
      const other = shared.filter(
        ({ method, described }) => described.authentication_required !== (method.auth !== 'none'),
      );
      expect(other.map(({ method }) => method.name)).toEqual([]);
    });

    it('calls parameters of reads what the release calls them', () => {
      const other = shared.flatMap(({ method, described }) => {
        const names = legacyParams(release, method).map(([name]) =>
          described.legacy_schema === true && method.filterable === true ? shownName(name) : name,
        );
        const expected = described.params.map(({ name }) => name);
        const isKnown = WRITES.test(method.name);
        return isKnown || names.join() === expected.join() ? [] : [`${method.name}: ${names.join()}`];
      });
      expect(other).toEqual([]);
    });
  });

  it('24.10 grants to a reading administrator what the release grants', () => {
    const contract = legacyContract('24.10').methods;
    const reading = rolesOfReader();
    const other = [...legacyMethods('24.10').values()].filter((method) => {
      const described = contract[method.name];
      if (described === undefined || (method.auth ?? 'role') !== 'role') return false;
      const isGranted = described.roles.some((role) => reading.has(role));
      return rolesOf2410(method).includes('READONLY_ADMIN') !== isGranted;
    });
    expect(other.map(({ name }) => name)).toEqual([]);
  });

  it('24.10 lets every signed-in user call what needs no role there, and nothing else', () => {
    const contract = legacyContract('24.10').methods;
    const other = [...legacyMethods('24.10').values()].filter((method) => {
      const described = contract[method.name];
      if (described === undefined || method.auth === 'none') return false;
      return (method.auth === 'login') === described.authorization_required;
    });
    expect(other.map(({ name }) => name)).toEqual([]);
  });
});

/** As complaints show it. */
function shownName(name: string): string {
  if (name === 'filters') return 'query-filters';
  return name === 'options' ? 'query-options' : name;
}

/** What READONLY_ADMIN includes. */
function rolesOfReader(): ReadonlySet<string> {
  const { roles } = JSON.parse(readContractFile('legacy/roles-24.10.json')).versions['24.10'];
  const found = new Set<string>();
  const add = (role: string): void => {
    if (found.has(role)) return;
    found.add(role);
    for (const included of roles[role].includes) add(included);
  };
  add('READONLY_ADMIN');
  return found;
}
