/** The clock of the NAS is asked once in a while, not with every list. */
import { expect, it } from 'vitest';
import { startSimulator } from 'truenas-simulator';
import { clockOf } from '../../src/tools/support/clock.ts';
import { openTrueNas } from '../../src/truenas/index.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { endingWith } from '../../src/access/with-signal.ts';

it('one reading serves five minutes of a connection, through every guard of its client', async () => {
  const aheadMs = 3_600_000;
  const simulator = await startSimulator({ now: () => Date.now() + aheadMs });
  const { url, apiKey, username, fingerprint } = simulator;
  const tls = { fingerprintSha256: fingerprint };
  const nas = openTrueNas({ url, apiKey, username, tls, timeoutMs: 10_000, log: silentLog });
  const asked = () => simulator.calls().filter(({ method }) => method === 'system.info').length;
  const start = Date.now();
  const clocks = [0, 60_000, 299_000].map((later) => start + later);
  for (const ownMs of clocks) {
    const { nowMs, notes } = await clockOf(endingWith(nas.read, new AbortController().signal), ownMs);
    expect(Math.abs(nowMs - ownMs - aheadMs)).toBeLessThan(60_000);
    expect(notes.join()).toContain('ahead of this machine');
  }
  expect(asked()).toBe(1);
  await clockOf(nas.read, start + 301_000);
  expect(asked()).toBe(2);
  await nas.close();
  await simulator.close();
});
