import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SimMethod } from '../../src/calls/method.ts';
import { API_KEY_METHODS } from '../../src/methods/api-key.ts';
import { AUTH_METHODS } from '../../src/methods/auth.ts';
import { CORE_METHODS } from '../../src/methods/core.ts';
import { GROUP_METHODS } from '../../src/methods/group.ts';
import { PRIVILEGE_METHODS } from '../../src/methods/privilege.ts';
import { USER_METHODS } from '../../src/methods/user.ts';
import { USER_PASSWORD_METHODS } from '../../src/methods/user-password.ts';
import { SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { describeContract, hasContract, loadContract } from '../support/contract.ts';
import { disagreement, mutatedParams, validParams } from '../support/schema-arbitrary.ts';

const OWN: readonly SimMethod[] = [
  ...CORE_METHODS,
  ...AUTH_METHODS,
  ...API_KEY_METHODS,
  ...USER_METHODS,
  ...USER_PASSWORD_METHODS,
  ...GROUP_METHODS,
  ...PRIVILEGE_METHODS,
];

const RUNS = 15;

function methodsIn(release: SimRelease): SimMethod[] {
  if (!hasContract) return [];
  const { methods } = loadContract(release);
  return OWN.filter((method) => method.releases?.includes(release) !== false && method.name in methods);
}

describeContract('parameters are taken and refused as the contract does', () => {
  for (const release of SIM_RELEASES) {
    it.each(methodsIn(release).map((method) => [method.name, method] as const))(
      `${release} %s`,
      (name, method) => {
        const check = (params: unknown[]): void => {
          expect(disagreement(release, method, params)).toBeNull();
        };
        fc.assert(fc.property(validParams(release, name), check), { numRuns: RUNS, seed: 7 });
        fc.assert(fc.property(mutatedParams(release, name), check), { numRuns: RUNS * 2, seed: 7 });
      },
    );
  }
});
