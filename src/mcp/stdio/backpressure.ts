/** Keeps a client that writes and does not read from filling the memory with its answers. */
import { type Readable, Transform, type Writable } from 'node:stream';

/** Answers that may wait for a client to read them, before it is no longer listened to. */
const UNREAD_LIMIT_BYTES = 4 * 1024 * 1024;

/** Requests that are read while they may not be passed on yet. */
const WAITING_LIMIT_BYTES = 256 * 1024;

/** Lines that are passed on at a time. */
const MOST_LINES = 100;

/** Where so many lines end; the end of the chunk when there are fewer. */
function afterLines(chunk: Buffer, from: number): number {
  let at = from;
  for (let lines = 0; lines < MOST_LINES; lines += 1) {
    const lineBreak = chunk.indexOf(10, at);
    if (lineBreak < 0) return chunk.length;
    at = lineBreak + 1;
  }
  return at;
}

/** Passes on what a client asks; not while it does not read what it is answered: the answers would fill the memory. */
export function heldBack(stdin: Readable, stdout: Writable): Transform {
  let isOver = false;
  let pass: (() => void) | undefined;
  const go = () => {
    const passOn = pass;
    pass = undefined;
    passOn?.();
  };
  stdout.on('drain', go);
  // What is left then is little, and its client may still read.
  for (const event of ['end', 'close', 'error'] as const) {
    stdin.once(event, () => {
      isOver = true;
      go();
    });
  }
  const input: Transform = new Transform({
    // Read on meanwhile: the end of the input comes behind what was written before it.
    writableHighWaterMark: WAITING_LIMIT_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      const passOn = (from: number): void => {
        const end = afterLines(chunk, from);
        pass = () => {
          if (end === chunk.length) return done(null, from === 0 ? chunk : chunk.subarray(from));
          input.push(chunk.subarray(from, end));
          // What these lines are answered is counted before the next ones are passed on.
          setImmediate(passOn, end);
        };
        if (isOver || stdout.writableLength < UNREAD_LIMIT_BYTES) go();
      };
      passOn(0);
    },
  });
  return input;
}
