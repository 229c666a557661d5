/** `reporting.realtime` sends again and again, on every release. */
import { describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { eventProblems } from '../support/contract.ts';
import { type Json, withSimulator } from '../support/simulator.ts';

// Each waits for the second measurement, which takes two seconds: they wait together.
describe.concurrent.each(SIM_RELEASES)('reporting.realtime on %s', (release) => {
  const nas = withSimulator({ release });

  it.each(['reporting.realtime', 'reporting.realtime:{"interval":2}'])('%s', async (name) => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', [name]);
    const sent = (): Json[] => connection.events.map(({ params }) => params);
    await connection.frame(() => sent().length > 1);
    for (const { msg, collection, fields } of sent()) {
      expect([msg, collection]).toEqual(['added', name]);
      expect(eventProblems(release, 'reporting.realtime', asDeclared(fields))).toEqual([]);
      const last = release === '25.04' ? 'failed_to_connect' : 'pools';
      expect(Object.keys(fields)).toEqual(['cpu', 'disks', 'interfaces', 'memory', 'zfs', last]);
    }
  });

  /** 25.10 sends `disks`, and declares it under a misspelled name. */
  function asDeclared({ disks, ...others }: Json): Json {
    return release === '25.10' ? { ...others, disls: disks } : { ...others, disks };
  }

  it.runIf(release === '25.04')('an interval below two seconds is told nobody', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['reporting.realtime:{"interval":1}']);
    await connection.call('core.ping');
    expect(connection.events).toEqual([]);
  });

  it.runIf(release !== '25.04')('an interval below two seconds ends it', async () => {
    const connection = await nas.connect();
    await connection.call('core.subscribe', ['reporting.realtime:{"interval":1}']);
    const notice = await connection.frame((frame) => frame.method === 'notify_unsubscribed');
    expect(notice.params.error).toMatchObject({
      errname: 'EINVAL',
      extra: [['interval', 'Input should be greater than or equal to 2', 22]],
    });
  });
});
