/** What a client has declared that it can do. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type McpRequestContext,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** 2026-07-28 declares with each request, 2025-11-25 in its hello; over stateless HTTP the latter is forgotten. */
export function declaredCapabilities(
  server: McpServer['server'],
  context: ServerContext,
): ClientCapabilities | undefined {
  const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
  const ofRequest = envelope[CLIENT_CAPABILITIES_META_KEY];
  return isCapabilities(ofRequest) ? ofRequest : server.getClientCapabilities();
}

/** The SDK has checked the envelope by its own schema. */
function isCapabilities(value: unknown): value is ClientCapabilities {
  return typeof value === 'object' && value !== null;
}

/** The MCP extension for views (MCP Apps). */
const UI_EXTENSION = 'io.modelcontextprotocol/ui';

/** What a view is: HTML for a frame of the host's. */
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

/** True for a client that shows views of our kind. */
export function showsViews(capabilities: ClientCapabilities | undefined): boolean {
  const extension: Readonly<Record<string, unknown>> = { ...capabilities?.extensions?.[UI_EXTENSION] };
  const mimeTypes = extension['mimeTypes'];
  return Array.isArray(mimeTypes) && mimeTypes.includes(VIEW_MIME_TYPE);
}

/** For a list with views, where the revision has it: what is kept for every client must not hold them. */
export function privateList({ era }: Pick<McpRequestContext, 'era'>) {
  return era === 'modern' ? ({ ttlMs: 300_000, cacheScope: 'private' } as const) : {};
}
