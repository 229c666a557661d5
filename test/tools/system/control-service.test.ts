/** `control_service`: what a plan says of a service before it is stopped under its clients, and what is seen afterwards. */
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith, undone } from '../../changes/support/plan-and-apply.ts';

function start(release: '25.04' | '25.10' | '27.0'): Promise<ChangeNas> {
  return changeNas({ simulator: { release } });
}

const TOOL = 'control_service';

describe('the plan', () => {
  it('counts the clients that a restart cuts off, and asks the NAS not to hide a failure', async () => {
    const nas = await start('27.0');
    const text = await planTextWith(nas, TOOL, { service: 'SMB', action: 'restart' });
    expect(text.replace(/\[\d+\]/u, '[…]')).toMatchInlineSnapshot(`
      "PLAN, nothing was changed: Restart service cifs
      risk: destroys (clients of the service are cut off (2 connected now))
      1. restart the service cifs: service.control ["RESTART","cifs",{"silent":false}]
      diff: service cifs: state stays RUNNING
      diff: service cifs: pids renewed
      impact: clients connected now: 2 clients
      impact: it serves 5 shares or volumes
      undo: none: a restart leaves nothing to take back
      roles needed: SERVICE_WRITE"
    `);
    expect(nas.writes()).toEqual([]);
  });

  it('says that clients are unknown where the release does not tell, and counts that as a cut', async () => {
    const text = await planTextWith(await start('25.10'), TOOL, { service: 'cifs', action: 'stop' });
    expect(text).toContain('risk: destroys');
    expect(text).toContain('clients connected now: UNKNOWN');
  });

  it('uses the method of its own for each verb on 25.04', async () => {
    const text = await planTextWith(await start('25.04'), TOOL, { service: 'nfs', action: 'stop' });
    expect(text).toContain('service.stop ["nfs",{"silent":false}]');
    expect(text).toContain('undo: start the service nfs again: service.start ["nfs",{"silent":false}]');
  });

  it('leaves out what is so already, so that its undo stops nothing that ran before', async () => {
    const args = { service: 'ssh', action: 'start', at_boot: false };
    const text = await planTextWith(await start('25.10'), TOOL, args);
    expect(text).not.toContain('service.control');
    expect(text).toContain('service.update ["ssh",{"enable":false}]');
  });

  it.each([
    [{ service: 'ssh', action: 'start' }, 'ssh runs already'],
    [{ service: 'ftp', action: 'stop' }, 'ftp does not run'],
    [{ service: 'ftp', at_boot: false }, 'is so already'],
    [{ service: 'ftp' }, 'nothing would change'],
    [{ service: 'cfis', action: 'stop' }, 'did you mean "cifs"'],
    [{ service: 'nothing-of-it', action: 'stop' }, 'services: '],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start('25.10'), TOOL, args)).toContain(text);
  });
});

describe('applied', () => {
  it('a service whose start fails on the NAS is told as failed, with the text of the NAS', async () => {
    const nas = await start('25.10');
    const done = await applied(nas, await planWith(nas, TOOL, { service: 'ups', action: 'start' }));
    expect(done.text).toContain('FAILED, nothing was changed');
    expect(done.text).toContain('no UPS answers');
  });

  it.each([
    ['25.04', 'service.restart'],
    ['25.10', 'service.control'],
  ] as const)(
    'a restart that %s says was done and was not is caught by the processes',
    async (release, method) => {
      const nas = await start(release);
      const plan = await planWith(nas, TOOL, { service: 'ssh', action: 'restart' });
      nas.simulator.control.next(method, { kind: 'pretend' });
      const done = await applied(nas, plan);
      expect(done.outcome.kind).toBe('differs');
      expect(done.text).toMatch(/service ssh: pids is \[\d+\], not another one/u);
    },
  );

  it('the undo of a restart with another setting at boot takes back the setting alone', async () => {
    const nas = await start('25.10');
    const plan = await planWith(nas, TOOL, { service: 'ssh', action: 'restart', at_boot: false });
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(nas.writes().map(({ method }) => method)).toEqual([
      'service.control',
      'service.update',
      'service.update',
    ]);
  });
});
