/** Stops reading from a client that does not read its answers, which would otherwise fill the memory. */
import { type Readable, Transform, type Writable } from 'node:stream';

/** Bytes of unread answers at which the server stops reading requests. */
const UNREAD_LIMIT_BYTES = 4 * 1024 * 1024;

/** Bytes of requests that are read ahead meanwhile: the end of the input comes behind them and must be noticed. */
const READ_AHEAD_BYTES = 256 * 1024;

/** Lines that pass before the unread answers are counted again. */
const BATCH_LINES = 100;

/** The client's input, which pauses while too many bytes of answers wait in `stdout`. */
export function withBackpressure(stdin: Readable, stdout: Writable): Transform {
  let isOver = false;
  let resume: (() => void) | undefined;
  const resumeOnce = () => {
    const waiting = resume;
    resume = undefined;
    waiting?.();
  };
  stdout.on('drain', resumeOnce);
  // At its end the input is bounded by what was read ahead, and the client may still read: let it all pass.
  for (const event of ['end', 'close', 'error'] as const) {
    stdin.once(event, () => {
      isOver = true;
      resumeOnce();
    });
  }
  const input: Transform = new Transform({
    writableHighWaterMark: READ_AHEAD_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      const passFrom = (start: number): void => {
        const end = endOfBatch(chunk, start);
        resume = () => {
          if (end === chunk.length) return done(null, start === 0 ? chunk : chunk.subarray(start));
          input.push(chunk.subarray(start, end));
          // The answers to this batch have to be written before they can be counted.
          setImmediate(passFrom, end);
        };
        if (isOver || stdout.writableLength < UNREAD_LIMIT_BYTES) resumeOnce();
      };
      passFrom(0);
    },
  });
  return input;
}

/** The offset behind the last line of a batch; the end of the chunk when it has fewer lines. */
function endOfBatch(chunk: Buffer, start: number): number {
  let at = start;
  for (let lines = 0; lines < BATCH_LINES; lines += 1) {
    const lineBreak = chunk.indexOf(10, at);
    if (lineBreak < 0) return chunk.length;
    at = lineBreak + 1;
  }
  return at;
}
