/** The views of MCP Apps by name; src/ui/page/views has one file for each. A tool names the one that draws its answers. */

/** Every view. */
export const VIEW_NAMES = [
  'overview',
  'pool-map',
  'metrics',
  'space',
  'backups',
  'calendar',
  'report',
  'change-preview',
] as const;

/** The name of a view: `ui://truenas/NAME`. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** The key of a result's `_meta` under which a view finds what no model reads. */
export const VIEW_DATA = 'truenas-mcp-server/view';
