/** Answers `ping` over HTTP in the revision that no longer has it, as over stdio: a client would take the error for the end of the server. */
import { type McpHttpHandler, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { isRecord } from '../listen-request.ts';

type Handler = Pick<McpHttpHandler, 'fetch'>;

/** The same handler; a `ping` that it refuses as unknown is answered with nothing. */
export function withPings(handler: Handler): Handler {
  return {
    async fetch(request, options) {
      const response = await handler.fetch(request, options);
      if (request.headers.get('mcp-method') !== 'ping') return response;
      const id = await unknownMethod(response.clone());
      return id === undefined
        ? response
        : Response.json({ jsonrpc: '2.0', id, result: { resultType: 'complete' } });
    },
  };
}

/** The id of the request that is answered with "method not found"; undefined for every other answer. */
async function unknownMethod(response: Response): Promise<unknown> {
  if (response.headers.get('content-type')?.includes('application/json') !== true) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  if (!isRecord(body) || !isRecord(body.error)) return undefined;
  return body.error.code === ProtocolErrorCode.MethodNotFound ? body.id : undefined;
}
