/** Lines of the journal's file, parsed at the border: a crash may have torn one, and somebody may have altered one. */
import * as z from 'zod';
import type { JournalEnd, JournalEntry } from './journal.ts';

/** One line. */
export type JournalLine =
  | { readonly event: 'intent'; readonly entry: Omit<JournalEntry, 'begun' | 'end'> }
  | { readonly event: 'sending'; readonly id: string; readonly call: number }
  | { readonly event: 'end'; readonly id: string; readonly end: JournalEnd };

/** A line of the file; undefined for what is torn or odd: it must not keep the rest from being read. */
export function journalLine(text: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is JournalLine {
  return LINE.safeParse(value).success;
}

const NAME = z.string().max(300);
const TEXT = z.string().max(10_000);
/** Within what a date can be. */
const INSTANT = z.number().min(-8.64e15).max(8.64e15);
const INDEX = z.int().min(0);
const STATE = z.record(z.string(), z.unknown());

const CALL = z.object({
  method: NAME,
  params: z.array(z.unknown()),
  purpose: TEXT,
  before: z.unknown().optional(),
  facts: STATE.optional(),
  undoes: INDEX.optional(),
  remakes: TEXT.optional(),
});

const READ = z.object({
  method: NAME,
  params: z.array(z.unknown()),
  where: z.tuple([NAME, z.unknown()]).optional(),
  absentText: TEXT.optional(),
  isList: z.literal(true).optional(),
});

const TARGET = z.object({
  name: TEXT,
  dataset: TEXT.optional(),
  changedBy: INDEX,
  checkedFrom: INDEX.optional(),
  read: READ,
  identity: z.array(TEXT),
  before: z.union([z.literal('absent'), STATE]),
  after: z.union([z.literal(['absent', 'present']), STATE]),
  written: z.array(TEXT).optional(),
  heldAlone: z.array(TEXT).optional(),
  isOnlyRead: z.literal(true).optional(),
  readAgain: READ.optional(),
  renewed: z.array(TEXT).optional(),
  goesAway: z.literal(true).optional(),
});

const LINE = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('intent'),
    entry: z.object({
      id: NAME,
      system: NAME,
      callerId: NAME,
      tool: NAME,
      summary: TEXT,
      calls: z.array(CALL),
      judgement: z.object({
        risk: z.enum(['reversible', 'configuration', 'exposes', 'destroys', 'executes']),
        reasons: z.array(TEXT),
        level: z.enum(['operate', 'manage', 'destroy']),
      }),
      startedAtMs: INSTANT,
      pid: INDEX,
      undoOf: NAME.optional(),
    }),
  }),
  z.object({ event: z.literal('sending'), id: NAME, call: INDEX }),
  z.object({
    event: z.literal('end'),
    id: NAME,
    end: z.object({
      kind: z.enum(['applied', 'differs', 'partly', 'failed', 'unknown', 'moved', 'refused']),
      account: TEXT.optional(),
      endedAtMs: INSTANT,
      undo: z.union([
        z.object({ calls: z.array(CALL), lost: z.array(TEXT) }),
        z.object({ impossible: TEXT }),
      ]),
      undoTargets: z.array(TARGET),
    }),
  }),
]);
