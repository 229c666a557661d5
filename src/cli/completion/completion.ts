/** `truenas-mcp completion bash|zsh|fish`: prints a script that completes commands, flags and their values. */
import { usageError } from '../usage.ts';
import { completionScript } from './scripts.ts';
import { commandWords, SHELLS } from './words.ts';

/** Prints the script; exit code 0, or 2 for another shell. */
export async function completion(
  args: readonly string[],
  print: (text: string) => unknown = (text) => process.stdout.write(text),
): Promise<number> {
  const shell = SHELLS.find((name) => name === args[0]);
  if (shell === undefined || args.length > 1)
    return usageError('completion', [`Usage: truenas-mcp completion ${SHELLS.join('|')}`]);
  print(completionScript(shell, commandWords()));
  return 0;
}
