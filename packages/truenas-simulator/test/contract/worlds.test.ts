/** Every world answers as the contract of its release says, also where it holds nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { paramsOf } from '../../src/schema/arguments.ts';
import { NAS_METHODS } from '../../src/methods/index.ts';
import { methodsOf } from '../../src/calls/registry.ts';
import { SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { WORLD_NAMES } from '../../src/worlds/index.ts';
import { describeContract, hasContract, loadContract, returnsProblems } from '../support/contract.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

/** Described otherwise than answered on 25.04, in need of a limit, or ending the connection: returns.test.ts says why. */
const NOT_HERE = new Set(['audit.config', 'audit.query', 'system.general.ui_restart']);

/** Those of the mixed world are in returns.test.ts. */
const OTHERS = WORLD_NAMES.filter((name) => name !== 'mixed');

/** What a NAS without apps, or without anybody who could use SMB, refuses. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'app.available_space': ['office', 'bare'],
  'sharing.smb.share_precheck': ['bare'],
};

/** Methods that only look and need no arguments. */
function looks(release: SimRelease): string[] {
  const contract = hasContract ? loadContract(release) : null;
  return NAS_METHODS.filter(({ releases }) => releases?.includes(release) ?? true).flatMap(({ name }) => {
    const known = contract?.methods[name];
    const method = methodsOf(release).get(name);
    if (known === undefined || known.job || method === undefined || NOT_HERE.has(name)) return [];
    return paramsOf(method, release).every(([, schema]) => schema.safeParse(undefined).success) ? [name] : [];
  });
}

describeContract('answers of every world', () => {
  describe.each(OTHERS.flatMap((world) => SIM_RELEASES.map((release) => ({ world, release }))))(
    '$world on $release',
    ({ world, release }) => {
      const nas = withSimulator({ release, world });
      let connection: RawConnection;

      beforeAll(async () => {
        connection = await nas.connect();
      });

      const refused = looks(release).filter((name) => REFUSED[name]?.includes(world) === true);
      const answered = looks(release).filter((name) => !refused.includes(name));

      test.each(refused)('%s is refused', async (name) => {
        await expect(connection.call(name, [])).rejects.toThrow(/Method call error|Invalid params/);
      });

      test.each(answered)('%s', async (name) => {
        expect(returnsProblems(release, name, await connection.call(name, []))).toEqual([]);
      });
    },
  );
});
