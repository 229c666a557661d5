/**
 * A TrueNAS newer than the simulator, and than this program knows: it is taken for the newest known one. What the tools send
 * then is held against the contract of that newer release.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { openTrueNas, type ReadClient, type TrueNas } from '../../src/truenas/index.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { isAtLeast } from '../../src/truenas/releases.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import { hasMethod } from '../../src/truenas/method-table.ts';
import { acceptsProblems, describeContract, loadContract, loadRoles } from '../support/contract.ts';
import { FAILURE, OPEN_TO_EVERY_LOGIN, SESSION } from '../support/tool-calls.ts';
import { askTool, CURATED_TOOLS, NOW_MS } from '../support/tools.ts';

const NEWER = { family: '28.0', version: '28.0.0-MASTER' };

/** The contract of 28 was recorded before S3 came; its development build has these methods as 27.0 has them. */
const SINCE_RECORDED = /^(?:sharing\.)?s3\./u;
const recordOf = (method: string): '28-dev' | '27.0' => (SINCE_RECORDED.test(method) ? '27.0' : '28-dev');

test('a release from the future counts as newer than every known one', () => {
  expect(isAtLeast({ family: '31.4', version: '31.4.0' }, '28.0')).toBe(true);
});

describeContract('tools on a TrueNAS 28', () => {
  let simulator: Simulator;
  let client: TrueNas;
  beforeAll(async () => {
    simulator = await startSimulator({ release: '27.0', roles: ['READONLY_ADMIN'], now: () => NOW_MS });
    const { url, apiKey, username, fingerprint } = simulator;
    const tls = { fingerprintSha256: fingerprint };
    client = openTrueNas({ url, apiKey, username, tls, timeoutMs: 30_000, log: silentLog });
  });
  afterAll(async () => {
    await client.close();
    await simulator.close();
  });

  /** The 27.0 simulator under the name of its successor. */
  function newer(): ReadClient {
    return { ...client.read, release: async () => NEWER };
  }

  test.each(CURATED_TOOLS.map(({ name, examples }) => [name, examples] as const))(
    '%s sends what the newer contract accepts, and gets an answer',
    async (name, examples) => {
      const before = simulator.calls().length;
      const texts = [];
      for (const { args } of examples) texts.push(await askTool(newer(), name, args));
      expect(texts.filter((text) => FAILURE.test(text))).toEqual([]);
      const calls = simulator
        .calls()
        .slice(before)
        .filter(({ method }) => !SESSION.has(method));
      // A kind of TrueNAS CORE alone is told to be gone, without a call.
      const isGone = texts.every((text) => / has no [a-z ]+ \(it lacks /.test(text));
      expect(calls.length > 0 || isGone).toBe(true);
      expect(
        calls.flatMap(({ method, params }) =>
          acceptsProblems(recordOf(method), method, params).map(
            (problem) => `${method} ${JSON.stringify(params)}: ${problem}`,
          ),
        ),
      ).toEqual([]);
    },
  );

  test('every declared method exists there, and the NAS grants it to READONLY_ADMIN', () => {
    const declared = [...new Set(CURATED_TOOLS.flatMap(({ uses }) => uses))];
    // Tools ask the NAS whether it has these: those of virt are of 25.x, before container.*, jails, plugins, AFP and WebDAV of CORE, the others of 25.04 only.
    expect(declared.filter((name) => !hasMethod(name, NEWER)).toSorted()).toEqual([
      'activedirectory.config',
      'certificateauthority.query',
      'idmap.query',
      'ipmi.sensors.query',
      'jail.query',
      'ldap.config',
      'multipath.query',
      'nis.config',
      'openvpn.client.config',
      'openvpn.server.config',
      'plugin.query',
      'rsyncmod.query',
      'sharing.afp.query',
      'sharing.webdav.query',
      'smart.test.query',
      'smart.test.results',
      'update.check_available',
      'update.get_auto_download',
      'update.get_trains',
      'virt.instance.device_list',
      'virt.instance.image_choices',
      'virt.instance.query',
      'webdav.config',
    ]);
    const used = declared.filter((name) => hasMethod(name, NEWER)).map((name) => nameInRelease(name, NEWER));
    expect(used.filter((name) => !(name in loadContract(recordOf(name)).methods))).toEqual([]);
    expect(
      used.filter((name) => {
        const roles = loadRoles(recordOf(name));
        const isOpen = OPEN_TO_EVERY_LOGIN.has(name) && roles.no_authorization.includes(name);
        return !isOpen && !roles.method_granted[name]?.includes('READONLY_ADMIN');
      }),
    ).toEqual([]);
  });
});
