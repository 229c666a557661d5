/** Carries a call out, and a plan on to its application where a person wants it. */
import type { Client } from '@modelcontextprotocol/client';
import { ProtocolError } from '@modelcontextprotocol/client';
import { type Terminal, TerminalClosed } from '../terminal.ts';
import { type Asking, wantsIt } from './questions.ts';
import { isRecord } from './record.ts';

/** How a call ended. */
export interface Carried {
  readonly text: string;
  readonly data: unknown;
  readonly isError: boolean;
  /** Of changes: how they ended, or `planned`. */
  readonly state?: string;
}

/** A tool and its arguments. */
export interface Called {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The server says that the tool changes nothing. */
  readonly isReading: boolean;
}

/** A person may take their time, and a job of a NAS may take days; the most that a timer takes is 24 days. */
const PATIENCE_MS = 20 * 24 * 60 * 60_000;

/**
 * Calls the tool. A plan would end with this process, so the person is asked for it at once.
 * @throws ProtocolError for a tool that is not offered
 */
export async function carriedOut(
  client: Client,
  called: Called,
  asking: Asking,
  person: Terminal | undefined,
): Promise<Carried> {
  const first = await answered(client, called, asking);
  const { data, isError } = first;
  if (person === undefined || isError || !isRecord(data)) return first;
  if (PLANS.has(called.tool) && !(await isWanted(person, first.text))) return first;
  // A change that the person has approved may still be under way.
  const isOpen = (carried: Carried) => carried.state === 'planned' && !carried.isError;
  if (!PLANS.has(called.tool) && !isOpen(first)) return first;
  const { plan, summary } = data;
  const apply = { tool: 'apply_change', args: { plan, summary }, isReading: false };
  asking.agree();
  let last = await answered(client, apply, asking);
  while (isOpen(last)) last = await answered(client, apply, asking);
  return last;
}

/** Whoever closes the terminal wants nothing. */
async function isWanted(person: Terminal, plan: string): Promise<boolean> {
  try {
    return await wantsIt(person, plan);
  } catch (error) {
    if (error instanceof TerminalClosed) return false;
    throw error;
  }
}

/** Tools that plan and apply nothing. */
const PLANS: ReadonlySet<string> = new Set(['plan_change', 'plan_changes', 'undo_change']);

async function answered(client: Client, { tool, args, isReading }: Called, asking: Asking): Promise<Carried> {
  const { undecided } = asking;
  try {
    const result = await client.callTool(
      { name: tool, arguments: { ...args } },
      { timeout: PATIENCE_MS, signal: undecided },
    );
    const { structuredContent: data } = result;
    const text = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
    const state = isRecord(data) && typeof data['plan'] === 'string' ? data['state'] : undefined;
    const isError = result.isError === true;
    return { text, data, isError, ...(typeof state === 'string' ? { state } : {}) };
  } catch (error) {
    if (undecided.aborted) return { text: String(undecided.reason), data: undefined, isError: true };
    if (error instanceof ProtocolError) throw error;
    // The server is gone, and with it the end of what it had begun.
    const text = `The server ended before it answered (${error instanceof Error ? error.message : String(error)}).`;
    return isReading
      ? { text, data: undefined, isError: true }
      : {
          text: `${text} The change may have been applied: look before you repeat it.`,
          data: undefined,
          isError: true,
          state: 'unknown',
        };
  }
}
