/** What an SMB share is for: presets of the NAS. */

/** Purposes as a tool takes them. */
export const PURPOSES = [
  'default',
  'legacy',
  'timemachine',
  'multiprotocol',
  'time_locked',
  'private_datasets',
] as const;
/** One of them. */
export type Purpose = (typeof PURPOSES)[number];
