/** What the tools send, held against the real API's contract on every release. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import type { Tool } from '../../src/tools/define.ts';
import { openTrueNas, type ReadClient, type TrueNas } from '../../src/truenas/index.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import {
  acceptsProblems,
  describeContract,
  loadContract,
  loadRoles,
  returnsProblems,
} from '../support/contract.ts';
import {
  FAILURE,
  OPEN_TO_EVERY_LOGIN,
  SESSION,
  withHiddenAsNull,
  withoutHiddenFields,
} from '../support/tool-calls.ts';
import { askTool, CURATED_TOOLS, NOW_MS } from '../support/tools.ts';

/** What it reads depends on where a NAS comes from, and most of it on CORE: migration-gaps.test.ts goes through the ways. */
const READS_BY_WAY = new Set(['migration_check']);

const RELEASES = ['25.04', '25.10', '27.0'] as const;

for (const release of RELEASES) {
  describeContract(`tools on ${release}`, () => {
    let simulator: Simulator;
    let client: TrueNas;
    beforeAll(async () => {
      // The least privileged account that is enough: whatever these tools call must be open to it.
      simulator = await startSimulator({ release, roles: ['READONLY_ADMIN'], now: () => NOW_MS });
      const { url, apiKey, username, fingerprint } = simulator;
      client = openTrueNas({
        url,
        apiKey,
        username,
        tls: { fingerprintSha256: fingerprint },
        timeoutMs: 30_000,
        log: silentLog,
      });
    });
    afterAll(async () => {
      await client.close();
      await simulator.close();
    });

    test.each(CURATED_TOOLS.map((tool) => [tool.name, tool] as const))(
      '%s calls what it declares, with parameters that the contract accepts, and gets an answer as READONLY_ADMIN',
      async (name, tool) => {
        const before = simulator.calls().length;
        const failed: string[] = [];
        const misfits: string[] = [];
        for (const { args } of tool.examples) {
          const text = await askTool(checking(client.read, tool, misfits), name, args);
          if (FAILURE.test(withoutHiddenFields(tool, text))) failed.push(`${JSON.stringify(args)}: ${text}`);
        }
        expect(failed).toEqual([]);
        expect(misfits).toEqual([]);
        const calls = simulator
          .calls()
          .slice(before)
          .filter((call) => !SESSION.has(call.method));
        const refused = calls.flatMap(({ method, params }) =>
          acceptsProblems(release, method, params).map(
            (problem) => `${method} ${JSON.stringify(params)}: ${problem}`,
          ),
        );
        expect(refused).toEqual([]);
        const called = [...new Set(calls.map((call) => call.method))].toSorted();
        const declared = (await declaredOn(client, tool.uses)).toSorted();
        const expected = READS_BY_WAY.has(name) ? declared.filter((each) => called.includes(each)) : declared;
        expect(called).toEqual(expected);
      },
    );

    test('every declared method but one is granted to READONLY_ADMIN by the NAS itself', () => {
      const roles = loadRoles(release);
      const { methods } = loadContract(release);
      const notGranted = [...new Set(CURATED_TOOLS.flatMap((tool) => tool.uses))]
        .map((method) => nameInRelease(method, { family: release, version: release }))
        .filter((method) => method in methods)
        .filter((method) => !roles.method_granted[method]?.includes('READONLY_ADMIN'))
        .filter((method) => !(OPEN_TO_EVERY_LOGIN.has(method) && roles.no_authorization.includes(method)));
      // The kind says so to a key that only reads.
      expect(notGranted).toEqual(release === '27.0' ? ['container.image.query_registry'] : []);
    });

    test('no declared method is a job or hands out a file', () => {
      const { methods } = loadContract(release);
      const odd = CURATED_TOOLS.flatMap((tool) => tool.uses).filter((method) => {
        const known = methods[method];
        return known?.job === true || known?.output_pipe === true;
      });
      expect(odd).toEqual([]);
    });
  });

  /**
   * A NAS that cannot fit an answer into its own model (after an alias or a path into a nested object) sends it without
   * hiding secrets, or fails: so the answer to everything that is selected must fit the contract.
   */
  function checking(nas: ReadClient, tool: Tool, misfits: string[]): ReadClient {
    return {
      ...nas,
      // Nothing is kept from one tool to the next.
      origin: undefined,
      async call(method, params, options) {
        const result = await nas.call(method, params, options);
        const name = nameInRelease(method, { family: release, version: release });
        // The older methods of 25.04 are not held to a model.
        if (loadContract(release).methods[name]?.legacy_schema) return result;
        const known = withHiddenAsNull(tool, method, result);
        for (const problem of returnsProblems(release, name, datesAsText(known))) {
          misfits.push(`${name} ${JSON.stringify(params)}: ${problem}`);
        }
        return result;
      },
    };
  }

  async function declaredOn(client: TrueNas, uses: readonly string[]): Promise<string[]> {
    const here: string[] = [];
    for (const method of new Set(uses)) {
      if (await client.read.has(method))
        here.push(nameInRelease(method, { family: release, version: release }));
    }
    return here;
  }
}

function datesAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(datesAsText);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, datesAsText(item)]));
}
