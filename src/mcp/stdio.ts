/** Serves MCP over standard input and output until the client goes away or the process is told to stop. */
import type { Readable, Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../truenas/log.ts';

/** A served connection. */
export interface StdioService {
  /** Resolves when the client has gone or `close` was called. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Largest message that a client may send; a longer one ends the connection. */
const MESSAGE_LIMIT_BYTES = 16 * 1024 * 1024;

/** The two ends of the client's pipe; nothing else may write to `stdout`. */
export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Starts serving both protocol eras. */
export function serveOnStdio(
  factory: McpServerFactory,
  { stdin, stdout }: StdioStreams,
  log: Log,
): StdioService {
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MESSAGE_LIMIT_BYTES });
  const handle = serveStdio(factory, {
    transport,
    onerror: (error) => log.warn('MCP message not handled', { error }),
  });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error'] as const) stdin.once(event, () => resolve());
    stdout.once('error', () => resolve());
    stdout.once('close', () => resolve());
  });
  return {
    ended,
    close: () => handle.close(),
  };
}
