/** The step that notes every call, as it ended, in the audit trail. */
import { denialFor } from '../../policy/denials.ts';
import type { AuditTrail } from '../../telemetry/audit.ts';
import type { Step } from './middleware.ts';

/** Notes who asked for what, how it ended and how long it took; what was answered is not noted. */
export function auditCalls(trail: AuditTrail): Step {
  return async (call, next) => {
    const { subject } = call;
    const startedMs = performance.now();
    // A tool that leaves out what it could not read ends well also when it was cancelled.
    const record = (outcome: 'ok' | 'error', reason?: string) =>
      trail.record({
        event: 'call',
        ...(subject.kind === 'tool'
          ? { tool: subject.tool.name, arguments: asked(call.args) }
          : { resource: subject.uri }),
        outcome: call.signal.aborted ? 'cancelled' : outcome,
        ms: Math.round(performance.now() - startedMs),
        ...(reason === undefined ? {} : { reason }),
      });
    try {
      const result = await next(call);
      const [block] = result.content ?? [];
      if (result.isError === true) record('error', block?.type === 'text' ? block.text : undefined);
      else record('ok');
      return result;
    } catch (error) {
      record('error', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
}

/** Notes a call of a tool that is not offered: what a client tried beyond its level is worth knowing. */
export function auditRefusals(trail: AuditTrail): (tool: string, args: unknown) => void {
  return (tool, args) =>
    trail.record({
      event: 'call',
      tool,
      arguments: asked(args),
      outcome: 'refused',
      reason: 'no such tool is offered',
    });
}

/** Notes what a client does beside calls: pages and resources that no step sees, and what it has completed. */
export interface DocumentAudit {
  /** A page of this server, or a URI that names nothing. */
  resource(uri: string, outcome: 'ok' | 'refused'): void;
  /** An argument of a prompt or a template, and the beginning that was typed. */
  completion(ref: string, argument: string, value: string): void;
}

/** Notes resources and completions. */
export function auditDocuments(trail: AuditTrail): DocumentAudit {
  return {
    resource: (uri, outcome) =>
      trail.record({
        event: 'call',
        resource: uri,
        outcome,
        ...(outcome === 'ok' ? {} : { reason: 'there is no such resource' }),
      }),
    completion: (ref, argument, value) =>
      trail.record({ event: 'call', completion: ref, arguments: { [argument]: value } }),
  };
}

/** What was asked; of an API method that is never called its name alone, as the parameters of some are bare passwords. */
function asked(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('method' in args)) return args;
  const { method } = args;
  return typeof method === 'string' && denialFor(method)?.isWholeMethod === true ? { method } : args;
}
