/** The role check before a change goes by what the connected NAS offers to the account, on each release. */
import { describe, expect, it } from 'vitest';
import { missingRoles } from '../../src/changes/account-roles.ts';
import { openWriteSession } from '../../src/truenas/write-session.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { planned } from './support/plan-of.ts';
import { type ChangeNas, changeNas } from './support/change-nas.ts';

const { signal } = new AbortController();

/** A change that an account with these roles tries to apply. */
async function triedBy(
  release: '25.04' | '27.0',
  roles: readonly string[],
  tool: string,
  argsOf: (snapshot: string) => Readonly<Record<string, unknown>>,
) {
  const nas = await changeNas({ simulator: { release, roles }, hasWriter: false });
  const session = await sessionOf(nas);
  const filters = [['dataset', '=', 'tank/media']];
  const rows = await nas.nas.read.call('pool.snapshot.query', [filters, { select: ['id'], limit: 1 }]);
  const [{ id = '' } = {}] = rows as { id?: string }[];
  const plan = await planned(nas, tool, argsOf(id));
  const { outcome } = await nas.engine.apply(plan, session, { signal });
  await session.close();
  return { nas, plan, outcome };
}

function sessionOf({ simulator }: ChangeNas) {
  const { url, fingerprint, apiKey, username } = simulator;
  const target = { url, tls: { fingerprintSha256: fingerprint }, timeoutMs: 10_000, log: silentLog };
  return openWriteSession(target, { kind: 'api-key', apiKey, username });
}

const HOLD = ['hold_snapshot', (snapshot: string) => ({ snapshots: [snapshot] })] as const;
const WRITER = ['READONLY_ADMIN', 'SNAPSHOT_WRITE'];

describe('an account with SNAPSHOT_WRITE', () => {
  it('holds no snapshot on 25.04: the plan names FULL_ADMIN, and nothing is sent', async () => {
    const { nas, plan, outcome } = await triedBy('25.04', WRITER, ...HOLD);
    expect(plan.roles).toEqual([['FULL_ADMIN']]);
    expect(outcome.reason).toMatch(/lacks the role FULL_ADMIN; .*: Credentials > Groups > Privileges$/u);
    expect(outcome.kind).toBe('refused');
    expect(nas.writes()).toEqual([]);
  });

  it('holds one on 27.0', async () => {
    const { plan, outcome } = await triedBy('27.0', WRITER, ...HOLD);
    expect(plan.roles).toEqual([['SNAPSHOT_WRITE']]);
    expect(outcome.kind).toBe('applied');
  });

  it('clones one on 27.0, where either of two roles will do', async () => {
    const { plan, outcome } = await triedBy('27.0', WRITER, 'clone_snapshot', (snapshot) => ({
      snapshot,
      dataset: 'tank/media-before',
    }));
    expect(plan.roles).toEqual([['DATASET_WRITE', 'SNAPSHOT_WRITE']]);
    expect(outcome.reason).toBeUndefined();
    expect(outcome.kind).toBe('applied');
  });

  it('of a change in several calls is told before the first is sent that it lacks the role of the last', async () => {
    const { nas, outcome } = await triedBy('27.0', WRITER, 'delete_dataset', () => ({
      dataset: 'tank/media/music',
    }));
    expect(outcome.kind).toBe('refused');
    expect(outcome.reason).toMatch(/lacks the role .*DATASET_DELETE/u);
    expect(nas.writes()).toEqual([]);
  });
});

it('a call that is refused although its role was there a moment ago names it, and the page', async () => {
  const nas = await changeNas({
    simulator: { roles: ['READONLY_ADMIN', 'SNAPSHOT_WRITE'] },
    hasWriter: false,
  });
  const session = await sessionOf(nas);
  const plan = await planned(nas, 'create_snapshot', { dataset: 'tank/media', name: 'before' });
  const onProgress = () => nas.simulator.control.setRoles(['READONLY_ADMIN']);
  const { outcome } = await nas.engine.apply(plan, session, { signal, onProgress });
  await session.close();
  expect(outcome.calls[0]?.problem).toContain('the role SNAPSHOT_WRITE: Credentials > Groups > Privileges');
});

it('of a method that only the NAS described, the role that it published is missing, and not FULL_ADMIN', async () => {
  const nas = await changeNas({ simulator: { roles: ['READONLY_ADMIN'] }, hasWriter: false });
  const session = await sessionOf(nas);
  const call = { method: 'thing.create', params: [], purpose: 'make a thing', grantedBy: ['THING_WRITE'] };
  expect(await missingRoles({ calls: [call] }, session)).toEqual([['THING_WRITE']]);
  await session.close();
});
