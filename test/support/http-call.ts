/** A tool called over HTTP by a client written by hand. */
import type { ERAS } from './eras.ts';

/** Where the server listens, and what it asks for. */
interface Listener {
  readonly url: string;
  readonly token: string;
}

/** Calls a tool without arguments. */
export function callOverHttp(
  listener: Listener,
  era: (typeof ERAS)[number],
  name: string,
  signal?: AbortSignal,
): Promise<Response> {
  return requestOverHttp(listener, era, 'tools/call', { name, arguments: {} }, signal);
}

/** One request in the form of an era. */
export function requestOverHttp(
  { url, token }: Listener,
  [revision, era]: (typeof ERAS)[number],
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${token}`,
      'MCP-Protocol-Version': revision,
      'Mcp-Method': method,
      ...(typeof params['name'] === 'string' ? { 'Mcp-Name': params['name'] } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...era.envelope, ...params } }),
    ...(signal === undefined ? {} : { signal }),
  });
}
