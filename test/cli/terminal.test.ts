/** What a person types at a terminal: echoed for a question, never for a hidden one. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openTerminal, TerminalClosed } from '../../src/cli/terminal.ts';

const ENTER = '\r';
const ARROW_UP = '\u001B[A';
const CTRL_C = '\u0003';

function keyboard() {
  const input = new PassThrough();
  const output = new PassThrough();
  const terminal = openTerminal(input, output);
  const shown = () => String(output.read() ?? '');
  return { terminal, shown, type: (keys: string) => void input.write(keys) };
}

it('what is typed for a question is echoed, for a hidden one it is not', async () => {
  const { terminal, shown, type } = keyboard();
  const user = terminal.ask('User: ');
  type(`maria${ENTER}`);
  expect(await user).toBe('maria');
  const password = terminal.askHidden('Password: ');
  type(`correct horse${ENTER}`);
  expect(await password).toBe('correct horse');
  const text = shown();
  expect(text).toContain('maria');
  expect(text).toContain('Password: ');
  expect(text).not.toContain('correct');
  terminal.close();
});

it('the arrow keys do not bring a hidden answer back at the next question', async () => {
  const { terminal, shown, type } = keyboard();
  const password = terminal.askHidden('Password: ');
  type(`correct horse${ENTER}`);
  await password;
  const answer = terminal.ask('Apply it? ');
  type(`${ARROW_UP}${ENTER}`);
  expect(await answer).toBe('');
  expect(shown()).not.toContain('correct');
  terminal.close();
});

it('a hidden answer may be edited, and keeps its spaces', async () => {
  const { terminal, type } = keyboard();
  const password = terminal.askHidden('Password: ');
  type(` horsf\u007Fe ${ENTER}`);
  expect(await password).toBe(' horse ');
  terminal.close();
});

it('a person who closes it is told from one who answers with nothing, for every question to come', async () => {
  const { terminal, type } = keyboard();
  const user = terminal.ask('User: ');
  type(CTRL_C);
  await expect(user).rejects.toBeInstanceOf(TerminalClosed);
  await expect(terminal.askHidden('Password: ')).rejects.toBeInstanceOf(TerminalClosed);
});

it('more questions than Node warns about listeners can be asked', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const { terminal, type } = keyboard();
  for (let each = 0; each < 15; each += 1) {
    const answer = terminal.ask('Again? ');
    type(`yes${ENTER}`);
    await answer;
  }
  terminal.close();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
