/** Answers lines that are no JSON-RPC message. The SDK passes over them, and their sender would wait until it gives up. */
import type { Readable } from 'node:stream';
import {
  type JSONRPCMessage,
  parseJSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';

const LINE_BREAK = 10;

/**
 * Wraps a transport that reads lines from `input`; messages pass through unchanged. Lines are only counted, and looked at
 * again when not all of them were messages: what the SDK makes of a line, it tells nobody.
 */
export function refusing(inner: Transport, input: Readable): Transport {
  let delivered = 0;
  let unfinished: Buffer[] = [];
  const review = (chunk: Buffer): void => {
    const end = chunk.lastIndexOf(LINE_BREAK);
    if (end < 0) return void unfinished.push(chunk);
    if (lineBreaks(chunk) > delivered) {
      const lines = Buffer.concat([...unfinished, chunk.subarray(0, end)]).toString('utf8');
      for (const refusal of lines.split('\n').flatMap(refusalsOf)) {
        inner
          .send(refusal)
          .catch((error: unknown) =>
            outer.onerror?.(error instanceof Error ? error : new Error(String(error))),
          );
      }
    }
    delivered = 0;
    unfinished = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
  };
  const outer: Transport = {
    start() {
      const started = inner.start();
      // After the transport's own listener: by then it has delivered the messages of the same bytes.
      input.on('data', review);
      return started;
    },
    close: () => inner.close(),
    send: (message: JSONRPCMessage, options?: TransportSendOptions) => inner.send(message, options),
  };
  inner.onmessage = (message, extra) => {
    delivered += 1;
    outer.onmessage?.(message, extra);
  };
  inner.onerror = (error) => outer.onerror?.(error);
  inner.onclose = () => {
    input.off('data', review);
    unfinished = [];
    outer.onclose?.();
  };
  return outer;
}

function lineBreaks(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, at + 1)) count += 1;
  return count;
}

/** What to say about a line; nothing about a message or a blank line. */
function refusalsOf(line: string): JSONRPCMessage[] {
  if (line.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [refusal(ProtocolErrorCode.ParseError, 'Parse error: this line is not JSON', undefined)];
  }
  try {
    parseJSONRPCMessage(value);
    return [];
  } catch {
    return invalid(value);
  }
}

function invalid(value: unknown): JSONRPCMessage[] {
  const text = 'Invalid Request: this is not a JSON-RPC 2.0 message of MCP';
  if (Array.isArray(value)) {
    const ids = value.map(idOf).filter((id) => id !== undefined);
    const batch = `${text}, which has no batches: send each message on a line of its own`;
    return (ids.length === 0 ? [undefined] : ids).map((id) =>
      refusal(ProtocolErrorCode.InvalidRequest, batch, id),
    );
  }
  if (isNeverAnswered(value)) return [];
  return [refusal(ProtocolErrorCode.InvalidRequest, text, idOf(value))];
}

/** Spoilt notifications, and spoilt answers: two programs that answer each other's answers would never come to an end. */
function isNeverAnswered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('method' in value) return typeof value.method === 'string' && !('id' in value);
  return 'result' in value || 'error' in value;
}

function idOf(value: unknown): string | number | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  const { id } = value;
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : undefined;
}

/** Without an id where none could be read: JSON-RPC 2.0 would have `null` there, which MCP's schema does not know. */
function refusal(code: number, message: string, id: string | number | undefined): JSONRPCMessage {
  return { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error: { code, message } };
}
