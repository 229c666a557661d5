/** The change engine, loaded with the first change that is asked for: a server that may change things starts as fast as one that reads. */
import type { ChangeDeps } from '../mcp/call/change-call.ts';
import type { OpenedChanges } from './changes.ts';

/** What the server gets, and the end of it. */
export interface LazyChanges {
  /** The same engine each time. */
  deps(): Promise<ChangeDeps>;
  close(): Promise<void>;
}

/** Calls `open` once, when it is needed. */
export function lazyChanges(open: () => Promise<OpenedChanges>): LazyChanges {
  let opened: Promise<OpenedChanges> | undefined;
  // With a listener of ours, Node does not open its debugger when somebody sends the signal.
  process.on('SIGUSR1', ignoreDebugger);
  return {
    async deps() {
      opened ??= open();
      return (await opened).deps;
    },
    async close() {
      process.off('SIGUSR1', ignoreDebugger);
      await (await opened)?.close();
    },
  };
}

function ignoreDebugger(): void {
  // Nothing: the debugger could read sessions and approve changes.
}
