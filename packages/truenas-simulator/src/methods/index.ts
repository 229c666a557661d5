/** All namespaces of the NAS. */
import type { SimEventDefinition } from '../session/events.ts';
import type { SimMethod } from '../calls/method.ts';
import { ACL_METHODS } from './acl.ts';
import { ACL_REACH_METHODS } from './acl-reach.ts';
import { ACL_TEMPLATE_METHODS } from './acl-template.ts';
import { ACL_WRITE_METHODS } from './acl-write.ts';
import { ALERT_METHODS } from './alert.ts';
import { ALERT_CLASS_METHODS } from './alert-classes.ts';
import { ALERT_SERVICE_METHODS } from './alert-services.ts';
import { APP_CATALOG_METHODS } from './app-catalog.ts';
import { APP_METHODS } from './app.ts';
import { APP_CREATE_METHODS } from './app-create.ts';
import { SYSTEM_GENERAL_METHODS } from './system-general.ts';
import { CERTIFICATE_WRITE_METHODS } from './certificate-write.ts';
import { DNS_AUTHENTICATOR_METHODS } from './dns-authenticator.ts';
import { APPLIANCE_METHODS } from './appliance.ts';
import { AUDIT_METHODS } from './audit.ts';
import { BLOCK_SESSION_METHODS } from './block-sessions.ts';
import { CLOUD_BACKUP_METHODS } from './cloud-backup.ts';
import { CLOUD_SYNC_METHODS } from './cloudsync.ts';
import { BOOT_ENVIRONMENT_METHODS } from './boot-environment.ts';
import { CONFIG_METHODS } from './config.ts';
import { CONTAINER_METHODS } from './container.ts';
import { CRON_METHODS } from './cronjob.ts';
import { DATASET_METHODS } from './dataset.ts';
import { DATASET_INFO_METHODS } from './dataset-info.ts';
import { DATASET_LOCK_METHODS } from './dataset-lock.ts';
import { DATASET_SNAPSHOT_METHODS } from './dataset-snapshots.ts';
import { DATASET_WRITE_METHODS } from './dataset-write.ts';
import { DISK_METHODS } from './disk.ts';
import { ENCLOSURE_METHODS } from './enclosure.ts';
import { FILESYSTEM_METHODS } from './filesystem.ts';
import { FTP_METHODS } from './ftp.ts';
import { INIT_SHUTDOWN_SCRIPT_METHODS } from './init-shutdown-script.ts';
import { INTERFACE_METHODS } from './interface.ts';
import { INTERFACE_WRITE_METHODS } from './interface-write.ts';
import { ISCSI_METHODS } from './iscsi.ts';
import { NETWORK_METHODS } from './network.ts';
import { NFS_CLIENT_METHODS } from './nfs-clients.ts';
import { NVMET_METHODS } from './nvmet.ts';
import { POOL_METHODS } from './pool.ts';
import { REPLICATION_METHODS } from './replication.ts';
import { REPORTING_METHODS } from './reporting.ts';
import { FOLLOWED_EVENTS } from './followed.ts';
import { TRUENAS_METHODS } from './truenas.ts';
import { REPORTING_EVENTS } from './reporting-realtime.ts';
import { RSYNC_METHODS } from './rsynctask.ts';
import { S3_METHODS } from './s3.ts';
import { SERVICE_METHODS } from './service.ts';
import { NFS_SHARE_METHODS } from './sharing-nfs.ts';
import { S3_SHARE_METHODS } from './sharing-s3.ts';
import { SMB_SHARE_METHODS } from './sharing-smb.ts';
import { SIGN_ON_METHODS } from './sign-on.ts';
import { METHODS_BEFORE_25_10 } from './before-2510.ts';
import { SMART_METHODS } from './smart.ts';
import { SMB_ACL_METHODS } from './smb-acl.ts';
import { SMB_STATUS_METHODS } from './smb-status.ts';
import { SNAPSHOT_METHODS } from './snapshot.ts';
import { SNAPSHOT_RETENTION_METHODS } from './snapshot-retention.ts';
import { SNAPSHOT_WRITE_METHODS } from './snapshot-write.ts';
import { SYSTEM_METHODS } from './system.ts';
import { SYSTEM_POWER_EVENTS, SYSTEM_POWER_METHODS } from './system-power.ts';
import { SYSTEM_REBOOT_EVENTS, SYSTEM_REBOOT_METHODS } from './system-reboot.ts';
import { TASK_RUN_METHODS } from './task-runs.ts';
import { TASK_METHODS } from './tasks.ts';
import { TUNABLE_METHODS } from './tunable.ts';
import { TWO_FACTOR_METHODS } from './two-factor.ts';
import { UPDATE_METHODS } from './update.ts';
import { UPDATE_INSTALL_METHODS } from './update-install.ts';
import { UPS_METHODS } from './ups.ts';
import { VIRT_METHODS } from './virt.ts';
import { VM_METHODS } from './vm.ts';
import { WEBSHARE_METHODS } from './webshare.ts';
import { WORKLOAD_METHODS } from './workloads.ts';
import { ZFS_SNAPSHOT_METHODS } from './zfs-snapshot.ts';
import { ZFS_SNAPSHOT_WRITE_METHODS } from './zfs-snapshot-write.ts';
import { ZFS_METHODS } from './zfs.ts';
import { ZFS_DESTROY_METHODS } from './zfs-destroy.ts';

