/** Answers `ping` in the revision that no longer has it: clients that keep a connection alive by it would take an error for its end. */
import {
  isJSONRPCRequest,
  ProtocolErrorCode,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';
import { wrapTransport } from './wrap-transport.ts';

/** Wraps a transport: a `ping` that the server refuses as unknown is answered with nothing, as in earlier revisions. */
export function withPings(inner: Transport): Transport {
  const pings = new Set<RequestId>();
  return wrapTransport(inner, {
    received(message) {
      if (isJSONRPCRequest(message) && message.method === 'ping') pings.add(message.id);
    },
    send(message, pass) {
      if (!('id' in message) || message.id === undefined || 'method' in message || !pings.delete(message.id))
        return pass();
      const isRefused = 'error' in message && message.error.code === ProtocolErrorCode.MethodNotFound;
      return isRefused
        ? inner.send({ jsonrpc: '2.0', id: message.id, result: { resultType: 'complete' } })
        : pass();
    },
    closed: () => pings.clear(),
  });
}
