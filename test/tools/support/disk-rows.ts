/** Rows of `disk.query`. */

/** A disk in no imported pool. */
export const unusedDisk = (name: string) => ({
  name,
  identifier: name,
  size: 1e12,
  type: 'HDD',
  model: 'M',
  serial: `S${name}`,
  pool: null,
});

/** A disk as `disk.details` gives it: free, where nothing else is said. */
export const detail = (name: string, more: Record<string, string | string[]> = {}) => ({
  name,
  imported_zpool: null,
  exported_zpool: null,
  duplicate_serial: [],
  ...more,
});
