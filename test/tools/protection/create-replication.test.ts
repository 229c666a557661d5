/** Copies of snapshots to other pools and machines: what is refused, what is sent, and what a person is told of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeNas, startChangeNas } from '../../changes/support/change-nas.ts';
import { planTextWith } from '../../changes/support/plan-and-apply.ts';

let nas: ChangeNas;
beforeAll(async () => {
  nas = await startChangeNas({ simulator: { release: '25.10' }, hasWriter: true });
});
afterAll(() => nas.close());

const planned = (args: Record<string, unknown>): Promise<string> =>
  planTextWith(nas, 'create_replication', args);
const OFFSITE = {
  ...{ source: ['tank/documents'], target: 'vault/nas/documents', connection: 'backup.example.org' },
  ...{ schedule: 'daily 02:30', keep: '30d' },
};

describe('the plan', () => {
  it('of a copy elsewhere says that data leaves, what it copies and what it cannot see', async () => {
    expect(await planned(OFFSITE)).toMatchInlineSnapshot(`
      "PLAN, nothing was changed: Create replication tank/documents to backup.example.org: tank/documents → vault/nas/documents, 30 2 * * *
      risk: destroys (each run overwrites what the target holds beside the replicated snapshots; snapshots are deleted at the target by age; data goes to, or comes from, another place; the data of more datasets goes to another place; the target becomes read-only)
      1. make the replication tank/documents to backup.example.org: replication.create [{"name":"tank/documents to backup.example.org","direction":"PUSH","transport":"SSH","source_datasets":["tank/documents"],"target_dataset":"vault/nas/documents","recursive":false,"exclude":[],"allow_from_scratch":false,"readonly":"SET","retention_policy":"CUSTOM","lifetime_value":30,"lifetime_unit":"DAY","enabled":true,"ssh_credentials":2,"auto":true,"naming_schema":[],"also_include_naming_schema":["auto-%Y-%m-%d_%H-%M"],"schedule":{"minute":"30","hour":"2","dom":"*","month":"*","dow":"*"},"periodic_snapshot_tasks":[]}]
      diff: replication tank/documents to backup.example.org: does not exist -> exists (name tank/documents to backup.example.org, direction PUSH, transport SSH, source_datasets ["tank/documents"], target_dataset vault/nas/documents, recursive false, exclude [], allow_from_scratch false, readonly SET, retention_policy CUSTOM, lifetime_value 30, lifetime_unit DAY, enabled true, auto true, naming_schema [], also_include_naming_schema ["auto-%Y-%m-%d_%H-%M"], schedule 30 2 * * *)
      impact: data goes to the machine of the SSH connection backup.example.org
      impact: it copies snapshots that are called auto-%Y-%m-%d_%H-%M, and no others: without a task that takes them nothing is copied
      impact: whether vault/nas/documents exists on the other side, and what it holds: UNKNOWN, it cannot be read from here
      impact: a target that holds other data is not started anew (allow_from_scratch stays off): the run fails instead
      impact: the first run sends everything: run_task starts it before its time
      undo: delete the replication tank/documents to backup.example.org; what it has copied stays: replication.delete [<id of step 1>]
      roles needed: REPLICATION_TASK_WRITE"
    `);
    expect(nas.writes()).toEqual([]);
  });

  it('of a copy on this NAS goes by the snapshots of a task, and says what it does not save from', async () => {
    const text = await planned({
      source: ['tank/home'],
      target: 'backup/homes',
      snapshot_task: 'tank/home',
      recursive: true,
    });
    expect(text).toContain('it copies the snapshots of snapshot task 1 of tank/home');
    expect(text).toContain('the copy stays in this NAS');
    expect(text).toContain('backup');
  });
});

describe('what makes no copy is refused', () => {
  it.each([
    [{ ...OFFSITE, connection: 'backup.exmple.org' }, 'names no SSH connection: backup.exmple.org'],
    [{ ...OFFSITE, connection: 'offsite key pair' }, 'names no SSH connection'],
    [{ ...OFFSITE, schedule: undefined }, '"schedule" is missing'],
    [{ ...OFFSITE, keep: 'a while' }, '"keep" cannot be read'],
    [{ ...OFFSITE, source: ['tank/documnts'] }, 'tank/documents'],
    [{ ...OFFSITE, snapshots: 'daily' }, 'must hold %Y'],
    [{ ...OFFSITE, exclude: ['tank/documents/old'] }, 'recursive: true'],
    [{ ...OFFSITE, direction: 'pull', snapshot_task: 1 }, 'says nothing to a pull'],
    [{ ...OFFSITE, direction: 'pull', connection: undefined }, '"connection" is missing'],
    [{ ...OFFSITE, connection: undefined, target: 'tank/documents/copy' }, '"target" lies in tank/documents'],
    [{ ...OFFSITE, connection: undefined, target: 'bckup/documents' }, 'backup'],
    [{ ...OFFSITE, name: 'home to backup' }, 'exists already'],
  ])('%j', async (args, why) => {
    const text = await planned(JSON.parse(JSON.stringify(args)) as Record<string, unknown>);
    expect(text).toMatch(/^Invalid argument/u);
    expect(text).toContain(why);
  });
});
