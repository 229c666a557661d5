/** Questions of the set-up, asked at a terminal or answered by flags alone. */
import { Problem } from '../../truenas/problem.ts';

/** One of several answers. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** A question whose answer is text; `check` gives the complaint, or undefined when the text will do. */
export interface TextQuestion {
  readonly message: string;
  /** The flag or variable that answers it unattended. */
  readonly flag: string;
  readonly initial?: string;
  readonly check?: (text: string) => string | undefined;
}

/** A question with a list of answers. */
export interface ChoiceQuestion<Value extends string, Initial> {
  readonly message: string;
  readonly choices: readonly Choice<Value>[];
  readonly initial: Initial;
}

/** The person who sets up, or flags in their place. */
export interface Asker {
  /** True where nobody can be asked: every answer is a flag's or the default. */
  readonly isUnattended: boolean;
  say(text: string): void;
  /** @throws SetupStopped when nobody can be asked and there is no default */
  text(question: TextQuestion): Promise<string>;
  /** Hidden while it is typed. */
  secret(question: TextQuestion): Promise<string>;
  choice<Value extends string>(question: ChoiceQuestion<Value, Value>): Promise<Value>;
  choices<Value extends string>(question: ChoiceQuestion<Value, readonly Value[]>): Promise<Value[]>;
  /** A yes must be given; the default is no. With --yes it is `unattended`. */
  confirm(message: string, unattended: boolean): Promise<boolean>;
}

/** The set-up ends here, by somebody's choice or because something does not fit; in words for the person. */
export class SetupStopped extends Problem {
  override readonly name = 'SetupStopped';

  constructor(summary: string, nextStep = '') {
    super({ summary, nextStep });
  }
}

/** The person went away. */
export function cancelled(): SetupStopped {
  return new SetupStopped('Cancelled.');
}

/** With --yes: answers by defaults, and prints plain lines. */
export function unattendedAsker(print: (text: string) => unknown): Asker {
  const answer = ({ message, flag, initial, check }: TextQuestion): Promise<string> => {
    if (initial === undefined)
      throw new SetupStopped(`Nobody is asked with --yes, and "${message}" has no answer.`, `Give ${flag}.`);
    const complaint = check?.(initial);
    if (complaint !== undefined) throw new SetupStopped(`${flag}: ${complaint}`);
    return Promise.resolve(initial);
  };
  return {
    isUnattended: true,
    say: (text) => void print(`${text}\n`),
    text: answer,
    secret: answer,
    choice: ({ initial }) => Promise.resolve(initial),
    choices: ({ initial }) => Promise.resolve([...initial]),
    confirm: (_message, unattended) => Promise.resolve(unattended),
  };
}
