/** Secrets of a change come from the person at the page, or from the one entry that is for them, and show nowhere. */
import { chmod, mkdtemp, readFile, rm, writeFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { secretOf } from '../../src/changes/change.ts';
import { createSecretFolder } from '../../src/changes/secret-folder.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { type ChangeNas, type ChangeNasOptions, startChangeNas } from './support/change-nas.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options: ChangeNasOptions = {}): Promise<ChangeNas> {
  const nas = await startChangeNas({ hasWriter: true, ...options });
  open.push(nas);
  return nas;
}

async function folderOf(entries: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  open.push({ close: () => rm(folder, { recursive: true, force: true }) });
  for (const [name, entry] of Object.entries(entries)) {
    const text = typeof entry === 'string' ? entry : JSON.stringify(entry);
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}

const VAULT = { dataset: 'tank/vault' };
const KEY = JSON.stringify(['pool.dataset.unlock', 'passphrase', 'dataset tank/vault']);

/** The page of the one plan that waits, signed in to. */
async function page(nas: ChangeNas) {
  await expect.poll(() => nas.openedUrls).toHaveLength(1);
  const url = new URL(nas.openedUrls[0] ?? '');
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: url.origin },
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const shown = await post('/sign-in', { plan: url.pathname.slice(1), ...nas.simulator.person });
  const { token, hash } = shown;
  return { shown, apply: (secrets?: object) => post('/apply', { token, hash, ...(secrets && { secrets }) }) };
}

describe('a passphrase that a person types', () => {
  it('unlocks, and shows in no preview, answer, journal, audit or page', async () => {
    const nas = await start();
    const passphrase = nas.simulator.control.secretOf('tank/vault');
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    expect(plan.text).toContain(
      'secret: passphrase of dataset tank/vault: a person types it at the approval',
    );
    const waiting = nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    const { shown, apply } = await page(nas);
    expect(shown['secrets']).toEqual([{ key: KEY, label: 'passphrase of dataset tank/vault', isNew: false }]);
    const missing = await apply();
    expect(missing['problem']).toContain('The passphrase of dataset tank/vault is missing');
    expect(nas.writes()).toEqual([]);
    const applied = await apply({ [KEY]: passphrase });
    expect(applied['text']).toContain('DONE, and seen on the NAS afterwards: Unlock dataset tank/vault');
    const answer = await waiting;
    expect(nas.writes()).toHaveLength(1);
    expect(JSON.stringify(nas.writes())).toContain(passphrase);
    const files = await Promise.all(
      ['audit.jsonl', 'journal.jsonl'].map((name) => readFile(join(nas.folder, name), 'utf8')),
    );
    expect(files.join('')).toContain('pool.dataset.unlock');
    expect(JSON.stringify([plan, shown, applied, answer, files])).not.toContain(passphrase);
  }, 20_000);

  it('a wrong one leaves the dataset locked, and the answer says so without repeating it', async () => {
    const nas = await start();
    const client = await nas.client();
    const waiting = nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    const plan = await waiting;
    const ended = nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    const { apply } = await page(nas);
    const applied = await apply({ [KEY]: 'not-the-passphrase' });
    expect(applied['text']).toContain('NOT AS PLANNED');
    expect(applied['text']).toContain('locked is true, not false');
    expect(JSON.stringify([applied, await ended])).not.toContain('not-the-passphrase');
  }, 20_000);

  it('a NAS that repeats it in its error does not bring it to the model', async () => {
    const nas = await start();
    const client = await nas.client();
    nas.simulator.control.next('pool.dataset.unlock', {
      kind: 'error',
      code: -32001,
      message: 'x',
      data: { error: 22, errname: 'EINVAL', reason: 'bad key "hunter2-hunter2"', trace: null, extra: null },
    });
    const plan = await nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    const ended = nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    const { apply } = await page(nas);
    const applied = await apply({ [KEY]: 'hunter2-hunter2' });
    expect(applied['text']).toContain('bad key');
    expect(JSON.stringify([applied, await ended])).not.toContain('hunter2');
    const audit = await readFile(nas.auditFile, 'utf8');
    expect(audit).not.toContain('hunter2');
  }, 20_000);

  it('is never taken from a session without the person: with a write key alone nothing is sent', async () => {
    const nas = await start({ approval: 'client' });
    const client = await nas.client('legacy', () => ({ action: 'accept', content: { apply: true } }));
    const { data } = await nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    const asked = nas.call(client, 'apply_change', {
      plan: String(data['plan']),
      summary: String(data['summary']),
    });
    await expect.poll(() => nas.openedUrls).toHaveLength(1);
    const [plan] = nas.engine.plans();
    if (plan === undefined) throw new Error('it was planned');
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome } = await nas.engine.apply(plan, session, { signal: new AbortController().signal });
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: 'the passphrase of dataset tank/vault was not given',
    });
    expect((await asked).text).toContain('NOTHING WAS SENT');
    expect(nas.writes()).toEqual([]);
  });
});

