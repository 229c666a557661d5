/** Answers of the simulated 24.10 are what its contract says they are, as far as that describes them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { legacyParams } from '../../src/legacy/arguments.ts';
import { legacyMethods } from '../../src/legacy/method-table.ts';
import type { SimMethod } from '../../src/calls/method.ts';
import { describeContract, hasContract } from '../support/contract.ts';
import { type LegacyConnection, connectLegacy } from '../support/legacy.ts';
import { legacyContract, legacyReturnsProblems } from '../support/legacy-contract.ts';
import { withSimulator } from '../support/simulator.ts';

/** The contract of 24.10 says less or otherwise than its methods answer (LEGACY section 6.1). */
const UNLIKE: Readonly<Record<string, string>> = {
  'app.query': 'ports are described as text',
  'audit.config': 'the database has more than is described',
  'catalog.config': 'the executed row has its location',
  'filesystem.acltemplate.query': 'entries have names beside ids',
  'ipmi.lan.query': 'no VLAN is null, not 0',
  'ldap.config': 'the executed row has fields of the database',
  'nfs.config': 'the executed row has fields of the database',
  'reporting.config': 'the executed row has fields of the database',
  'system.is_stable': 'true or false is described as text',
  'user.shell_choices': 'no shell is described',
  'vm.device.query': 'attributes of kinds that are not described',
};

/** Only to look at, and callable without arguments. */
function isPlainRead(method: SimMethod): boolean {
  if (method.job !== undefined || method.isPrivate === true || method.auth === 'none') return false;
  if (
    !/\.(query|config|\w*choices|info|summary|list\w*|status|get_\w+|details|temperatures|results|graphs|is_\w+)$/.test(
      method.name,
    )
  )
    return false;
  return legacyParams('24.10', method).every(([, schema]) => schema.safeParse(undefined).success);
}

describeContract('answers of the simulated 24.10', () => {
  const nas = withSimulator({ release: '24.10' });
  let connection: LegacyConnection;
  const names = hasContract
    ? [...legacyMethods('24.10').values()]
        .filter((method) => isPlainRead(method) && legacyContract('24.10').methods[method.name] !== undefined)
        .map(({ name }) => name)
    : [];

  beforeAll(async () => {
    connection = await connectLegacy(nas.simulator);
  });

  describe('as the contract has them', () => {
    it.each(names)('%s', async (name) => {
      const problems = legacyReturnsProblems(name, await connection.call(name));
      const isKnown = UNLIKE[name] !== undefined;
      expect(isKnown ? problems.length > 0 : problems).toEqual(isKnown ? true : []);
    });
  });
});
