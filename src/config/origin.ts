/** The place a setting was given at: the command line, the environment, or a line of the configuration file. */

/** Where a text stands in the configuration file. */
export interface FileOrigin {
  readonly kind: 'file';
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** The key as the file has it, with the names it stands under: `systems.nas.url`. */
  readonly key: string;
}

/** The place of one setting. */
export type Origin = { readonly kind: 'flag' } | { readonly kind: 'environment' } | FileOrigin;

/** `/etc/truenas-mcp.yaml, line 3`. */
export function placeOf({ path, line }: Pick<FileOrigin, 'path' | 'line'>): string {
  return `${path}, line ${line}`;
}
