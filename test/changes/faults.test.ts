/** Whatever goes wrong while a change is applied: it is said, nothing is sent twice, and what was done is known. */
import { afterEach, describe, expect, it } from 'vitest';
import { chmod, writeFile } from 'node:fs/promises';
import { type ChangeNas, startChangeNas } from './support/change-nas.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...args: Parameters<typeof startChangeNas>): Promise<ChangeNas> {
  const nas = await startChangeNas(...args);
  open.push(nas);
  return nas;
}

const SNAPSHOT = { dataset: 'tank/media', name: 'before-cleanup' };

describe('a call whose connection is lost', () => {
  it('before the NAS ran it: unknown, and the re-read shows that nothing is there', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    nas.simulator.control.next('pool.snapshot.create', { kind: 'drop-before' });
    const answer = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(answer.text).toContain('OUTCOME UNKNOWN');
    expect(answer.text).toContain('snapshot tank/media@before-cleanup: does not exist (as before)');
    expect(answer.isError).toBe(true);
    expect(nas.writes()).toHaveLength(1);
  });

  it('after the NAS ran it: unknown, and the re-read shows that it is there', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    nas.simulator.control.next('pool.snapshot.create', { kind: 'drop-after' });
    const answer = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(answer.text).toContain('OUTCOME UNKNOWN');
    expect(answer.text).toContain('snapshot tank/media@before-cleanup: as planned');
    expect(nas.writes()).toHaveLength(1);
  });
});

describe('a NAS that does not do what it says', () => {
  it('one that answers yes and changes nothing is caught', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    nas.simulator.control.next('pool.snapshot.create', { kind: 'error', code: -32001, message: 'x' });
    const failed = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(failed.text).toContain('FAILED, nothing was changed');
  });

  it('a thing that was made again under the same name is not touched', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool: 'create_snapshot', arguments: SNAPSHOT });
    await nas.call(client, 'create_snapshot', SNAPSHOT);
    const late = await nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    expect(late.text).toContain('NOTHING WAS SENT: what it was planned for has changed since');
    expect(nas.writes()).toHaveLength(1);
  });
});

describe('no audit, no change', () => {
  it('without a place for it, plans work and nothing is applied', async () => {
    const nas = await start({ hasWriter: true, audit: undefined });
    const client = await nas.client();
    const answer = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(answer.text).toContain('NOT APPLIED');
    expect(answer.text).toContain('TRUENAS_STATE_DIR');
    expect(nas.writes()).toEqual([]);
  });

  it('an audit file that cannot be written stops the change before it is sent', async () => {
    const nas = await start({ hasWriter: true });
    await writeFile(nas.auditFile, '');
    await chmod(nas.auditFile, 0o644);
    const client = await nas.client();
    const answer = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(answer.text).toContain('NOTHING WAS SENT');
    expect(answer.text).toContain('could not be noted beforehand');
    expect(nas.writes()).toEqual([]);
  });
});

describe('gates', () => {
  it.each([
    ['outside the scope', { scope: ['tank/photos'] }, 'TRUENAS_SCOPE confines changes'],
    ['above the access level', { access: 'read' as const }, 'TRUENAS_ACCESS=read'],
  ])('a change %s is planned, and not applied', async (_what, rules, words) => {
    const nas = await start({ hasWriter: true, rules });
    const client = await nas.client();
    const answer = await nas.call(client, 'create_snapshot', SNAPSHOT);
    expect(answer.text).toContain(words);
    expect(answer.isError).toBe(true);
    expect(nas.writes()).toEqual([]);
  });

  it('a plan of another caller, or none, cannot be applied', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client();
    const answer = await nas.call(client, 'apply_change', { plan: 'k3m9x2p7qa', summary: 'x' });
    expect(answer.text).toContain('planned elsewhere, or has expired');
  });

  it('a plan that has expired is not applied', async () => {
    let nowMs = Date.now();
    const nas = await start({ hasWriter: true, now: () => nowMs });
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool: 'create_snapshot', arguments: SNAPSHOT });
    nowMs += 10 * 60_000;
    const late = await nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    expect(late.text).toContain('expired');
    expect(nas.writes()).toEqual([]);
  });
});
