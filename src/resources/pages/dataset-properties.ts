/** `truenas://docs/dataset-properties`: what the numbers and settings of a dataset mean, and the mistakes they invite. */

/** Property (as the dataset tools name it) and what it says. */
const SPACE: readonly (readonly [property: string, meaning: string])[] = [
  ['used', 'all it occupies: its data, its snapshots, its children, what it reserves'],
  ['available', 'what can still be written, after quotas and what others reserve'],
  ['usedbydataset', 'its own data alone: freed when its files are deleted and no snapshot holds them'],
  ['usedbysnapshots', 'held only by snapshots: freed when all of them are deleted'],
  ['usedbychildren', 'occupied by datasets below it'],
  ['usedbyrefreservation', 'reserved and not yet written'],
  ['referenced', 'data it can reach, shared with snapshots or clones or not'],
  ['quota', 'limit for it with snapshots and children'],
  ['refquota', 'limit for its own data alone; what users see as the size of a share'],
  ['reservation', 'space kept for it with snapshots and children'],
  ['refreservation', 'space kept for its own data; a zvol that is not sparse has one'],
  ['volsize', 'size of a zvol as its user sees it'],
];

const SETTINGS: readonly (readonly [property: string, meaning: string])[] = [
  ['compression', 'LZ4 is right nearly always; ZSTD packs tighter and costs CPU. Only new data is affected'],
  ['ratio', 'what compression saved: 1.50x means a third less space'],
  [
    'recordsize',
    'largest block of a file: 128K by default, 1M for large media, 16K for databases; only new files',
  ],
  ['volblocksize', 'block size of a zvol; fixed when it is made'],
  [
    'sync',
    'STANDARD obeys programs; ALWAYS is slow without a log device; DISABLED loses seconds of data in a crash',
  ],
  ['atime', 'ON writes at every read; OFF is usual'],
  ['deduplication', 'needs much memory and slows writes; hard to leave again'],
  ['readonly', 'ON is normal for the target of a replication'],
  ['copies', 'more than 1 multiplies space and does not replace redundancy'],
  ['acltype', 'NFSv4 for SMB shares, POSIX for Linux apps; changing it drops the ACLs'],
  ['casesensitivity', 'fixed when it is made; INSENSITIVE suits SMB'],
  [
    'encryption',
    'fixed when it is made. A locked dataset has no key loaded: it is not readable, and its share is empty',
  ],
];

/** The page. */
export function datasetPropertiesText(): string {
  return [
    '# Properties of a dataset',
    '',
    'As `get_dataset` and `list_datasets` show them. A setting is inherited from the dataset above unless it was set here.',
    '',
    '## Space',
    '',
    ...table(SPACE),
    '',
    '- Snapshots of one dataset share data: the sum of their `used` is less than `usedbysnapshots`, and deleting one frees',
    '  only what it alone holds.',
    '- The size of a pool is raw, parity included. What can be stored is `used` plus `available` of its root dataset.',
    '- Above about 80 % a pool gets slow, above 90 % very slow; ZFS cannot be defragmented.',
    '- A quota that is not set is shown as `-`, or not at all: no limit, not a limit of 0.',
    '',
    '## Settings',
    '',
    ...table(SETTINGS),
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  return [
    '| Property | Meaning |',
    '|---|---|',
    ...rows.map(([name, meaning]) => `| ${name} | ${meaning} |`),
  ];
}
