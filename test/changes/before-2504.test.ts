/** Releases before 25.04 are only read: no change tool plans anything there, and nothing that changes anything leaves. */
import { describe, expect, it } from 'vitest';
import { ALL_TOOLS } from '../support/registry.ts';
import type { Problem } from '../../src/truenas/problem.ts';
import { problemOf } from '../truenas/support/client.ts';
import { startChangeNas } from './support/change-nas.ts';
import { planned, plannedTogether } from './support/plan-of.ts';

const CHANGES = ALL_TOOLS.filter((tool) => tool.kind === 'change').flatMap(({ name, examples }) =>
  examples.map(({ args }) => [name, args] as const),
);

describe.each([
  ['24.10', /this program only reads TrueNAS (?:SCALE |CORE )?24\.10\.2\.4/],
  ['core-13.3', /this program only reads TrueNAS (?:SCALE |CORE )?13\.3-U1\.2/],
  ['core-13.0', /this program only reads TrueNAS (?:SCALE |CORE )?13\.0-U6\.8/],
] as const)('on %s', (release, reason) => {
  it('no change is planned, by its own tool, with others or by call_api_write', async () => {
    const nas = await startChangeNas({ simulator: { release }, hasWriter: false });
    const before = nas.simulator.control.worldState();
    const problems = new Map<string, string>();
    for (const [name, args] of CHANGES) {
      const { summary, nextStep } = (await problemOf(planned(nas, name, args))) as Problem;
      problems.set(name, `${summary} ${nextStep}`);
    }
    expect([...problems].filter(([, text]) => !reason.test(text))).toEqual([]);
    expect(problems.size).toBeGreaterThan(20);
    const [first, second] = CHANGES;
    if (first === undefined || second === undefined) throw new Error('there are change tools');
    expect(((await problemOf(plannedTogether(nas, [first, second]))) as Problem).summary).toMatch(reason);
    expect(nas.writes()).toEqual([]);
    expect(nas.simulator.control.worldState()).toEqual(before);
    await nas.close();
  });

  it('a client that writes all the same sends nothing', async () => {
    const nas = await startChangeNas({ simulator: { release }, hasWriter: false });
    for (const method of [
      'cronjob.create',
      'pool.dataset.delete',
      'system.reboot',
      'core.bulk',
      'user.create',
    ]) {
      const { summary } = (await problemOf(nas.nas.write.write(method, [{}]))) as Problem;
      expect(summary).toMatch(reason);
    }
    expect(nas.writes()).toEqual([]);
    await nas.close();
  });
});
