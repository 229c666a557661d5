/**
 * What this server changed, so that it can be listed and taken back: in memory, and in `TRUENAS_STATE_DIR` when that is set.
 * An entry is written before anything is sent. After a crash, an entry without an end says that its outcome is unknown.
 * Holds no secret: everything passes the redactor, and where a call needs one, its placeholder stands.
 */
import { isLarge, rotate, rotatedFiles } from './rotation.ts';
import { durableLines, inFolder, openStateFolder, readLines } from './state-folder.ts';
import type { PlannedCall, Target } from './change.ts';
import type { Judgement } from '../policy/risk/index.ts';
import { type JournalLine, journalLine } from './journal-line.ts';
import type { OutcomeKind } from './outcome.ts';
import { withPlaceholders } from './secrets.ts';

/** How the undo of a finished change looks, its references resolved. */
export type JournalUndo =
  | { readonly calls: readonly PlannedCall[]; readonly lost: readonly string[] }
  | { readonly impossible: string };

/** One change. */
export interface JournalEntry {
  /** Id of its plan. */
  readonly id: string;
  readonly system: string;
  readonly callerId: string;
  readonly tool: string;
  readonly summary: string;
  readonly calls: readonly PlannedCall[];
  readonly judgement: Judgement;
  readonly startedAtMs: number;
  /** Process that made it. */
  readonly pid: number;
  /** Number of calls that were about to be sent. */
  readonly begun: number;
  /** Absent while it runs, and after a crash. */
  readonly end?: JournalEnd;
  readonly undoOf?: string | undefined;
}

/** The end of a change. */
export interface JournalEnd {
  readonly kind: OutcomeKind;
  readonly account?: string | undefined;
  readonly endedAtMs: number;
  readonly undo: JournalUndo;
  /** The targets as they were found afterwards: `before` is what an undo expects, `after` what it restores. */
  readonly undoTargets: readonly Target[];
}

/** The changes of this server. */
export interface Journal {
  /** @throws StateProblem when it cannot be written: nothing may be sent then. */
  intend(entry: Omit<JournalEntry, 'begun' | 'end' | 'pid'>): Promise<void>;
  sending(id: string, call: number): Promise<void>;
  end(id: string, end: JournalEnd): Promise<void>;
  /** Newest first. */
  entries(): Promise<readonly JournalEntry[]>;
  find(id: string): Promise<JournalEntry | undefined>;
}

/** Parts of a journal. */
export interface JournalOptions {
  /** Memory alone without it. */
  readonly folder: string | undefined;
  readonly redact: <Value>(value: Value) => Value;
}

const FILE = 'journal.jsonl';
const MAX_ENTRIES = 500;
const MAX_BYTES = 4 * 1024 * 1024;

/** Makes the journal; the file is read when it is first asked for. */
export function createJournal({ folder, redact }: JournalOptions): Journal {
  const entries = new Map<string, JournalEntry>();
  let loaded: Promise<void> | undefined;
  const path = folder === undefined ? undefined : inFolder(folder, FILE);
  const lines = path === undefined ? undefined : durableLines(path);

  async function load(): Promise<void> {
    if (folder === undefined || path === undefined) return;
    await openStateFolder(folder);
    const older = (await rotatedFiles(path)).map((file) => file.path);
    for (const file of [...older, path])
      for (const line of await readLines(file)) note(entries, journalLine(line));
  }
  const ready = () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };

  async function write(line: JournalLine): Promise<void> {
    await ready();
    const clean = withPlaceholders(redact(line), line);
    if (path !== undefined && lines !== undefined) {
      if (line.event === 'intent' && isLarge(lines, MAX_BYTES)) await rotate(path, MAX_BYTES, 1);
      await lines.append(JSON.stringify(clean));
    }
    note(entries, clean);
  }

  return {
    intend: (entry) => write({ event: 'intent', entry: { ...entry, pid: process.pid } }),
    sending: (id, call) => write({ event: 'sending', id, call }),
    end: (id, end) => write({ event: 'end', id, end }),
    async entries() {
      await ready();
      return [...entries.values()].reverse();
    },
    async find(id) {
      await ready();
      return entries.get(id);
    },
  };
}

function note(entries: Map<string, JournalEntry>, line: JournalLine | undefined): void {
  if (line === undefined) return;
  if (line.event === 'intent') {
    entries.set(line.entry.id, { ...line.entry, begun: 0 });
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    return;
  }
  const entry = entries.get(line.id);
  if (entry === undefined) return;
  entries.set(
    line.id,
    line.event === 'sending'
      ? { ...entry, begun: Math.max(entry.begun, line.call + 1) }
      : { ...entry, end: line.end },
  );
}
