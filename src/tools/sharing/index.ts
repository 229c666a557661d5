/** The toolset of shares. */
import type { Toolset } from '../toolset.ts';

export const sharing: Toolset = {
  name: 'sharing',
  title: 'Sharing',
  about: 'SMB, NFS, iSCSI and NVMe-oF shares, S3 buckets.',
  load: {
    list_shares: async () => (await import('./list-shares.ts')).listShares,
    get_share: async () => (await import('./get-share.ts')).getShare,
    exposure_report: async () => (await import('./exposure-report.ts')).exposureReport,
    who_can_access: async () => (await import('./who-can-access.ts')).whoCanAccess,
    create_share: async () => (await import('./create-share.ts')).createShare,
    update_share: async () => (await import('./update-share.ts')).updateShare,
    delete_share: async () => (await import('./delete-share.ts')).deleteShare,
  },
};
