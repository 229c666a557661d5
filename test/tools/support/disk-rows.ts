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
