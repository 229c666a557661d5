/** Serves MCP over standard input and output until the client goes away or the process is told to stop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Readable, Transform, Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Log } from '../../truenas/log.ts';
import { draining } from './drain.ts';
import { gathering } from './write-batch.ts';
import { heldBack } from './backpressure.ts';
import { refusing } from './invalid-lines.ts';
import { type ChangeNotices, noticing } from '../handlers/subscriptions.ts';

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

/** Starts serving both protocol eras. */
export function serveOnStdio(
  factory: McpServerFactory,
  { stdin, stdout }: StdioStreams,
  log: Log,
  notices?: ChangeNotices,
): StdioService {
  // The SDK drops unanswered requests when its input ends, so it is shown the end only after they were answered.
  const input = heldBack(stdin, stdout);
  // The SDK listens once per answer that waits for a slow reader.
  stdout.setMaxListeners(0);
  stdin.pipe(input, { end: false });
  const transport = draining(
    refusing(new StdioServerTransport(input, stdout, { maxBufferSize: MESSAGE_LIMIT_BYTES }), input),
    gathering(stdout),
  );
  const handle = serveStdio(factory, {
    transport: notices === undefined ? transport : noticing(transport, notices),
    onerror: (error) => {
      // A client that is gone is how every session ends.
      if ('code' in error && error.code === 'EPIPE') log.debug('the client stopped reading');
      else log.warn('MCP message not handled', { error });
    },
  });
  const inputEnded = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error'] as const) stdin.once(event, () => resolve());
  });
  const outputEnded = new Promise<void>((resolve) => {
    for (const event of ['close', 'error'] as const) stdout.once(event, () => resolve());
  });
  // What is left of a message that was too long has no reader, and would be waited for until the end of time.
  void transport.closed.then(() => input.destroy());
  return {
    drained: (limitMs) => Promise.race([transport.drained(limitMs), outputEnded]),
    ended: Promise.race([
      inputEnded.then(() => passedOn(input)),
      outputEnded,
      // Over a message that is too long, say: nothing would ever be answered again.
      transport.closed,
    ]),
    close: async () => {
      stdin.unpipe(input);
      transport.abandon();
      await handle.close();
    },
  };
}

/** Waits until everything that came in has been read by the transport. */
async function passedOn(input: Transform): Promise<void> {
  do await nextTurn();
  while (input.readableLength + input.writableLength > 0 && !input.destroyed);
}
