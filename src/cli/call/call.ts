/**
 * `truenas-mcp call TOOL '{…}'`: a tool from the shell. The server runs as a child, as under any MCP client, so registry,
 * gates, consent, audit and redaction are the very same. What needs a person is asked at the terminal; without one it is
 * not done. The answer goes to stdout, all questions to stderr.
 */
import { Client, ProtocolError } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { loadConfig } from '../../config/index.ts';
import { ownCommand } from '../entry-path.ts';
import { openTerminal, type Terminal } from '../terminal.ts';
import { usageError } from '../usage.ts';
import { VERSION } from '../version.ts';
import { commandOf } from './command.ts';
import { answerQuestions } from './questions.ts';
import { carriedOut, type Carried } from './carried.ts';

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const UNKNOWN_OUTCOME = 2;

/** For tests. */
export interface CallOptions {
  /** Takes what goes to stdout. */
  readonly print?: (text: string) => unknown;
  /** The person; undefined where nobody is there. */
  readonly terminal?: Terminal | undefined;
  /** The built program. */
  readonly entry?: string;
}

/** Calls the tool, or lists the tools; the exit code. */
export async function call(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: CallOptions = {},
): Promise<number> {
  const print = options.print ?? ((text: string) => process.stdout.write(text));
  const command = commandOf(args);
  const errors =
    'problem' in command ? [command.problem] : loadConfig({ argv: command.settings, env }).usageErrors;
  // Not the code of other commands: 2 is that of an unknown outcome.
  if ('problem' in command || errors.length > 0) {
    usageError('call', errors);
    return FAILED;
  }
  const person = 'terminal' in options ? options.terminal : personHere();
  const client = new Client(
    { name: 'truenas-mcp-call', version: VERSION },
    { capabilities: { elicitation: { form: {}, url: {} } } },
  );
  const own = ownCommand(options.entry);
  const asking = answerQuestions(client, person);
  try {
    await client.connect(
      new StdioClientTransport({
        command: own.command,
        args: [...own.args, 'serve', ...command.settings],
        env: childEnvironment(env),
        stderr: 'inherit',
      }),
    );
    const { tools } = await client.listTools();
    if (command.tool === undefined) {
      print(command.isJson ? `${JSON.stringify(tools)}\n` : toolList(tools));
      return DONE;
    }
    const { tool, args: given } = command;
    const isReading = tools.some(
      ({ name, annotations }) => name === tool && annotations?.readOnlyHint === true,
    );
    const carried = await carriedOut(client, { tool, args: given, isReading }, asking, person);
    print(`${command.isJson ? JSON.stringify(carried.data ?? { error: carried.text }) : carried.text}\n`);
    return codeOf(carried);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return FAILED;
  } finally {
    person?.close();
    await client.close();
  }
}

/** Questions and what is typed stay off stdout, which is the answer's. */
function personHere(): Terminal | undefined {
  return process.stdin.isTTY && process.stderr.isTTY
    ? openTerminal(process.stdin, process.stderr)
    : undefined;
}

function codeOf({ isError, state }: Carried): number {
  if (state === 'unknown') return UNKNOWN_OUTCOME;
  return isError ? FAILED : DONE;
}

function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { TRUENAS_LOG_LEVEL: 'error', ...Object.fromEntries(set) };
}

function toolList(tools: readonly { readonly name: string; readonly title?: string | undefined }[]): string {
  const width = Math.max(...tools.map(({ name }) => name.length));
  return tools.map(({ name, title = '' }) => `${name.padEnd(width)}  ${title}\n`).join('');
}
