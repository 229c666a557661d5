/** Every answer of the simulated NAS is what the contract of that release says it is. */
import { beforeAll, describe, expect, test } from 'vitest';
import { paramsOf } from '../../src/schema/arguments.ts';
import { NAS_METHODS } from '../../src/methods/index.ts';
import { methodsOf } from '../../src/calls/registry.ts';
import { SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { describeContract, hasContract, loadContract, returnsProblems } from '../support/contract.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

/** Names of the simulated NAS methods of a release that only look and need no arguments of their own. */
function namesOf(release: SimRelease): string[] {
  return NAS_METHODS.filter(({ releases }) => releases?.includes(release) ?? true).map(({ name }) => name);
}

/** 25.04 describes it in its older style, and answers more and otherwise than that says. */
const UNLIKE_25_04 = new Set(['audit.config']);
/** From 25.10 on it wants a limit, which its schema does not say: test/methods/audit.test.ts holds its answers. */
const WANTS_LIMIT = new Set(['audit.query']);

/** Cuts the connection by which it is called: test/methods/certificates.test.ts holds what it answers. */
const ENDS_CONNECTIONS = new Set(['system.general.ui_restart']);

/** Has rows only on an appliance: test/methods/enclosure.test.ts holds its answers. */
const EMPTY_AT_FIRST = new Set(['enclosure2.query']);

/** Their schemas know neither a number of rows nor one row by itself. */
const ROWS_ONLY = new Set(['fcport.status', 'ipmi.sensors.query']);

/** Every row of a short list, some dozens of a long one. */
function sampled(_row: unknown, index: number, rows: readonly unknown[]): boolean {
  return index % Math.ceil(rows.length / 25) === 0;
}

/** True when the simulated method can be called with no arguments. */
function takesNothing(release: SimRelease, name: string): boolean {
  const method = methodsOf(release).get(name);
  if (method === undefined) return false;
  return paramsOf(method, release).every(([, schema]) => schema.safeParse(undefined).success);
}

describeContract('answers of the simulated NAS', () => {
  describe.each(SIM_RELEASES)('of %s', (release) => {
    const nas = withSimulator({ release });
    let connection: RawConnection;

    beforeAll(async () => {
      connection = await nas.connect();
    });

    const queries = namesOf(release).filter((name) => methodsOf(release).get(name)?.filterable === true);

    test.each(queries)('%s: all rows, a count, one row, and each by get_instance', async (name) => {
      const rows = await connection.call(name, []);
      expect(returnsProblems(release, name, rows)).toEqual([]);
      if (EMPTY_AT_FIRST.has(name)) return;
      expect(rows.length).toBeGreaterThan(0);
      const count = await connection.call(name, [[], { count: true }]);
      if (ROWS_ONLY.has(name)) return;
      expect(returnsProblems(release, name, count)).toEqual([]);
      const one = await connection.call(name, [[], { get: true }]);
      expect(returnsProblems(release, name, one)).toEqual([]);
      const instance = name.replace(/query$/, 'get_instance');
      const isListed = name.endsWith('.query') && namesOf(release).includes(instance);
      for (const row of isListed ? rows.filter(sampled) : []) {
        const answer = await connection.call(instance, [row.identifier ?? row.id]);
        expect(returnsProblems(release, instance, answer)).toEqual([]);
        expect(Object.keys(answer).sort()).toEqual(Object.keys(row).sort());
      }
    });

    test('core.get_jobs has jobs done, failed, aborted and under way, with error texts and progress', async () => {
      const rows = await connection.call('core.get_jobs');
      // The schema of 25.04 knows neither nulls nor message_ids; its jobs have both.
      const problems = release === '25.04' ? [] : returnsProblems(release, 'core.get_jobs', rows);
      expect(problems).toEqual([]);
      const states = new Set(rows.map(({ state }: { state: string }) => state));
      expect(states).toEqual(new Set(['SUCCESS', 'FAILED', 'ABORTED', 'RUNNING']));
      const byState = (wanted: string) => rows.filter(({ state }: { state: string }) => state === wanted);
      for (const job of byState('FAILED')) expect(job.error).toMatch(/^\[E[A-Z]+\] /);
      for (const job of byState('RUNNING')) expect(job.progress.percent).toBeGreaterThan(0);
    });

    const contract = hasContract ? loadContract(release) : null;
    const plain = namesOf(release).filter((name) => {
      const method = contract?.methods[name];
      if (method === undefined || method.job || queries.includes(name) || ENDS_CONNECTIONS.has(name))
        return false;
      if ((release === '25.04' ? UNLIKE_25_04 : WANTS_LIMIT).has(name)) return false;
      return takesNothing(release, name);
    });

    test.each(plain)('%s without arguments', async (name) => {
      const answer = await connection.call(name, []);
      expect(returnsProblems(release, name, answer)).toEqual([]);
    });
  });
});