/** Every method of the NAS's own namespaces. */
export const NAS_METHODS: readonly SimMethod[] = [
  ...SYSTEM_METHODS,
  ...SYSTEM_POWER_METHODS,
  ...SYSTEM_REBOOT_METHODS,
  ...ALERT_METHODS,
  ...SERVICE_METHODS,
  ...POOL_METHODS,
  ...DATASET_METHODS,
  ...DATASET_WRITE_METHODS,
  ...DATASET_SNAPSHOT_METHODS,
  ...DATASET_LOCK_METHODS,
  ...DATASET_INFO_METHODS,
  ...SNAPSHOT_METHODS,
  ...SNAPSHOT_WRITE_METHODS,
  ...ZFS_METHODS,
  ...ZFS_DESTROY_METHODS,
  ...ZFS_SNAPSHOT_METHODS,
  ...ZFS_SNAPSHOT_WRITE_METHODS,
  ...DISK_METHODS,
  ...METHODS_BEFORE_25_10,
  ...SMART_METHODS,
  ...SMB_SHARE_METHODS,
  ...NFS_SHARE_METHODS,
  ...ISCSI_METHODS,
  ...NVMET_METHODS,
  ...TASK_METHODS,
  ...SNAPSHOT_RETENTION_METHODS,
  ...REPLICATION_METHODS,
  ...CLOUD_SYNC_METHODS,
  ...CLOUD_BACKUP_METHODS,
  ...RSYNC_METHODS,
  ...CRON_METHODS,
  ...INIT_SHUTDOWN_SCRIPT_METHODS,
  ...TASK_RUN_METHODS,
  ...REPORTING_METHODS,
  ...UPDATE_METHODS,
  ...UPDATE_INSTALL_METHODS,
  ...APP_METHODS,
  ...APP_CREATE_METHODS,
  ...CERTIFICATE_WRITE_METHODS,
  ...SYSTEM_GENERAL_METHODS,
  ...DNS_AUTHENTICATOR_METHODS,
  ...APP_CATALOG_METHODS,
  ...WORKLOAD_METHODS,
  ...VM_METHODS,
  ...CONTAINER_METHODS,
  ...VIRT_METHODS,
  ...ENCLOSURE_METHODS,
  ...INTERFACE_METHODS,
  ...INTERFACE_WRITE_METHODS,
  ...CONFIG_METHODS,
  ...BOOT_ENVIRONMENT_METHODS,
  ...FILESYSTEM_METHODS,
  ...ACL_METHODS,
  ...ACL_WRITE_METHODS,
  ...ACL_TEMPLATE_METHODS,
  ...ACL_REACH_METHODS,
  ...AUDIT_METHODS,
  ...SMB_STATUS_METHODS,
  ...SMB_ACL_METHODS,
  ...ALERT_CLASS_METHODS,
  ...ALERT_SERVICE_METHODS,
  ...FTP_METHODS,
  ...TWO_FACTOR_METHODS,
  ...UPS_METHODS,
  ...S3_METHODS,
  ...S3_SHARE_METHODS,
  ...NFS_CLIENT_METHODS,
  ...BLOCK_SESSION_METHODS,
  ...NETWORK_METHODS,
  ...SIGN_ON_METHODS,
  ...TUNABLE_METHODS,
  ...APPLIANCE_METHODS,
  ...WEBSHARE_METHODS,
  ...TRUENAS_METHODS,
];

/** Events that do not follow from a query method. */
export const NAS_EVENTS: readonly SimEventDefinition[] = [
  {
    name: 'alert.list',
    description: 'Alerts that are raised, dismissed or cleared.',
    roles: ['ALERT_LIST_READ'],
  },
  ...REPORTING_EVENTS,
  ...FOLLOWED_EVENTS,
  ...SYSTEM_POWER_EVENTS,
  ...SYSTEM_REBOOT_EVENTS,
];
