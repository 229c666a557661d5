/** A tool called over HTTP by a client written by hand. */
import type { ERAS } from './eras.ts';

/** Where the server listens, and what it asks for. */
interface Listener {
  readonly url: string;
  readonly token: string;
}

/** Calls a tool without arguments. */
export function callOverHttp(
  { url, token }: Listener,
  [revision, era]: (typeof ERAS)[number],
  name: string,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${token}`,
      'MCP-Protocol-Version': revision,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { ...era.envelope, name, arguments: {} },
    }),
    ...(signal === undefined ? {} : { signal }),
  });
}
