/** Kinds of findings on who gets in to a folder. */
import type { FindingKind } from './finding.ts';

const kind = (id: string, what: string, means: string, more: Partial<FindingKind>): FindingKind => ({
  id: `access.${id}`,
  level: 'WARNING',
  what,
  means,
  certainty: 'sure',
  ...more,
});

/** The dataset is locked. */
export const LOCKED = kind('locked', 'dataset locked', 'Until it is unlocked nobody reaches what is in it.', {
  repairedBy: 'unlock_dataset',
});

/** The service of a share does not run. */
export const STOPPED = kind(
  'service_stopped',
  'service not running',
  'The share is set up, and nobody can connect.',
  {
    repairedBy: 'control_service',
  },
);

/** A share is switched off. */
export const DISABLED = kind(
  'share_disabled',
  'share switched off',
  'The share exists, and is not offered.',
  {
    repairedBy: 'update_share',
  },
);

/** A share is read-only. */
export const READ_ONLY = kind(
  'read_only',
  'share is read-only',
  'Nobody may write through it, whatever the lists say.',
  {
    repairedBy: 'update_share',
  },
);

/** The dataset is read-only. */
export const DATASET_READ_ONLY = kind(
  'dataset_read_only',
  'dataset is read-only',
  'Nobody may write in it by any way; copies by replication are so on purpose.',
  { repairedBy: 'update_dataset' },
);

/** The list of the share keeps the person out. */
export const BY_SHARE = kind(
  'denied_by_share',
  'kept out by the list of the share',
  'The list of the share limits what the folder would allow.',
  {
    repairedBy: 'update_share',
  },
);

/** The permissions of the folder keep the person out. */
export const BY_PATH = kind(
  'denied_by_path',
  'kept out by the permissions of the folder',
  'Owner, group and entries of the folder do not let them.',
  {
    repairedBy: 'set_permissions',
  },
);

/** The person cannot pass a folder above. */
export const NO_TRAVERSE = kind(
  'no_traverse',
  'cannot pass a folder above',
  'Who may not pass a folder above does not get to those below over SMB.',
  {
    repairedBy: 'set_permissions',
  },
);

/** The account is locked. */
export const ACCOUNT_LOCKED = kind('account_locked', 'account locked', 'A locked user cannot sign in.', {
  seeAlso: 'Credentials > Users',
});

/** The user has no SMB access. */
export const NO_SMB = kind(
  'no_smb_account',
  'no SMB account',
  'Only users with SMB access sign in to SMB shares.',
  {
    seeAlso: 'Credentials > Users',
  },
);

/** Every kind of finding here. */
export const ACCESS_KINDS: readonly FindingKind[] = [
  ...[LOCKED, STOPPED, DISABLED, READ_ONLY, DATASET_READ_ONLY],
  ...[BY_SHARE, BY_PATH, NO_TRAVERSE, ACCOUNT_LOCKED, NO_SMB],
];
