/** The file of this program, to start it again as a child. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IS_STANDALONE } from './version.ts';

/** The file that was started: the built entry, and not the link to it that a package manager makes. */
export function entryPath(): string {
  return realpathSync(process.argv[1] ?? fileURLToPath(import.meta.url));
}

/** The command that starts this program again: Node with the entry, or the standalone binary alone. */
export function ownCommand(entry?: string): { readonly command: string; readonly args: readonly string[] } {
  if (IS_STANDALONE) return { command: process.execPath, args: [] };
  return { command: process.execPath, args: [entry ?? entryPath()] };
}
