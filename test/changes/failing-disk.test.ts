/**
 * A disk that is full or fails, under each line of audit and journal: before a call is sent, it is not sent, and that is
 * said; afterwards, what was done is told, and can be taken back.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCAL_CALLER } from '../../src/access/caller.ts';
import { createChangeAudit } from '../../src/changes/audit-chain.ts';
import { verifyAudit } from '../../src/changes/audit-verify.ts';
import { createJournal } from '../../src/changes/journal.ts';
import { type ChangeNas, changeNas } from './support/change-nas.ts';
import { type DiskFault, failDisk, hasFaultyDisk } from './support/faulty-disk.ts';
import { applied, plannedTogether } from './support/plan-of.ts';
import { outcomeText } from '../../src/changes/outcome-text.ts';

/** The lines of a change of two calls, in the order in which they are written. */
const LINES = [
  ['audit.jsonl', 1, 'the intent', 0],
  ['journal.jsonl', 1, 'the intent', 0],
  ['audit.jsonl', 2, 'the first call', 0],
  ['journal.jsonl', 2, 'the first call', 0],
  ['audit.jsonl', 3, 'its answer', 1],
  ['audit.jsonl', 4, 'the second call', 1],
  ['journal.jsonl', 3, 'the second call', 1],
  ['audit.jsonl', 5, 'its answer', 2],
  ['audit.jsonl', 6, 'the outcome', 2],
  ['journal.jsonl', 4, 'the end', 2],
] as const;

const CASES = LINES.flatMap(([file, line, what, sent]) =>
  (['full', 'half', 'flush', 'stuck'] as const).map((kind) => ({ file, line, what, sent, kind })),
);

const STEPS = [
  ['create_snapshot', { dataset: 'tank/media', name: 'before' }],
  ['update_dataset', { dataset: 'tank/documents', quota: '40T' }],
] as const;
const METHODS = ['pool.snapshot.create', 'pool.dataset.update'];

describe.skipIf(!hasFaultyDisk)('with a disk that fails', () => {
  it.each(CASES)(
    '($kind) under $what in $file, $sent of two calls are sent, and that is told',
    async ({ file, line, what, sent, kind }) => {
      const nas = await changeNas();
      const mend = await failDisk({ file: join(nas.folder, file), kind, line });
      const done = await applied(nas, await plannedTogether(nas, STEPS));
      const text = outcomeText(done.plan, done.outcome, done.undo);
      expect(nas.writes().map(({ method }) => method)).toEqual(METHODS.slice(0, sent));
      expect(text).toMatch(HEADLINES[sent]);
      // The disk stays broken: what comes after the first failure cannot be noted either.
      expect(text.includes('NOT NOTED')).toBe(sent > 0 || what === 'the first call');
      expect(text).toMatch(/cannot be written: (?:ENOSPC|EIO)/u);

      mend();
      const ids = (await journalOf(nas)).map(({ id }) => id);
      expect(sent === 0 || ids.includes(done.plan.id)).toBe(true);
      expect(sent === 0 ? 'DONE' : await undoneText(nas, done.plan.id)).toMatch(/^DONE/u);
      const later = await applied(
        nas,
        await plannedTogether(nas, [['create_snapshot', { dataset: 'tank/media', name: 'later' }]]),
      );
      expect(later.outcome).toMatchObject({ kind: 'applied' });
      expect(later.outcome.unnoted).toBeUndefined();
      const { problems } = await verifyAudit(nas.auditFile);
      // A part of a line that stayed is no entry, and is told as such.
      const torn = kind === 'stuck' && file === 'audit.jsonl';
      expect(
        problems.map(({ reason }) => reason).filter((reason) => !torn || reason !== 'it is not an entry'),
      ).toEqual([]);
    },
  );
});

const HEADLINES = [
  /^(?:NOTHING WAS SENT|FAILED, nothing was changed)/u,
  /^DONE IN PART[\s\S]*1\. done[\s\S]*2\. not sent[\s\S]*undo: undo_change/u,
  /^DONE, and seen[\s\S]*undo: undo_change/u,
] as const;

async function undoneText(nas: ChangeNas, id: string): Promise<string> {
  const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
  const { plan, outcome, undo } = await applied(nas, await nas.engine.planUndo(asker, id));
  return outcomeText(plan, outcome, undo);
}

/** As another process reads it. */
function journalOf({ folder }: ChangeNas) {
  return createJournal({ folder, redact: (value) => value }).entries();
}

describe.skipIf(!hasFaultyDisk)('the key of the audit', () => {
  it.each(['full', 'stuck'] as const satisfies readonly DiskFault['kind'][])(
    'that a disk (%s) had no room for is made once there is room',
    async (kind) => {
      const nas = await changeNas();
      const audit = createChangeAudit({ file: nas.auditFile, redact: (value) => value, now: () => 0 });
      const mend = await failDisk({ file: '', kind, line: 1 });
      await expect(audit.record({ event: 'change.intent' })).rejects.toThrow('The key of the audit');
      mend();
      await audit.record({ event: 'change.intent' });
      expect(await verifyAudit(nas.auditFile)).toMatchObject({ entries: 1, problems: [] });
    },
  );
});
