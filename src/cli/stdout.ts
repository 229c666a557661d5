/** Keeps standard output for MCP alone. */
import { Writable } from 'node:stream';

/**
 * Takes standard output over: the stream that comes back is the only way to it, and whatever else writes to
 * `process.stdout` (a stray `console.log` in a dependency) ends up on stderr. Once per process.
 */
export function claimStdout(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  // A client that went away closes its end of the pipe; without a listener that would be an uncaught exception.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  return new Writable({
    decodeStrings: false,
    highWaterMark: stdout.writableHighWaterMark,
    write: (chunk: string | Buffer, encoding, callback) => {
      if (typeof chunk === 'string') write(chunk, encoding, callback);
      else write(chunk, callback);
    },
    // Answers that became ready side by side leave in one write.
    writev: (chunks, callback) => {
      const parts: (string | Buffer)[] = chunks.map(({ chunk }) => chunk as string | Buffer);
      if (parts.every((part) => typeof part === 'string')) write(parts.join(''), callback);
      else write(Buffer.concat(parts.map((part) => Buffer.from(part))), callback);
    },
  });
}
