import { expect, it } from 'vitest';
import { grantingRoles } from '../../src/auth/granting.ts';
import { ALL_METHODS, methodsOf } from '../../src/calls/registry.ts';
import { SIM_RELEASES } from '../../src/releases.ts';
import { expandRoles, roleTable } from '../../src/auth/roles.ts';
import { describeContract, loadContract, loadRoles } from '../support/contract.ts';

describeContract('roles', () => {
  for (const release of SIM_RELEASES) {
    it(`${release} knows every role and what it includes`, () => {
      const { role_expansion: expected } = loadRoles(release);
      const names = [...roleTable(release).keys()];
      expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
      for (const [role, includes] of Object.entries(expected)) {
        if (role === 'FULL_ADMIN') continue;
        const expanded = [...expandRoles(release, [role])].filter((each) => each !== role);
        expect([role, expanded.toSorted()]).toEqual([
          role,
          includes.filter((each) => each !== role).toSorted(),
        ]);
      }
      expect(expandRoles(release, ['FULL_ADMIN']).size).toBe(names.length);
    });

    it(`${release} grants each method to the roles that the NAS grants it to`, () => {
      const contract = loadRoles(release);
      const simulated: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const method of methodsOf(release).values()) {
        if (method.isPrivate === true) continue;
        const { name } = method;
        const auth = method.auth ?? 'role';
        const roles = grantingRoles(release, method);
        simulated[name] = { auth, roles: auth === 'role' ? roles : [] };
        const isOpen = contract.no_authentication.includes(name);
        const needsNoRole = contract.no_authorization.includes(name);
        const granted = (contract.method_granted[name] ?? []).filter((role) => role !== 'FULL_ADMIN');
        expected[name] = isOpen
          ? { auth: 'none', roles: [] }
          : needsNoRole
            ? { auth: 'login', roles: [] }
            : { auth: 'role', roles: granted.toSorted() };
      }
      expect(simulated).toEqual(expected);
    });

    it(`${release} simulates only methods that the NAS has, as jobs where it has jobs`, () => {
      const { methods } = loadContract(release);
      for (const method of methodsOf(release).values()) {
        if (method.isPrivate === true) continue;
        const real = methods[method.name];
        expect([method.name, real?.job]).toEqual([method.name, method.job !== undefined]);
      }
    });
  }

  it('every simulated method is in some release of the contract', () => {
    const known = new Set(SIM_RELEASES.flatMap((release) => Object.keys(loadContract(release).methods)));
    expect(ALL_METHODS.filter((method) => !known.has(method.name)).map((method) => method.name)).toEqual([]);
  });
});