describe('an entry of TRUENAS_SECRETS_DIR', () => {
  const RIGHT = { method: 'pool.dataset.unlock', field: 'passphrase', target: 'dataset tank/vault' };

  it('is used for the one method, field and target that it names', async () => {
    const passphrase = await knownPassphrase();
    const secretsFolder = await folderOf({ 'vault.json': { ...RIGHT, secret: passphrase } });
    const nas = await start({ secretsFolder });
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    expect(plan.text).toContain('passphrase of dataset tank/vault: from its entry in TRUENAS_SECRETS_DIR');
    const ended = nas.call(client, 'apply_change', {
      plan: String(plan.data['plan']),
      summary: String(plan.data['summary']),
    });
    // Unlocking exposes: a person still approves it, and types nothing.
    const { shown, apply } = await page(nas);
    expect(shown['secrets']).toEqual([]);
    const applied = await apply({ [KEY]: 'typed although nobody asked' });
    expect(applied['text']).toContain('DONE, and seen on the NAS afterwards');
    expect(JSON.stringify([plan, shown, applied, await ended])).not.toContain(passphrase);
  }, 20_000);

  it.each([
    ['another method', { ...RIGHT, method: 'pool.dataset.change_key' }],
    ['another field', { ...RIGHT, field: 'key' }],
    ['another target', { ...RIGHT, target: 'dataset tank/vault/contracts' }],
    ['a target that merely begins alike', { ...RIGHT, target: 'dataset tank/vault2' }],
    ['another NAS', { ...RIGHT, system: 'other' }],
  ])('for %s is not used', async (_what, entry) => {
    const secretsFolder = await folderOf({ 'a.json': { ...entry, secret: await knownPassphrase() } });
    const nas = await start({ secretsFolder });
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool: 'unlock_dataset', arguments: VAULT });
    expect(plan.text).toContain('a person types it at the approval');
    expect(plan.text).toContain('a person then approves it with a sign-in');
  });

  const find = async (folder: string, onlySystem: string | undefined = 'nas') =>
    createSecretFolder({ folder, onlySystem, log: silentLog }).find('nas', {
      method: RIGHT.method,
      field: RIGHT.field,
      of: RIGHT.target,
    });

  it('that is doubled, odd, too open or nameless among several NASes is none', async () => {
    const entry = { ...RIGHT, secret: 'right' };
    expect(await find(await folderOf({ 'a.json': entry }))).toBe('right');
    expect(
      await find(await folderOf({ 'a.json': entry, 'b.json': { ...entry, secret: 'x' } })),
    ).toBeUndefined();
    expect(await find(await folderOf({ 'a.json': { ...entry, more: 1 } }))).toBeUndefined();
    expect(await find(await folderOf({ 'a.json': '{"secret":' }))).toBeUndefined();
    expect(await find(await folderOf({ 'a.json': { ...entry, secret: '' } }))).toBeUndefined();
    expect(await find(await folderOf({ 'a.txt': entry }))).toBeUndefined();
    // An own value, not the default of the parameter, stands for several systems.
    const several = createSecretFolder({
      folder: await folderOf({ 'a.json': entry }),
      onlySystem: undefined,
      log: silentLog,
    });
    expect(
      await several.find('nas', { method: RIGHT.method, field: RIGHT.field, of: RIGHT.target }),
    ).toBeUndefined();
    const open666 = await folderOf({ 'a.json': entry });
    await chmod(join(open666, 'a.json'), 0o666);
    expect(await find(open666)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')(
    'in a folder that others can write is none, also behind a link; a link to a folder of its owner is one',
    async () => {
      const entry = { ...RIGHT, secret: 'right' };
      const folder = await folderOf({ 'a.json': entry });
      const link = join(await folderOf({}), 'link');
      await symlink(folder, link);
      expect(await find(link)).toBe('right');
      await chmod(folder, 0o777);
      expect(await find(folder)).toBeUndefined();
      expect(await find(link)).toBeUndefined();
    },
  );
});

describe('a placeholder', () => {
  it('for a thing that the change does not touch stops the plan', async () => {
    const nas = await start();
    const planned = nas.engine.plan(
      { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal },
      {
        tool: 'test',
        uses: [],
        writes: 'any',
        plan: async () => ({
          summary: 'x',
          calls: [
            {
              method: 'pool.dataset.unlock',
              params: [
                'tank/other',
                { datasets: [{ name: 'tank/other', passphrase: secretOf('dataset tank/vault') }] },
              ],
              purpose: 'x',
            },
          ],
          targets: [],
          impact: [],
          undo: { impossible: 'x' },
        }),
      },
    );
    await expect(planned).rejects.toThrow('which it does not touch');
  });
});

/** The simulated world is the same every time. */
async function knownPassphrase(): Promise<string> {
  const nas = await start();
  return nas.simulator.control.secretOf('tank/vault');
}
