/** What an answer in a model's own words has to say, and what it must not: for `npm run evals`. */

/** By the number of the question. */
export interface Said {
  readonly id: number;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
}

export const SAID: readonly Said[] = [
  { id: 1, says: [/archive/i, /97 ?%/, /sdb/, /SMB|cifs/i], never: [/everything (?:is|looks) (?:fine|ok)/i] },
  { id: 3, says: [/sdb/, /WD-\w+/, /sde/], never: [/pull (?:out )?sdc/i] },
  { id: 4, says: [/snapshot/i, /archive\/films/, /565 ?GiB/] },
  { id: 5, says: [/2027/, /rough|uncertain|estimate|about/i, /snapshot/i] },
  { id: 6, says: [/base|common snapshot/i, /archive\/documents/] },
  { id: 7, says: [/films/i, /timemachine/i], never: [/photos (?:has|have) no backup/i] },
  { id: 8, says: [/permission|access list|ACL/i, /folder/i] },
  { id: 9, says: [/SMB|cifs/i, /stopped|not running/i] },
  { id: 10, says: [/568/, /library/, /root/] },
  { id: 11, says: [/nextcloud/i, /postgres/i] },
  { id: 12, says: [/immich/i, /1\.9\.9/, /nextcloud/i, /2\.0\.7/] },
  { id: 13, says: [/immich/i] },
  { id: 15, says: [/41 ?%/] },
  { id: 17, says: [/web (?:interface|UI)/i, /FTP/] },
  { id: 20, says: [/cloud sync/i, /replication/i, /scrub/i] },
  { id: 21, says: [/02:15/, /Accounting/, /00:00/] },
  { id: 22, says: [/AccessDenied|access denied/i] },
  { id: 25, says: [/tank\/private/, /locked/i, /passphrase/i] },
  { id: 26, says: [/public/i, /iSCSI/i, /SSH/] },
];
