/** Questions at a terminal, by @clack/prompts; loaded by the set-up alone. */
import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, multiselect, password, select, text } from '@clack/prompts';
import { type Asker, cancelled } from './asker.ts';

/** The streams of the terminal. */
export interface TerminalStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks at this terminal. */
export function terminalAsker(streams: TerminalStreams): Asker {
  return {
    isUnattended: false,
    say: (line) => void streams.output.write(`${line}\n`),
    text: async ({ message, initial, check }) =>
      given(
        await text({
          ...streams,
          message,
          ...(initial === undefined ? {} : { initialValue: initial }),
          validate: (value) => (check === undefined ? undefined : check((value ?? '').trim())),
        }),
      ).trim(),
    secret: async ({ message, check }) =>
      given(
        await password({
          ...streams,
          message,
          validate: (value) => (value === undefined || value === '' ? 'Nothing was typed.' : check?.(value)),
        }),
      ),
    async choice({ message, choices, initial }) {
      const chosen = given(
        await select<string>({
          ...streams,
          message,
          initialValue: initial,
          options: choices.map((each) => ({ ...each })),
        }),
      );
      return choices.find(({ value }) => value === chosen)?.value ?? initial;
    },
    async choices({ message, choices, initial }) {
      const chosen = given(
        await multiselect<string>({
          ...streams,
          message,
          initialValues: [...initial],
          required: false,
          options: choices.map((each) => ({ ...each })),
        }),
      );
      return choices.flatMap(({ value }) => (chosen.includes(value) ? [value] : []));
    },
    confirm: async (message) => given(await confirm({ ...streams, message, initialValue: false })),
  };
}

/** @throws SetupStopped when the person pressed Ctrl-C or Escape */
function given<Value>(answer: Value): Exclude<Value, symbol> {
  if (isCancel(answer)) throw cancelled();
  return answer as Exclude<Value, symbol>;
}
