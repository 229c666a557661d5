/** The command with which a client starts this very program. */
import { type Launch, NPX_LAUNCH } from '../client-snippets.ts';
import { entryPath } from '../entry-path.ts';
import { IS_PUBLISHED, IS_STANDALONE } from '../version.ts';

/** Absolute, as most clients start programs without a shell and with a short PATH. */
export function launchOf(entry: string = entryPath()): Launch {
  if (IS_STANDALONE) return { command: process.execPath, args: [] };
  // The cache of npx is emptied now and then; npx itself finds the package again.
  if (IS_PUBLISHED && /[\\/]_npx[\\/]/.test(entry))
    return process.platform === 'win32'
      ? { command: 'cmd', args: ['/c', NPX_LAUNCH.command, ...NPX_LAUNCH.args] }
      : NPX_LAUNCH;
  return { command: process.execPath, args: [entry] };
}
