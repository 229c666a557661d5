/** Progress of a change, as the client and its task hear of it: on a way out of its own, besides the answer. */
import type { Progress } from '../../changes/engine.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Call } from './middleware.ts';

/** Longest message, in characters. */
const MESSAGE = 200;

/** Tells the client, if it asked, and the task. What a NAS says of its jobs is untrusted, and may hold a secret. */
export function progressOf(
  { _meta: meta, notify }: Pick<Call['mcp']['mcpReq'], '_meta' | 'notify'>,
  task: Pick<NonNullable<Call['task']>, 'progress'> | undefined,
  redacted: <Value>(value: Value) => Value,
): Progress {
  const progressToken = meta?.progressToken;
  let last = 0;
  return (text, percent) => {
    const message = safeCell(redacted({ message: text }).message, MESSAGE);
    task?.progress(percent === undefined ? message : `${percent} %: ${message}`);
    if (progressToken === undefined) return;
    // MCP demands that it grows with every message.
    last = Math.max(last + 0.01, percent ?? 0);
    void notify({
      method: 'notifications/progress',
      params: { progressToken, progress: last, total: 100, message },
    }).catch(() => {});
  };
}
