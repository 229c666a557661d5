/** `tasks/get`, `tasks/update` and `tasks/cancel` (extension io.modelcontextprotocol/tasks). */
import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Caller } from '../../access/caller.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Tasks } from '../call/tasks.ts';

const PARAMS = z.looseObject({ taskId: z.string().max(200) });

/** Registers the handlers. No task asks for input: its questions are asked before it begins. */
export function offerTasks({ server }: McpServer, tasks: Tasks, caller: Caller): void {
  server.setRequestHandler('tasks/get', { params: PARAMS }, async ({ taskId }) => {
    const task = tasks.get(taskId, caller);
    if (task === undefined) throw unknown(taskId);
    return { ...task };
  });
  server.setRequestHandler('tasks/update', { params: PARAMS }, async ({ taskId }) => {
    if (tasks.get(taskId, caller) === undefined) throw unknown(taskId);
    return {};
  });
  server.setRequestHandler('tasks/cancel', { params: PARAMS }, async ({ taskId }) => {
    if (!(await tasks.cancel(taskId, caller))) throw unknown(taskId);
    return {};
  });
}

function unknown(taskId: string): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `No task ${safeCell(taskId, 60)} is known here: another process of this server started it, or its time is over. Whether its change was made is not known from this; list_changes tells what was.`,
  );
}
