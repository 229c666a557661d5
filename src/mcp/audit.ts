/** The step that notes every call, as it ended, in the audit trail. */
import type { AuditTrail } from '../telemetry/audit.ts';
import type { Step, ToolCall } from './chain.ts';

/** Longest reason that is noted. */
const MAX_REASON = 300;

/** Notes who asked for what, how it ended and how long it took; what was answered is not noted. */
export function auditCalls(trail: AuditTrail): Step<ToolCall> {
  return async (call, next) => {
    const startedMs = performance.now();
    const record = (outcome: 'ok' | 'error' | 'cancelled', reason?: string) =>
      trail.record({
        event: 'call',
        tool: call.tool.name,
        arguments: call.args,
        outcome,
        ms: Math.round(performance.now() - startedMs),
        ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_REASON) }),
      });
    try {
      const result = await next(call);
      const [block] = result.content ?? [];
      if (result.isError === true) record('error', block?.type === 'text' ? block.text : undefined);
      else record('ok');
      return result;
    } catch (error) {
      record(
        call.signal.aborted ? 'cancelled' : 'error',
        error instanceof Error ? error.message : String(error),
      );
      throw error;
    }
  };
}
