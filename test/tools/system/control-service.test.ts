/** `control_service`: what a plan says of a service before it is stopped under its clients, and what is seen afterwards. */
import { afterEach, describe, expect, it } from 'vitest';
import { type ChangeNas, startChangeNas } from '../../changes/support/change-nas.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function planned(release: '25.04' | '25.10' | '27.0', args: Record<string, unknown>) {
  const nas = await startChangeNas({ simulator: { release }, hasWriter: true });
  open.push(nas);
  const client = await nas.client();
  const plan = await nas.call(client, 'plan_change', { tool: 'control_service', arguments: args });
  return { nas, client, plan };
}

describe('the plan', () => {
  it('counts the clients that a restart cuts off, and asks the NAS not to hide a failure', async () => {
    const { plan, nas } = await planned('27.0', { service: 'SMB', action: 'restart' });
    expect(
      plan.text.replace(/PLAN \S+,/u, 'PLAN,').replace(/"plan":"[^"]+"/u, '"plan":"…"'),
    ).toMatchInlineSnapshot(`
      "PLAN, nothing was changed: Restart service cifs
      risk: destroys (clients of the service are cut off (2 connected now); a service is told to run, stop or read its settings)
      1. restart the service cifs: service.control ["RESTART","cifs",{"silent":false}]
      diff: service cifs: state stays RUNNING
      impact: clients connected now: 2 clients
      impact: it serves 5 shares or volumes
      impact: it is seen afterwards that it runs; that it was restarted is what the NAS says
      undo: none: a restart leaves nothing to take back
      roles needed: SERVICE_WRITE
      To apply it: apply_change {"plan":"…","summary":"Restart service cifs"}; a person then approves it with a sign-in to the NAS."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it('says that clients are unknown where the release does not tell, and counts that as a cut', async () => {
    const { plan } = await planned('25.10', { service: 'cifs', action: 'stop' });
    expect(plan.text).toContain('risk: destroys');
    expect(plan.text).toContain('clients connected now: UNKNOWN');
  });

  it('uses the method of its own for each verb on 25.04', async () => {
    const { plan } = await planned('25.04', { service: 'nfs', action: 'stop' });
    expect(plan.text).toContain('service.stop ["nfs",{"silent":false}]');
    expect(plan.text).toContain('undo: start the service nfs again: service.start ["nfs",{"silent":false}]');
  });

  it('leaves out what is so already, so that its undo stops nothing that ran before', async () => {
    const { plan } = await planned('25.10', { service: 'ssh', action: 'start', at_boot: false });
    expect(plan.text).not.toContain('service.control');
    expect(plan.text).toContain('service.update ["ssh",{"enable":false}]');
  });

  it.each([
    [{ service: 'ssh', action: 'start' }, 'ssh runs already'],
    [{ service: 'ftp', action: 'stop' }, 'ftp does not run'],
    [{ service: 'ftp', at_boot: false }, 'is so already'],
    [{ service: 'ftp' }, 'nothing would change'],
    [{ service: 'cfis', action: 'stop' }, 'did you mean "cifs"'],
    [{ service: 'nothing-of-it', action: 'stop' }, 'services: '],
  ])('refuses %j', async (args, text) => {
    const { plan } = await planned('25.10', args);
    expect(plan.isError).toBe(true);
    expect(plan.text).toContain(text);
  });
});

describe('applied', () => {
  it('a service whose start fails on the NAS is told as failed, with the text of the NAS', async () => {
    const { nas } = await planned('25.10', { service: 'ups', action: 'start' });
    const client = await nas.client();
    const done = await nas.call(client, 'control_service', { service: 'ups', action: 'start' });
    expect(done.text).toContain('FAILED, nothing was changed');
    expect(done.text).toContain('no UPS answers');
    expect(done.isError).toBe(true);
  });
});
