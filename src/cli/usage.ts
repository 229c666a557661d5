/** Help, and what to say about a command line that makes no sense. */
import { helpText, OTHER_COMMANDS } from '../config/help.ts';
import { shownWord } from '../config/arguments.ts';
import { COMMANDS } from '../config/index.ts';
import { didYouMean, nearNames } from '../output/near-names.ts';

/** Exit code for a command line that cannot be understood. */
export const USAGE_EXIT_CODE = 2;

/** Prints the help of a command, or of the program; the exit code. */
export async function printHelp(command: string | undefined): Promise<number> {
  if (command === 'setup') {
    process.stdout.write((await import('./setup/options.ts')).setupHelp());
    return 0;
  }
  const known = COMMANDS.find((name) => name === command);
  const other = Object.entries(OTHER_COMMANDS).find(([name]) => name === command);
  if (other !== undefined) {
    process.stdout.write(`Usage: truenas-mcp ${other[0]}\n\n${other[1]}\n`);
    return 0;
  }
  if (known === undefined && command !== undefined && !command.startsWith('-'))
    return unknownCommand(command);
  process.stdout.write(helpText(known));
  return 0;
}

/** Says on stderr that there is no such command; the exit code. */
export function unknownCommand(command: string): number {
  const near = didYouMean(nearNames(command, [...COMMANDS, ...Object.keys(OTHER_COMMANDS)]));
  return usageError(undefined, [
    `Unknown command ${shownWord(command)}${near === undefined ? '.' : `; ${near}`}`,
  ]);
}

/** Says on stderr what is wrong with the command line, and where to look; the exit code. */
export function usageError(command: string | undefined, errors: readonly string[]): number {
  const hint = `See: truenas-mcp ${command === undefined ? '' : `${command} `}--help`;
  process.stderr.write(`${[...errors, hint].join('\n')}\n`);
  return USAGE_EXIT_CODE;
}
