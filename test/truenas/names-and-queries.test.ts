import { describe, expect, it } from 'vitest';
import { anyOf, isAtLeast, query } from '../../src/truenas/index.ts';
import { hasMethod } from '../../src/truenas/method-table.ts';
import { parseRelease, UNKNOWN_RELEASE } from '../../src/truenas/releases.ts';
import { isRenamed, nameInRelease } from '../../src/truenas/renames.ts';
import { clientForTest, peerForTest } from './support/client.ts';
import { acceptsProblems, CONTRACT_RELEASES, describeContract, loadContract } from '../support/contract.ts';

const RELEASES = CONTRACT_RELEASES;
const release = (name: string) => {
  const family = name === '28-dev' ? '28.0' : name;
  return { family, version: `TrueNAS-${family}.0` };
};

/** The NAS ran the method, and another one that it called is missing. */
const MISSING_WITHIN = {
  code: -32001,
  message: 'Method call error',
  data: { error: 201, errname: 'ENOMETHOD', reason: '[ENOMETHOD] inner' },
};

describe('releases', () => {
  it.each([
    ['TrueNAS-25.04.2.6', '25.04'],
    ['25.10.1', '25.10'],
    ['TrueNAS-26.0.0-BETA.3', '26.0'],
    ['TrueNAS-27.0.0-RC.1', '27.0'],
    ['27.0.0-RC.1', '27.0'],
    ['TrueNAS-SCALE-24.10.2', '24.10'],
    ['TrueNAS-25.10.0-MASTER-20251122-010203', '25.10'],
    ['TrueNAS-13.0-U6.1', '13.0'],
    ['something else', 'unknown'],
  ])('%s is of the family %s', (version, family) => {
    expect(parseRelease(version)).toEqual({ family, version });
  });

  it('families are compared as numbers, and an unknown one counts as the newest', () => {
    expect(isAtLeast(release('25.10'), '25.04')).toBe(true);
    expect(isAtLeast(release('25.04'), '25.10')).toBe(false);
    expect(isAtLeast(release('26.0'), '25.10')).toBe(true);
    expect(isAtLeast(release('13.0'), '25.04')).toBe(false);
    expect(isAtLeast(UNKNOWN_RELEASE, '27.0')).toBe(true);
  });

  it('a NAS that does not tell its release is taken for the newest', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'pool.snapshot.query') return call.result([]);
        if (call.method !== 'system.version') return 'unhandled';
        call.error({
          code: -32001,
          message: 'Method call error',
          data: { error: 13, errname: 'EACCES', reason: 'no' },
        });
      },
    });
    const nas = clientForTest(peer.url);
    expect(await nas.read.release()).toEqual(UNKNOWN_RELEASE);
    expect(await nas.read.call('pool.snapshot.query')).toEqual([]);
    expect(await nas.read.has('container.query')).toBe(true);
    expect(peer.callsOf('system.version')).toHaveLength(1);
  });

  it.each(['TrueNAS-27.0.0-RC.1', 'TrueNAS-25.04.1'])(
    '%s that knows a renamed method by its other name is called by that one from then on',
    async (version) => {
      const known = version.includes('25.04') ? 'pool.snapshot.query' : 'zfs.snapshot.query';
      const peer = await peerForTest({
        script(call) {
          if (call.method === 'system.version') return call.result(version);
          return call.method === known ? call.result(['row']) : 'unhandled';
        },
      });
      const nas = clientForTest(peer.url);
      for (let round = 0; round < 3; round += 1)
        expect(await nas.read.call('pool.snapshot.query')).toEqual(['row']);
      expect(await nas.read.has('pool.snapshot.query')).toBe(true);
      expect(peer.methods().filter((method) => method.endsWith('snapshot.query'))).toHaveLength(4);
    },
  );

  it('a renamed write is sent by its other name only when the NAS did not know the first', async () => {
    const peer = await peerForTest({
      script(call) {
        if (call.method !== 'pool.snapshot.create') return 'unhandled';
        call.error({ code: -32001, message: 'Method call error', data: { error: 14, reason: 'full' } });
      },
    });
    const nas = clientForTest(peer.url);
    await expect(nas.write.write('pool.snapshot.create')).rejects.toMatchObject({ nasText: 'full' });
    expect(peer.methods()).not.toContain('zfs.snapshot.create');
  });

  it('a method that the NAS does not know is not there, whatever its release is said to have, until the next connection', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'pool.create' ? call.error(MISSING_WITHIN) : 'unhandled'),
    });
    const nas = clientForTest(peer.url);
    expect(await nas.read.has('app.query')).toBe(true);
    await expect(nas.read.call('app.query')).rejects.toMatchObject({ kind: 'method-missing' });
    expect(await nas.read.has('app.query')).toBe(false);
    await expect(nas.write.write('pool.create')).rejects.toMatchObject({ kind: 'method-missing' });
    expect(await nas.read.has('pool.create')).toBe(true);
    for (const socket of peer.sockets) socket.terminate();
    await expect.poll(() => nas.status().state).not.toBe('ready');
    expect(await nas.read.has('app.query')).toBe(true);
  });

  it('snapshots have their old name before 25.10', () => {
    expect(nameInRelease('pool.snapshot.query', release('25.04'))).toBe('zfs.snapshot.query');
    expect(nameInRelease('pool.snapshot.query', release('25.10'))).toBe('pool.snapshot.query');
    expect(nameInRelease('pool.snapshottask.query', release('25.04'))).toBe('pool.snapshottask.query');
    expect(isRenamed('pool.query')).toBe(false);
    expect(nameInRelease('pool.scan', release('25.10'))).toBe('zfs.pool.scan');
    expect(isRenamed('pool.scans')).toBe(false);
  });
});

