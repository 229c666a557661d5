/** Questions to a person at a terminal. What is typed for a hidden question is neither echoed nor remembered. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** A person at a terminal. */
export interface Terminal {
  say(line: string): void;
  /** @throws TerminalClosed when the person has gone: end of input, or Ctrl-C */
  ask(question: string): Promise<string>;
  /** @throws TerminalClosed */
  askHidden(question: string): Promise<string>;
  close(): void;
}

/** The person closed the terminal instead of answering. */
export class TerminalClosed extends Error {
  constructor() {
    super('the terminal was closed');
    this.name = 'TerminalClosed';
  }
}

/** The terminal of this process. */
export function openTerminal(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Terminal {
  let isHidden = false;
  let isClosed = false;
  let giveUp = (): void => {};
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  // With a history, the arrow key at the next question would show what was typed for a hidden one.
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  lines.once('close', () => {
    isClosed = true;
    giveUp();
  });
  const ask = (question: string): Promise<string> =>
    new Promise((resolve, reject) => {
      giveUp = () => reject(new TerminalClosed());
      if (isClosed) giveUp();
      else lines.question(question, resolve);
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
