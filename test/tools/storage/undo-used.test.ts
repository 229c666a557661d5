/** A NAS deletes the shares and tasks of a dataset together with it: an undo must not take those of somebody else along. */
import { describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { applied, plannedTogether, undone } from '../../changes/support/plan-of.ts';
import { startPlannedNas } from '../../changes/support/planned.ts';

const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
const SHARE = { kind: 'smb', name: 'later', path: '/mnt/tank/later' };

describe.each(['25.04', '25.10', '27.0'] as const)('the undo of a new dataset on %s', (release) => {
  const simulator = { release };

  it('waits for a person once something else hangs on it, and is not sent as long as it does', async () => {
    const nas = await startPlannedNas({ simulator });
    await nas.change('create_dataset', { dataset: 'tank/later' });
    const [entry] = await nas.engine.changes();
    expect((await nas.engine.planUndo(asker, entry?.id ?? '')).judgement.risk).toBe('configuration');
    expect(await nas.change('create_share', SHARE)).toContain('DONE');
    const late = await nas.engine.planUndo(asker, entry?.id ?? '');
    expect([late.judgement.risk, late.consent]).toEqual(['destroys', 'approval']);
    expect(late.change.impact[0]).toMatch(/^tank\/later is used by now \(SMB Share/u);
    expect((await applied(nas, late)).outcome.kind).toBe('moved');
    expect(nas.writes().map(({ method }) => method)).not.toContain('pool.dataset.delete');
  });

  it('is not sent once something else came to hang on it after it was planned', async () => {
    const nas = await startPlannedNas({ simulator });
    await nas.change('create_dataset', { dataset: 'tank/later' });
    const [entry] = await nas.engine.changes();
    const undo = await nas.engine.planUndo(asker, entry?.id ?? '');
    expect(await nas.change('create_share', SHARE)).toContain('DONE');
    const { outcome } = await applied(nas, undo);
    expect(outcome.kind).toBe('moved');
    expect(nas.writes().map(({ method }) => method)).not.toContain('pool.dataset.delete');
  });

  it('goes on to take away what was made together with it', async () => {
    const nas = await startPlannedNas({ simulator });
    const plan = await plannedTogether(nas, [
      ['create_dataset', { dataset: 'tank/later' }],
      ['create_share', SHARE],
    ]);
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
  });
});
