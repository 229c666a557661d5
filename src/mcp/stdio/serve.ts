/** Serves MCP over standard input and output until the client goes away or the process is told to stop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Readable, Transform, Writable } from 'node:stream';
import type { McpServerFactory, Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../../truenas/log.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import { withBackpressure } from './backpressure.ts';
import { withDrain } from './drain.ts';
import { withInvalidLines } from './invalid-lines.ts';
import { withPings } from './pings.ts';
import { withSubscriptions } from './subscriptions.ts';
import { wrapTransport } from './wrap-transport.ts';
import { withWriteBatch } from './write-batch.ts';

/** A served connection. */
export interface StdioService {
  /** Resolves when the client has gone; what it asked may still be under way. */
  readonly ended: Promise<void>;
  /** Resolves when all that was asked has been answered, at the latest after `limitMs`, or when nobody can read it. */
  drained(limitMs: number): Promise<void>;
  /** Ends at once; what is still under way is answered with an error that says so. */
  close(): Promise<void>;
}

/** The two ends of the client's pipe; nothing else may write to `stdout`. */
export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Largest message that a client may send; a longer one ends the connection. */
const MESSAGE_LIMIT_BYTES = 16 * 1024 * 1024;

/** Starts serving both protocol eras. Without `watches` no client gets updates. */
export function serveOnStdio(
  factory: McpServerFactory,
  { stdin, stdout }: StdioStreams,
  log: Log,
  watches?: Watches,
): StdioService {
  // The SDK drops unanswered requests when its input ends: end the SDK's input only after they were answered.
  const input = withBackpressure(stdin, stdout);
  stdin.pipe(input, { end: false });
  // The SDK listens once per answer that waits for a slow reader.
  stdout.setMaxListeners(0);
  const lines = new StdioServerTransport(input, stdout, { maxBufferSize: MESSAGE_LIMIT_BYTES });
  const requests = withDrain(withPings(withInvalidLines(lines, input)));
  const { transport, closed } = withClosed(withWriteBatch(requests, stdout));
  const handle = serveStdio(factory, {
    transport: watches === undefined ? transport : withSubscriptions(transport, watches),
    onerror: (error) => {
      // A client that is gone is how every session ends.
      if ('code' in error && error.code === 'EPIPE') log.debug('the client stopped reading');
      else log.warn('MCP message not handled', { error });
    },
  });
  const inputEnded = eitherOf(stdin, ['end', 'close', 'error']);
  const outputEnded = eitherOf(stdout, ['close', 'error']);
  // Nobody reads the rest of a message that was too long: drop it, or it would be waited for without end.
  void closed.then(() => input.destroy());
  return {
    drained: (limitMs) => Promise.race([requests.drained(limitMs), outputEnded]),
    ended: Promise.race([inputEnded.then(() => untilRead(input)), outputEnded, closed]),
    close: async () => {
      stdin.unpipe(input);
      requests.abandon();
      await handle.close();
    },
  };
}

/** A transport, and when it was closed: by us, or by itself over a message that was too long. */
function withClosed(inner: Transport): { transport: Transport; closed: Promise<void> } {
  let onClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  return { transport: wrapTransport(inner, { closed: () => onClosed() }), closed };
}

function eitherOf(stream: Readable | Writable, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of events) stream.once(event, () => resolve());
  });
}

/** Resolves when the transport has read everything that came in. */
async function untilRead(input: Transform): Promise<void> {
  do await nextTurn();
  while (input.readableLength + input.writableLength > 0 && !input.destroyed);
}
