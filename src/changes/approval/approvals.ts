/** Asks a person for approval: opens the places when the first plan needs them, and waits for the end of a plan. */
import { limitedBy, unlessAborted } from '../../truenas/abort.ts';
import type { Log } from '../../truenas/log.ts';
import type { WriteCredential } from '../../truenas/sign-in/write-sign-in.ts';
import type { WriteSession } from '../../truenas/write-session.ts';
import type { Applied, ChangeEngine } from '../engine.ts';
import type { Plan } from '../plan.ts';
import type { Approvals } from '../request.ts';
import { createApprovalDesk } from './desk.ts';
import { openBrowser, openPage, openSocket, type Place } from './places.ts';

/** Parts of the approvals. */
export interface ApprovalsDeps {
  readonly engine: ChangeEngine;
  readonly openSession: (system: string, credential: WriteCredential) => Promise<WriteSession>;
  readonly log: Log;
  readonly now: () => number;
  /** Opens an address in a browser; that of this machine when absent. */
  readonly openUrl?: (url: string) => Promise<boolean>;
  /** Folder of the sockets; the user's own when absent. */
  readonly folder?: string;
}

/** The approvals of a process, and the end of them. */
export interface OpenApprovals extends Approvals {
  close(): Promise<void>;
}

/** Makes the approvals; nothing is listened to before a plan needs a person. */
export function createApprovals(deps: ApprovalsDeps): OpenApprovals {
  const { engine, log, now } = deps;
  const offered = new Set<string>();
  const opened = new Set<string>();
  const desk = createApprovalDesk({ engine, offered, openSession: deps.openSession, log, now });
  let places: Promise<{ page: Place | undefined; socket: Place | undefined }> | undefined;

  const open = async (what: string, place: Promise<Place>): Promise<Place | undefined> =>
    place.catch((error: unknown) => {
      log.warn(`${what} cannot be opened`, { error });
      return undefined;
    });

  async function openPlaces() {
    const [page, socket] = await Promise.all([
      open('the approval page', openPage(desk, log)),
      open('the socket for approvals in a terminal', openSocket(desk, log, deps.folder)),
    ]);
    return { page, socket };
  }

  return {
    async offer(plan) {
      offered.add(plan.id);
      places ??= openPlaces();
      const { page, socket } = await places;
      const inTerminal = 'with "truenas-mcp approve" in a terminal on the machine of this server';
      const ways = [
        ...(page === undefined ? [] : ['on the approval page in their browser']),
        ...(socket === undefined ? [] : [inTerminal]),
      ];
      return {
        url: page === undefined ? undefined : `${page.address}/${plan.id}`,
        where:
          ways.length === 0
            ? 'no place for approvals could be opened; see the log.'
            : `it is approved ${ways.join(', or ')}.`,
        unasked:
          socket === undefined
            ? 'it has to wait, as no terminal reaches this server; see the log.'
            : `it is approved ${inTerminal}.`,
      };
    },
    async openInBrowser(url) {
      // Asked about again and again, the same plan opens one window.
      if (opened.has(url)) return true;
      opened.add(url);
      return (deps.openUrl ?? openBrowser)(url);
    },
    ended: (plan, options) => endOf(plan, options, now),
    async close() {
      const { page, socket } = (await places) ?? {};
      await Promise.all([page?.close(), socket?.close(), desk.close()]);
    },
  };
}

async function endOf(
  plan: Plan,
  { signal, waitMs }: { readonly signal: AbortSignal; readonly waitMs: number },
  now: () => number,
): Promise<Applied | undefined> {
  // An open plan ends with its time; one that is being applied does not.
  const left = plan.phase === 'applying' ? waitMs : Math.max(0, Math.min(waitMs, plan.expiresAtMs - now()));
  if (plan.outcome === undefined) await firstOf(plan.ended, left, signal);
  return plan.outcome === undefined ? undefined : { plan, outcome: plan.outcome, undo: plan.undo };
}

/** Resolves with the first of: the promise, the time, the signal. */
async function firstOf(promise: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  // A signal that has fired is not heard any more.
  if (signal.aborted) return;
  const limit = limitedBy(signal, ms);
  try {
    await unlessAborted(promise, limit.signal, () => new Error('not waited for'));
  } catch {
    // Nobody has answered yet.
  } finally {
    limit.release();
  }
}
