/** Answers lines that are no JSON-RPC message. The SDK passes over them, and their sender would wait until it gives up. */
import type { Readable } from 'node:stream';
import {
  type JSONRPCMessage,
  parseJSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
} from '@modelcontextprotocol/server';
import { reportError, wrapTransport } from './wrap-transport.ts';

const LINE_BREAK = 10;

/**
 * Wraps a transport that reads lines from `input`. The SDK tells nobody what it makes of a line, so lines and messages are
 * counted, and the lines parsed again only when there were fewer messages.
 */
export function withInvalidLines(inner: Transport, input: Readable): Transport {
  let messages = 0;
  let unfinished: Buffer[] = [];
  const review = (chunk: Buffer): void => {
    const end = chunk.lastIndexOf(LINE_BREAK);
    if (end < 0) return void unfinished.push(chunk);
    if (lineBreaks(chunk) > messages) {
      const lines = Buffer.concat([...unfinished, chunk.subarray(0, end)]).toString('utf8');
      for (const refusal of lines.split('\n').flatMap(refusalsOf))
        inner.send(refusal).catch((error: unknown) => reportError(outer, error));
    }
    messages = 0;
    unfinished = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
  };
  const outer = wrapTransport(inner, {
    // The transport listens first: it has delivered the messages of a chunk before their lines are counted.
    started: () => void input.on('data', review),
    received() {
      messages += 1;
    },
    closed() {
      input.off('data', review);
      unfinished = [];
    },
  });
  return outer;
}

function lineBreaks(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, at + 1)) count += 1;
  return count;
}

/** The errors that answer a line; none for a message or a blank line. */
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

/** Malformed notifications, and malformed answers: two programs that answered each other's answers would never end. */
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

/** An error without an id where none could be read: JSON-RPC 2.0 has `null` there, which MCP's schema does not allow. */
function refusal(code: number, message: string, id: string | number | undefined): JSONRPCMessage {
  return { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error: { code, message } };
}
