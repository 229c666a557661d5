/** The program's version, put in by the build from package.json. */
declare const TRUENAS_MCP_VERSION: string | undefined;

/** E.g. `2.0.0`; `0.0.0-source` when the sources run unbuilt. */
export const VERSION = typeof TRUENAS_MCP_VERSION === 'string' ? TRUENAS_MCP_VERSION : '0.0.0-source';
