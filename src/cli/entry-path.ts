/** The file of this program, to start it again as a child. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The file that was started: the built entry, and not the link to it that a package manager makes. */
export function entryPath(): string {
  return realpathSync(process.argv[1] ?? fileURLToPath(import.meta.url));
}
