/** Prompts in the terms of the protocol. */
import {
  type GetPromptResult,
  type Prompt as ListedPrompt,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { safeCell } from '../../output/untrusted.ts';
import { offeredPrompts, promptText } from '../../prompts/index.ts';

/** The entries of `prompts/list`; asks no NAS. */
export function listPrompts(toolNames: ReadonlySet<string>): ListedPrompt[] {
  return offeredPrompts(toolNames).map(({ name, title, description, arguments: args }) => ({
    name,
    title,
    description,
    ...(args.length === 0
      ? {}
      : { arguments: args.map((argument) => ({ name: argument.name, description: argument.description })) }),
  }));
}

/** One prompt, filled in. @throws ProtocolError (-32602) for a name or an argument that does not exist. */
export function getPrompt(
  name: string,
  args: Readonly<Record<string, string>>,
  toolNames: ReadonlySet<string>,
): GetPromptResult {
  const prompts = offeredPrompts(toolNames);
  const prompt = prompts.find((each) => each.name === name);
  if (prompt === undefined) {
    throw unknown(
      'prompt',
      name,
      prompts.map((each) => each.name),
    );
  }
  const known = prompt.arguments.map((argument) => argument.name);
  const stray = Object.keys(args).find((given) => !known.includes(given));
  if (stray !== undefined) throw unknown(`argument of ${name}`, stray, known);
  const text = promptText(prompt, args, toolNames);
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}

function unknown(noun: string, given: string, known: readonly string[]): ProtocolError {
  const hint =
    didYouMean(nearNames(given, known)) ??
    (known.length === 0 ? 'it takes none' : `there is ${known.join(', ')}`);
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `${JSON.stringify(safeCell(given))} is no ${noun}; ${hint}`,
  );
}
