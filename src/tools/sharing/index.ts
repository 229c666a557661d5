/** The toolset of shares. */
import type { Toolset } from '../toolset.ts';

export const sharing: Toolset = {
  name: 'sharing',
  title: 'Sharing',
  about: 'SMB, NFS, iSCSI and NVMe-oF shares, S3 buckets.',
  load: {
    list_shares: async () => (await import('./list-shares.ts')).listShares,
    get_share: async () => (await import('./get-share.ts')).getShare,
  },
};
