/** A row that is not there is named as the contract names its service. */
import { beforeAll, describe, expect, test } from 'vitest';
import { methodsOf } from '../../src/calls/registry.ts';
import { SIM_RELEASES } from '../../src/releases.ts';
import { describeContract, hasContract, loadContract } from '../support/contract.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

/** Services of two parts, of which the contract has the other's name. */
const OF_TWO_PARTS = new Set(['virt.instance']);

/** A row that no table has, by the kind of its key. */
const ABSENT = { integer: 424_242, string: 'no-such-row' } as const;

describeContract('rows that are not there', () => {
  describe.each(SIM_RELEASES)('on %s', (release) => {
    const nas = withSimulator({ release });
    const contract = hasContract ? loadContract(release) : null;
    const services = contract?.services ?? {};
    const namespaces = [...methodsOf(release).keys()]
      .filter((name) => name.endsWith('.get_instance'))
      .map((name) => name.slice(0, -'.get_instance'.length))
      .filter((namespace) => services[namespace] !== undefined && !OF_TWO_PARTS.has(namespace));
    let connection: RawConnection;

    beforeAll(async () => {
      connection = await nas.connect();
    });

    test.each(namespaces)('%s.get_instance', async (namespace) => {
      const name = services[namespace]?.['verbose_name'];
      const method = `${namespace}.get_instance`;
      const [key] = (contract?.methods[method]?.accepts.prefixItems ?? []) as { type?: string }[];
      const id = key?.type === 'string' ? ABSENT.string : ABSENT.integer;
      await expect(connection.call(method, [id])).rejects.toMatchObject({
        code: -32602,
        data: { extra: [[null, `${String(name)} ${id} does not exist`, 2]] },
      });
    });
  });
});
