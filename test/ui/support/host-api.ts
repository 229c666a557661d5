/** What tests and the host in the page (test/ui/host) say to each other. */
import type { CallToolResult } from '@modelcontextprotocol/client';

/** What a test asks the host to show. */
export interface ShowRequest {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly theme?: 'light' | 'dark';
  /** In place of the server's own answer: for states that no NAS is in. */
  readonly result?: CallToolResult;
  /** The host passes no calls of the page on. */
  readonly isWithoutCalls?: boolean;
  /** The call is cancelled before it is answered. */
  readonly isCancelled?: boolean;
}

/** What the host saw, for the test. */
export interface HostLog {
  /** Calls that the page made through the host. */
  readonly calls: { readonly name: string; readonly arguments?: Record<string, unknown> | undefined }[];
  /** Everything else that the page asked of the host: links, messages, downloads. */
  readonly asked: string[];
  /** Sizes that the page told. */
  readonly sizes: { readonly width?: number | undefined; readonly height?: number | undefined }[];
  readonly uri: string;
}

declare global {
  var hostLog: HostLog;
  var show: (request: ShowRequest) => Promise<HostLog>;
  var setTheme: (theme: 'light' | 'dark') => Promise<void>;
  var teardown: () => Promise<unknown>;
}
