/** The runbooks: each command of them runs, each text that they tell to look for is said, and each step does what it says. */
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createChangeAudit } from '../../src/changes/audit-chain.ts';
import { verifyAudit } from '../../src/changes/audit-verify.ts';
import { outcomeText } from '../../src/changes/outcome-text.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { applied, planned, textOf, undone } from '../changes/support/plan-of.ts';
import { type ChangeNas, changeNas } from '../changes/support/change-nas.ts';
import { failDisk, hasFaultyDisk } from '../changes/support/faulty-disk.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { page, ROOT, snippets } from './pages.ts';

const NAMES = ['outcome-unknown', 'audit-full', 'approved-by-mistake', 'key-leaked'] as const;
const runbook = (name: (typeof NAMES)[number]) => page(`docs/runbooks/${name}.md`);
const SNAPSHOT = { dataset: 'tank/media', name: 'of-a-runbook' };

async function changed(nas: ChangeNas, tool: string, args: Record<string, unknown>) {
  const { plan, outcome, undo } = await applied(nas, await planned(nas, tool, args));
  return { plan, text: outcomeText(plan, outcome, undo) };
}

describe.each(NAMES)('the runbook %s', (name) => {
  const text = runbook(name);

  it('is short, is in the list, and links to pages that exist', async () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    expect(page('docs/runbooks/README.md')).toContain(`(${name}.md)`);
    for (const [, path = ''] of text.matchAll(/\]\(([^)]+)\)/gu))
      await stat(join(ROOT, 'docs/runbooks', path));
  });

  it('calls tools that exist with arguments that they take', async () => {
    // A block within a list is indented.
    const commands = snippets(text.replace(/^ {3}/gmu, '')).flatMap((each) => each.text.split('\n'));
    for (const command of commands) {
      const [, tool, , args] = /^truenas-mcp call (\w+)( '(.*)')?$/u.exec(command) ?? [];
      if (command.startsWith('truenas-mcp audit verify ')) continue;
      const found = ALL_TOOLS.find((each) => each.name === tool);
      const fit = found?.input.safeParse(JSON.parse(args ?? '{}')).success;
      expect([command, fit]).toEqual([command, true]);
    }
  });

  it('names settings that exist', () => {
    const known = new Set(Object.values(SETTINGS).map(({ env }) => env));
    const named = [...text.matchAll(/TRUENAS_[A-Z_]*[A-Z]/gu)].map(([variable]) => variable);
    expect(named.filter((variable) => !known.has(variable))).toEqual([]);
  });
});

describe('an unknown outcome', () => {
  it.each([
    ['drop-before', '(as before)'],
    ['drop-after', 'as planned'],
  ] as const)('(%s) is told as the runbook says, and the steps after it work', async (kind, found) => {
    const nas = await changeNas();
    nas.simulator.control.next('pool.snapshot.create', { kind });
    const { plan, text } = await changed(nas, 'create_snapshot', SNAPSHOT);
    expect(text).toContain('OUTCOME UNKNOWN');
    expect(text).toContain(found);
    for (const words of ['OUTCOME UNKNOWN', found]) expect(runbook('outcome-unknown')).toContain(words);
    await nas.signIn();
    const after =
      kind === 'drop-after'
        ? await undone(nas, plan)
        : await applied(nas, await planned(nas, 'create_snapshot', SNAPSHOT));
    expect(after.outcome.kind).toBe('applied');
  });
});

describe.skipIf(!hasFaultyDisk)('an audit that cannot be written', () => {
  it('stops changes, goes on without a restart once there is room, and begins anew where it was moved away', async () => {
    const nas = await changeNas();
    const mend = await failDisk({ file: nas.auditFile, kind: 'full', line: 1 });
    const { text } = await changed(nas, 'create_snapshot', SNAPSHOT);
    expect(text).toMatch(/^NOTHING WAS SENT[\s\S]*audit\.jsonl cannot be written/u);
    mend();
    expect((await changed(nas, 'create_snapshot', SNAPSHOT)).text).toMatch(/^DONE/u);

    const away = join(nas.folder, 'elsewhere');
    await mkdir(away);
    const files = (await readdir(nas.folder)).filter((file) => file.startsWith('audit.jsonl'));
    for (const file of files) await rename(join(nas.folder, file), join(away, file));
    const restarted = createChangeAudit({ file: nas.auditFile, redact: (value) => value, now: Date.now });
    await restarted.record({ event: 'change.intent' });
    for (const folder of [away, nas.folder])
      expect((await verifyAudit(join(folder, 'audit.jsonl'))).problems).toEqual([]);
    const keys = await Promise.all(
      [away, nas.folder].map((folder) => readFile(join(folder, 'audit.jsonl.key'), 'utf8')),
    );
    expect(keys[0]).not.toBe(keys[1]);
  });
});

it('a change that was approved by mistake is listed, and taken back as the runbook says', async () => {
  const nas = await changeNas();
  const { text } = await changed(nas, 'update_dataset', { dataset: 'tank/media', quota: '40T' });
  const client = await nas.client();
  const listed = await nas.call(client, 'list_changes', {});
  const [, id = ''] = /undo_change \{"change":"(\w+)"\}/u.exec(listed.text) ?? [];
  expect(text).toContain(id);
  const undo = await nas.call(client, 'undo_change', { change: id });
  expect(undo.isError).toBe(false);
  const { plan } = await applied(nas, await planned(nas, 'delete_share', { share: 'media' }));
  const asker = { system: 'nas', caller: plan.caller, signal: new AbortController().signal };
  expect(textOf(await nas.engine.planUndo(asker, plan.id))).toContain('does not come back');
});
