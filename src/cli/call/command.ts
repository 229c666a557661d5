/** The command line of `call`. */
import { isRecord } from './record.ts';

/** What was asked for. */
export interface CallCommand {
  /** Absent: the tools are listed. */
  readonly tool?: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly isJson: boolean;
  /** Flags for the server. */
  readonly settings: readonly string[];
}

/** Reads the arguments after `call`: the tool and its arguments come first, then settings. */
export function commandOf(given: readonly string[]): CallCommand | { readonly problem: string } {
  const isJson = given.includes('--json');
  const words = given.filter((word) => word !== '--json');
  if (words.some((word) => /^--http(?:=|$)/.test(word))) return { problem: '--http is for serve.' };
  const [tool, text] = words;
  if (tool === undefined || tool.startsWith('-')) return { args: {}, isJson, settings: words };
  if (text === undefined || text.startsWith('-')) return { tool, args: {}, isJson, settings: words.slice(1) };
  const args = parsed(text);
  return args === undefined
    ? {
        problem: `The arguments of ${/^\w{1,64}$/.test(tool) ? tool : 'a tool'} are one JSON object in quotes, e.g. '{"limit":5}'.`,
      }
    : { tool, args, isJson, settings: words.slice(2) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
