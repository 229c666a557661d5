/** The program's version, put in by the build from package.json. */
declare const TRUENAS_MCP_VERSION: string | undefined;

/** True in a build of a published package: `private` is not in package.json. */
declare const TRUENAS_MCP_IS_PUBLISHED: boolean | undefined;
/** True in the standalone binary, which is its own Node. */
declare const TRUENAS_MCP_IS_STANDALONE: boolean | undefined;

/** E.g. `2.0.0`; `0.0.0-source` when the sources run unbuilt. */
export const VERSION = typeof TRUENAS_MCP_VERSION === 'string' ? TRUENAS_MCP_VERSION : '0.0.0-source';

/** The package can be had by its name. */
export const IS_PUBLISHED = typeof TRUENAS_MCP_IS_PUBLISHED === 'boolean' && TRUENAS_MCP_IS_PUBLISHED;

/** This program is the executable itself. */
export const IS_STANDALONE = typeof TRUENAS_MCP_IS_STANDALONE === 'boolean' && TRUENAS_MCP_IS_STANDALONE;