describeContract('the table of methods by release', () => {
  it.each(RELEASES)('never denies a method that %s has', (family) => {
    const denied = Object.keys(loadContract(family).methods).filter(
      (name) => !hasMethod(name, release(family)),
    );
    expect(denied).toEqual([]);
  });

  it.each(RELEASES)('the wire names exist on %s', (family) => {
    const { methods } = loadContract(family);
    const names = Object.keys(loadContract('27.0').methods).filter(
      (name) => isRenamed(name) && hasMethod(name, release(family)),
    );
    expect(names.length).toBeGreaterThan(5);
    expect(
      names.map((name) => nameInRelease(name, release(family))).filter((name) => !(name in methods)),
    ).toEqual([]);
  });

  it.each([
    ['nvmet.subsys.query', ['25.10', '26.0', '27.0', '28-dev']],
    ['container.query', ['26.0', '27.0', '28-dev']],
    ['virt.instance.query', ['25.04', '25.10']],
    ['smart.test.results', ['25.04']],
    ['service.control', ['25.10', '26.0', '27.0', '28-dev']],
    ['service.start', ['25.04', '25.10']],
    ['zfs.resource.snapshot.query', ['26.0', '27.0', '28-dev']],
    ['zfs.resource.query', ['25.10', '26.0', '27.0', '28-dev']],
    ['update.check_available', ['25.04']],
    ['sharing.webshare.query', ['26.0', '27.0', '28-dev']],
    ['vm.reset', ['28-dev']],
    ['app.query', ['25.04', '25.10', '26.0', '27.0', '28-dev']],
  ])('%s is on %j, as the contract has it', (name, families) => {
    expect(RELEASES.filter((family) => hasMethod(name, release(family)))).toEqual(families);
    expect(RELEASES.filter((family) => name in loadContract(family).methods)).toEqual(families);
  });

  it.each(RELEASES)('the renamed events exist on %s', (family) => {
    const { events } = loadContract(family);
    for (const name of ['pool.snapshot.query', 'pool.scan']) {
      expect(Object.keys(events)).toContain(nameInRelease(name, release(family)));
    }
  });

  it.each(RELEASES)('every part of a query is accepted by %s', (family) => {
    const params = query({
      filters: [
        ['name', 'C^', 'ta'],
        anyOf(
          ['id', 'in', [1, 2]],
          [['status', '!=', 'ONLINE'], anyOf(['healthy', '=', false], ['name', '$', 'k'])],
        ),
      ],
      select: ['name', ['topology.data', 'data']],
      orderBy: ['name', '-nulls_last:size'],
      limit: 10,
      offset: 20,
      count: false,
      get: false,
      extra: {},
    });
    expect(acceptsProblems(family, 'pool.query', params)).toEqual([]);
  });
});

describe('queries', () => {
  it('absent parts are left out of the call', () => {
    expect(query()).toEqual([[], {}]);
    expect(query({ limit: 5, count: undefined })).toEqual([[], { limit: 5 }]);
    expect(query({ filters: [['id', '=', 1]], get: true, orderBy: ['id'] })).toEqual([
      [['id', '=', 1]],
      { get: true, order_by: ['id'] },
    ]);
  });

  it('no alternative at all is a mistake of the caller', () => {
    expect(() => anyOf()).toThrow(RangeError);
  });
});
