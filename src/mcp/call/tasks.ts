/**
 * Changes that take long as MCP tasks (extension io.modelcontextprotocol/tasks, MCP 2026-07-28): a client that declares it gets
 * a handle instead of the answer, and asks for the answer later. Tasks live in this process, as plans do.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallToolResult, CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server';
import type { Caller } from '../../access/caller.ts';
import { problemText } from '../../output/problem.ts';
import { isoInstant } from '../../output/time.ts';
import type { Call, Step } from './middleware.ts';

/** Name of the extension, in the capabilities of both sides. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** A client that did not wait for an answer may come for it this long, in milliseconds. */
const TASK_LIFE_MS = 24 * 60 * 60_000;
/** Most tasks that are kept; the oldest of those that ended go first. */
const MAX_TASKS = 200;
const POLL_INTERVAL_MS = 3_000;
/** What ends within this time is answered at once. */
const PATIENCE_MS = 2_000;

/** A task as `tasks/get` tells it. */
export type TaskState = Readonly<Record<string, unknown>> & {
  readonly taskId: string;
  readonly status: 'working' | 'completed' | 'cancelled';
};

/** What a change does with the task that its call may become. */
export interface TaskHooks {
  /** Nothing is left but to wait: from now on the call may become a task. @param describe what is waited for */
  begun(describe: () => string): void;
  /** What is going on on the NAS, for whoever asks. */
  progress(text: string): void;
  /** The client wants no result any more. @param cancel ends the change if it can still be ended; true when it did */
  onCancel(cancel: () => Promise<boolean>): void;
  /** Outlives the request. */
  readonly signal: AbortSignal;
}

/** The tasks of a process. */
export interface Tasks {
  /** Makes a task of a call that takes long, for clients that declare the extension with it. The outermost step. */
  readonly step: Step;
  /** Undefined for a task of another caller, process or time. */
  get(taskId: string, caller: Caller): TaskState | undefined;
  /** Asks for the end of a task. @returns false when it is unknown */
  cancel(taskId: string, caller: Caller): Promise<boolean>;
}

interface Task {
  readonly id: string;
  readonly callerId: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  describe: () => string;
  result: CallToolResult | undefined;
  isCancelled: boolean;
  cancel: () => Promise<boolean>;
}

/** Parts of the tasks. */
export interface TasksDeps {
  readonly now: () => number;
  /** Takes secrets out of what a NAS says of its progress. */
  readonly redact: (text: string) => string;
  /** {@link PATIENCE_MS} when absent. */
  readonly patienceMs?: number | undefined;
}

/** Makes an empty store. */
export function createTasks({ now, redact, patienceMs = PATIENCE_MS }: TasksDeps): Tasks {
  const tasks = new Map<string, Task>();

  function find(taskId: string, caller: Caller): Task | undefined {
    const task = tasks.get(taskId);
    if (task === undefined || task.callerId !== caller.id) return undefined;
    return now() - task.createdAtMs < TASK_LIFE_MS ? task : undefined;
  }

  function forgetOldest(): void {
    for (const [id, { result, createdAtMs }] of tasks) {
      const isOld = now() - createdAtMs >= TASK_LIFE_MS;
      if (isOld || (tasks.size >= MAX_TASKS && result !== undefined)) tasks.delete(id);
    }
  }

  const step: Step = async (call, next) => {
    if (!declaresTasks(call)) return next(call);
    const ended = new AbortController();
    const task: Task = {
      id: randomBytes(24).toString('base64url'),
      callerId: call.caller.id,
      createdAtMs: now(),
      updatedAtMs: now(),
      describe: () => 'under way',
      result: undefined,
      isCancelled: false,
      cancel: async () => false,
    };
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const hooks: TaskHooks = {
      begun(describe) {
        task.describe = describe;
        begin();
      },
      progress(text) {
        task.describe = () => text;
        task.updatedAtMs = now();
      },
      onCancel(cancel) {
        task.cancel = cancel;
      },
      signal: ended.signal,
    };
    // Until it is a task, a client that gives its request up gives up waiting.
    const giveUp = (): void => ended.abort();
    call.signal.addEventListener('abort', giveUp, { once: true });
    const answer = next({ ...call, task: hooks });
    const isLong = await Promise.race([
      answer.then(() => false),
      begun.then(() => sleep(patienceMs, true, { ref: false })),
    ]);
    if (!isLong || ended.signal.aborted) return answer;
    call.signal.removeEventListener('abort', giveUp);
    forgetOldest();
    tasks.set(task.id, task);
    const end = (result: CallToolResult): void => {
      task.result = result;
      task.updatedAtMs = now();
    };
    void answer.then(end, (error: unknown) =>
      end({ content: [{ type: 'text', text: redact(problemText(error)) }], isError: true }),
    );
    return { resultType: 'task', ...stateOf(task), content: [] };
  };

  function stateOf({ id, createdAtMs, updatedAtMs, describe, result, isCancelled }: Task): TaskState {
    const common = {
      taskId: id,
      createdAt: isoInstant(createdAtMs),
      lastUpdatedAt: isoInstant(updatedAtMs),
      ttlMs: TASK_LIFE_MS,
      pollIntervalMs: POLL_INTERVAL_MS,
    };
    if (isCancelled) return { ...common, status: 'cancelled', statusMessage: 'nothing was changed' };
    return result === undefined
      ? { ...common, status: 'working', statusMessage: redact(describe()) }
      : { ...common, status: 'completed', result: { resultType: 'complete', ...result } };
  }

  return {
    step,
    get(taskId, caller) {
      const task = find(taskId, caller);
      return task === undefined ? undefined : stateOf(task);
    },
    async cancel(taskId, caller) {
      const task = find(taskId, caller);
      if (task === undefined) return false;
      if (task.result === undefined && (await task.cancel())) {
        task.isCancelled = true;
        task.updatedAtMs = now();
      }
      return true;
    },
  };
}

/** A task may be answered to a request that declares it, and to no other; 2025-11-25 declares nothing with a request. */
function declaresTasks({ mcp, subject }: Call): boolean {
  if (subject.kind !== 'tool' || subject.tool.kind === 'read') return false;
  const envelope: Readonly<Record<string, unknown>> = { ...mcp.mcpReq.envelope };
  const declared = envelope[CLIENT_CAPABILITIES_META_KEY];
  if (typeof declared !== 'object' || declared === null || !('extensions' in declared)) return false;
  const { extensions } = declared;
  return typeof extensions === 'object' && extensions !== null && TASKS_EXTENSION in extensions;
}
