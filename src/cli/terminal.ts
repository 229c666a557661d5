/** Questions to a person at a terminal. What is typed for a hidden question is not echoed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** A person at a terminal. */
export interface Terminal {
  say(line: string): void;
  ask(question: string): Promise<string>;
  askHidden(question: string): Promise<string>;
  close(): void;
}

/** The terminal of this process. */
export function openTerminal(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Terminal {
  let isHidden = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true });
  const ask = (question: string): Promise<string> =>
    new Promise((resolve) => {
      lines.once('close', () => resolve(''));
      lines.question(question, resolve);
    });
  return {
    say: (line) => void output.write(`${line}\n`),
    ask,
    async askHidden(question) {
      output.write(question);
      isHidden = true;
      try {
        return await ask('');
      } finally {
        isHidden = false;
        output.write('\n');
      }
    },
    close: () => lines.close(),
  };
}
