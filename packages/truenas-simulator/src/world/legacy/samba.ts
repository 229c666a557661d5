/** Lines of its own that somebody gave to Samba. */

/** Parameters of the service and of shares, by the share's id. */
export interface SambaLines {
  readonly service: string;
  readonly shares: ReadonlyMap<number, string>;
}

/** Those of a machine; none on one that is easy to take along. */
export function sambaLines(hasTroubles: boolean): SambaLines {
  if (!hasTroubles) return { service: '', shares: new Map() };
  return {
    service: 'server min protocol = NT1\nntlm auth = yes',
    shares: new Map([[1, 'veto files = /Thumbs.db/.DS_Store/\ndelete veto files = yes']]),
  };
}
