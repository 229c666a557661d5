/** Locking and unlocking: who is cut off, what cannot be locked, and that the passphrase is no argument. */
import { describe, expect, it } from 'vitest';
import { changeNas, planText } from './support/planned.ts';

describe('lock_dataset', () => {
  it('shows the whole change', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'lock_dataset', { dataset: 'tank/medical' })).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Lock dataset tank/medical
      risk: configuration (the dataset is locked)
      1. lock the dataset tank/medical: pool.dataset.lock ["tank/medical",{"force_umount":false}]
      diff: dataset tank/medical: locked false -> true
      impact: uses it: no share, task, app or machine
      impact: processes in it: none
      impact: What uses it stops working and comes back only after unlocking; whoever lacks the passphrase has lost the data.
      undo: unlock the dataset tank/medical: pool.dataset.unlock ["tank/medical",{"key_file":false,"recursive":false,"toggle_attachments":true,"datasets":[{"name":"tank/medical","force":false,"passphrase":<passphrase of dataset tank/medical>}]}]
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"id","summary":"Lock dataset tank/medical"}."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it.each([
    ['one that is not encrypted', 'tank/media', 'is not encrypted'],
    ['one whose key the NAS keeps', 'tank/finance', 'only those with a passphrase can be locked'],
    ['one that is locked with its parent', 'tank/vault/contracts', 'is locked already'],
    [
      'one without a key of its own',
      'tank/finance/2025',
      'has no key of its own; it is locked with tank/finance',
    ],
  ])('refuses %s', async (_what, dataset, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'lock_dataset', { dataset })).toContain(words);
  });

  it('counts what cannot be read as use, and waits for a person', async () => {
    const nas = await changeNas();
    nas.simulator.control.next('pool.dataset.attachments', { kind: 'error', code: -32001, message: 'x' });
    const text = await planText(nas, 'lock_dataset', { dataset: 'tank/medical' });
    expect(text).toContain('uses it: unknown, could not be read');
    expect(text).toContain('risk: destroys');
  });

  it('counts the processes in it as clients that are cut off', async () => {
    const nas = await changeNas();
    nas.simulator.control.next('pool.dataset.processes', {
      kind: 'result',
      result: [{ pid: 9, name: 'smbd', service: 'cifs', cmdline: null }],
    });
    const text = await planText(nas, 'lock_dataset', { dataset: 'tank/medical' });
    expect(text).toContain('processes in it: 1 (smbd 9)');
    expect(text).toContain('1 connected now');
  });
});

describe('unlock_dataset', () => {
  it('shows the whole change, with a placeholder for the passphrase', async () => {
    const nas = await changeNas();
    expect(await planText(nas, 'unlock_dataset', { dataset: 'tank/vault' })).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Unlock dataset tank/vault
      risk: exposes (the data of an encrypted dataset can be reached again)
      1. unlock the dataset tank/vault: pool.dataset.unlock ["tank/vault",{"key_file":false,"recursive":false,"toggle_attachments":true,"datasets":[{"name":"tank/vault","force":false,"passphrase":<passphrase of dataset tank/vault>}]}]
      diff: dataset tank/vault: locked true -> false
      impact: Everybody who may reach the data can reach it again.
      impact: 1 dataset below: those without a key of their own are unlocked with it
      impact: uses it: SMB Share vault
      impact: processes in it: unknown, could not be read (the dataset is locked)
      undo: lock the dataset tank/vault again: pool.dataset.lock ["tank/vault",{"force_umount":false}]
      secret: passphrase of dataset tank/vault: a person types it at the approval
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"id","summary":"Unlock dataset tank/vault"}; a person then approves it with a sign-in to the NAS."
    `);
  });

  it('takes no passphrase from the model', async () => {
    const nas = await changeNas();
    const text = await planText(nas, 'unlock_dataset', {
      dataset: 'tank/vault',
      passphrase: 'hunter2-hunter2',
    });
    expect(text).toContain('"passphrase" is not an argument');
    expect(text).not.toContain('hunter2');
  });

  it.each([
    ['one that is open', 'tank/medical', 'is not locked'],
    ['one that is unlocked with its parent', 'tank/vault/contracts', 'it is unlocked with tank/vault'],
  ])('refuses %s', async (_what, dataset, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'unlock_dataset', { dataset })).toContain(words);
  });
});
