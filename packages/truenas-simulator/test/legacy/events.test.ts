/** Events of the older releases: flat, without fields on one, with everything on the other. */
import { describe, expect, it } from 'vitest';
import { connectLegacy } from '../support/legacy.ts';
import { finishedJob } from '../support/jobs.ts';
import { withSimulator } from '../support/simulator.ts';

describe.each(['24.10', 'core-13.3', '25.10'] as const)('events of %s', (release) => {
  const nas = withSimulator({ release });

  it('tell of a changed row as the release does', async () => {
    const connection = await connectLegacy(nas.simulator);
    connection.send('{"msg":"sub","id":"c","name":"cronjob.query"}');
    await connection.frame(({ msg }) => msg === 'ready');
    await connection.call('cronjob.update', [1, { enabled: false }]);
    const told = await connection.frame(({ collection }) => collection === 'cronjob.query');
    expect(told).toMatchObject({ msg: 'changed', id: 1 });
    expect('fields' in told).toBe(release !== '24.10');
    await connection.call('cronjob.delete', [1]);
    const gone = await connection.frame(({ msg, cleared }) => msg === 'removed' || cleared === true);
    expect(gone.msg).toBe(release === 'core-13.3' ? 'changed' : 'removed');
  });

  it('tell how a job goes', async () => {
    const connection = await connectLegacy(nas.simulator);
    connection.send('{"msg":"sub","id":"j","name":"core.get_jobs"}');
    await connection.frame(({ msg }) => msg === 'ready');
    const id = await connection.call('core.bulk', ['cronjob.query', [[]]]);
    expect(await finishedJob(connection, id)).toMatchObject({ state: 'SUCCESS' });
    const states = connection.frames
      .filter((frame) => frame.collection === 'core.get_jobs' && frame.id === id)
      .map(({ msg, fields }) => `${msg} ${fields.state}`);
    expect(states[0]).toBe('added WAITING');
    expect(states.at(-1)).toBe('changed SUCCESS');
    expect(connection.frames.findIndex(({ result }) => result === id)).toBeGreaterThan(
      connection.frames.findIndex(({ collection }) => collection === 'core.get_jobs'),
    );
  });
});

describe('live measurements of CORE', () => {
  const nas = withSimulator({ release: 'core-13.3' });

  it('come without being asked for an interval, and end without a word', async () => {
    const connection = await connectLegacy(nas.simulator);
    connection.send('{"msg":"sub","id":"r","name":"reporting.realtime"}');
    const { fields } = await connection.frame(({ msg }) => msg === 'added');
    expect(Object.keys(fields).sort()).toEqual(
      ['cpu', 'disks', 'interfaces', 'memory', 'virtual_memory', 'zfs'].sort(),
    );
    connection.send('{"msg":"unsub","id":"r"}');
    expect(await connection.call('core.ping')).toBe('pong');
    expect(connection.frames.some(({ msg }) => msg === 'nosub')).toBe(false);
  });
});
