/** `list_changes`: what this server changed, newest first, and what of it can be taken back. */
import * as z from 'zod';
import type { JournalEntry } from '../../changes/journal.ts';
import { formatInstant, isoInstant } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineEngineTool } from '../define.ts';

const CHANGE = z.looseObject({
  change: z.string(),
  summary: z.string(),
  state: z.string(),
  at: z.string(),
  canBeUndone: z.boolean(),
});

export const listChanges = defineEngineTool({
  name: 'list_changes',
  toolset: 'changes',
  access: 'operate',
  title: 'List changes',
  words: 'what did you change history audit log earlier',
  description:
    'Changes made through this server, newest first: outcome, who, and whether undo_change can take them back.',
  input: z.strictObject({ limit: z.number().int().min(1).max(100).default(20) }),
  output: z.looseObject({ changes: z.array(CHANGE), total: z.int() }),
  uses: [],
  examples: [{ args: {}, why: 'the latest changes' }],
  async run(session, { limit }) {
    const all = await session.changes();
    const shown = all.slice(0, limit);
    const rest = all.length - shown.length;
    return {
      text: [
        all.length === 0
          ? 'No changes were made through this server.'
          : `${shown.length} of ${all.length} changes, newest first:`,
        ...shown.map(lineOf),
        ...(rest > 0 ? [`next: list_changes {"limit":${Math.min(100, limit + rest)}}`] : []),
      ].join('\n'),
      data: { changes: shown.map(dataOf), total: all.length },
    };
  },
});

/** A change without an end runs at this moment, or was cut off: only the process that makes it can tell. */
function stateOf({ end, pid }: JournalEntry): string {
  if (end !== undefined) return end.kind;
  return pid === process.pid ? 'running' : 'outcome unknown: cut off, or another process is at it';
}

function canBeUndone({ end }: JournalEntry): boolean {
  return end !== undefined && 'calls' in end.undo;
}

function lineOf(entry: JournalEntry): string {
  const { id, summary, startedAtMs, end, undoOf } = entry;
  const undo =
    end === undefined || !('impossible' in end.undo)
      ? ''
      : `; no undo: ${safeCell(end.undo.impossible, 120)}`;
  return [
    `${formatInstant(startedAtMs)} ${id} ${stateOf(entry)}: ${safeCell(summary, 200)}`,
    undoOf === undefined ? '' : ` (undo of ${undoOf})`,
    end?.account === undefined ? '' : `; by ${safeCell(end.account)}`,
    canBeUndone(entry) ? `; undo_change {"change":"${id}"}` : undo,
  ].join('');
}

function dataOf(entry: JournalEntry): z.input<typeof CHANGE> {
  return {
    change: entry.id,
    summary: safeCell(entry.summary, 200),
    state: stateOf(entry),
    at: isoInstant(entry.startedAtMs),
    canBeUndone: canBeUndone(entry),
  };
}
