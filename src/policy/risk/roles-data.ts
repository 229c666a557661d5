/**
 * The narrowest roles that grant each judged method, reviewed; a contract test holds them against every release. A method
 * that is not here needs FULL_ADMIN on every release. Of services, a sharing role (SHARING_SMB_WRITE …) is taken for its own
 * service only, so SERVICE_WRITE is named.
 */

/** Roles, any one of which suffices, and the methods they grant. */
const METHODS_BY_ROLES: Readonly<Record<string, string>> = {
  ACCOUNT_WRITE: 'group.create group.delete group.update user.create user.delete user.update',
  ALERT_LIST_WRITE: 'alert.dismiss alert.restore',
  ALERT_WRITE: `
    alertclasses.update alertservice.create alertservice.delete alertservice.test alertservice.update mail.update`,
  APPS_WRITE: `
    app.convert_to_custom app.create app.delete app.image.delete app.image.pull app.pull_images app.redeploy
    app.registry.create app.registry.delete app.registry.update app.rollback app.start app.stop app.update app.upgrade
    app.upgrade_bulk`,
  BOOT_ENV_WRITE: `
    boot.environment.activate boot.environment.clone boot.environment.destroy boot.environment.keep boot.scrub
    boot.set_scrub_interval`,
  CATALOG_WRITE: 'catalog.sync catalog.update',
  CERTIFICATE_WRITE: 'certificate.create certificate.delete certificate.update',
  CLOUD_BACKUP_WRITE: `
    cloud_backup.abort cloud_backup.create cloud_backup.delete cloud_backup.delete_snapshot cloud_backup.sync
    cloud_backup.update`,
  CLOUD_SYNC_WRITE: `
    cloudsync.abort cloudsync.create cloudsync.credentials.delete cloudsync.delete cloudsync.restore cloudsync.sync
    cloudsync.sync_onetime cloudsync.update`,
  CONTAINER_WRITE: 'container.delete container.start container.stop',
  DATASET_DELETE: 'pool.dataset.delete',
  DATASET_WRITE: `
    pool.dataset.change_key pool.dataset.create pool.dataset.inherit_parent_encryption_properties pool.dataset.lock
    pool.dataset.promote pool.dataset.rename pool.dataset.set_quota pool.dataset.unlock pool.dataset.update
    systemdataset.update zfs.tier.dataset_set_tier zfs.tier.rewrite_job_cancel zfs.tier.rewrite_job_create
    zfs.tier.rewrite_job_recover zfs.tier.update`,
  'DATASET_WRITE SNAPSHOT_WRITE': 'pool.snapshot.clone',
  DIRECTORY_SERVICE_WRITE: `
    activedirectory.leave directoryservices.cache_refresh directoryservices.leave directoryservices.sync_keytab
    idmap.clear_idmap_cache idmap.create idmap.delete idmap.update kerberos.keytab.create kerberos.keytab.delete
    kerberos.keytab.update kerberos.realm.create kerberos.realm.delete kerberos.realm.update kerberos.update`,
  DISK_WRITE: `
    boot.attach boot.detach boot.replace disk.reset_sed disk.setup_sed disk.unlock_sed disk.update disk.wipe
    smart.test.create smart.test.delete smart.test.update smart.update`,
  DOCKER_WRITE: `
    docker.backup docker.backup_to_pool docker.delete_backup docker.restore_backup docker.update`,
  FILESYSTEM_ATTRS_WRITE: `
    filesystem.acltemplate.create filesystem.acltemplate.delete filesystem.acltemplate.update filesystem.chown
    filesystem.set_zfs_attributes filesystem.setacl filesystem.setperm`,
  FILESYSTEM_DATA_WRITE: 'cloud_backup.restore filesystem.mkdir',
  IPMI_WRITE: 'ipmi.lan.update ipmi.sel.clear',
  KEYCHAIN_CREDENTIAL_WRITE: `
    keychaincredential.create keychaincredential.delete keychaincredential.remote_ssh_host_key_scan
    keychaincredential.update`,
  KMIP_WRITE: 'kmip.clear_sync_pending_keys kmip.sync_keys kmip.update',
  NETWORK_GENERAL_WRITE: `
    network.configuration.update system.ntpserver.create system.ntpserver.delete system.ntpserver.update`,
  NETWORK_INTERFACE_WRITE: `
    acme.dns.authenticator.create acme.dns.authenticator.delete acme.dns.authenticator.update
    interface.cancel_rollback interface.checkin interface.checkin_waiting interface.commit interface.create
    interface.delete interface.has_pending_changes interface.rollback interface.save_network_config interface.update
    staticroute.create staticroute.delete staticroute.update`,
  POOL_SCRUB_WRITE: 'pool.scrub.create pool.scrub.delete pool.scrub.update',
  POOL_WRITE: `
    pool.attach pool.create pool.ddt_prefetch pool.ddt_prune pool.detach pool.expand pool.export pool.import_pool
    pool.offline pool.online pool.prefetch pool.reimport pool.remove pool.replace pool.resilver.update pool.scrub
    pool.scrub.run pool.scrub.scrub pool.update pool.upgrade zpool.scrub.run`,
  PRIVILEGE_WRITE: 'privilege.create privilege.delete privilege.update',
  REPLICATION_TASK_CONFIG_WRITE: 'replication.config.update',
  REPLICATION_TASK_WRITE: `
    replication.count_eligible_manual_snapshots replication.create replication.create_dataset replication.delete
    replication.list_datasets replication.list_naming_schemas replication.restore replication.run
    replication.run_onetime replication.target_unmatched_snapshots replication.update`,
  REPORTING_WRITE: `
    reporting.exporters.create reporting.exporters.delete reporting.exporters.update reporting.update`,
  SERVICE_WRITE: 'service.control service.reload service.restart service.start service.stop service.update',
  SHARING_FTP_WRITE: 'ftp.update',
  SHARING_ISCSI_AUTH_WRITE: 'iscsi.auth.create iscsi.auth.delete iscsi.auth.update',
  SHARING_ISCSI_EXTENT_WRITE: 'iscsi.extent.create iscsi.extent.delete iscsi.extent.update',
  SHARING_ISCSI_GLOBAL_WRITE: 'iscsi.global.update',
  SHARING_ISCSI_INITIATOR_WRITE: 'iscsi.initiator.create iscsi.initiator.delete iscsi.initiator.update',
  SHARING_ISCSI_PORTAL_WRITE: 'iscsi.portal.create iscsi.portal.delete iscsi.portal.update',
  SHARING_ISCSI_TARGETEXTENT_WRITE: `
    iscsi.targetextent.create iscsi.targetextent.delete iscsi.targetextent.update`,
  SHARING_ISCSI_TARGET_WRITE: `
    iscsi.target.create iscsi.target.delete iscsi.target.update iscsi.target.validate_name`,
  SHARING_NFS_WRITE: 'nfs.update sharing.nfs.create sharing.nfs.delete sharing.nfs.update',
  SHARING_NVME_TARGET_WRITE: `
    nvmet.global.update nvmet.host.create nvmet.host.delete nvmet.host.update nvmet.host_subsys.create
    nvmet.host_subsys.delete nvmet.host_subsys.update nvmet.namespace.create nvmet.namespace.delete
    nvmet.namespace.update nvmet.port.create nvmet.port.delete nvmet.port.update nvmet.port_subsys.create
    nvmet.port_subsys.delete nvmet.port_subsys.update nvmet.subsys.create nvmet.subsys.delete nvmet.subsys.update`,
  SHARING_SMB_WRITE: 'sharing.smb.create sharing.smb.delete sharing.smb.setacl sharing.smb.update smb.update',
  SHARING_WEBSHARE_WRITE: `
    sharing.webshare.create sharing.webshare.delete sharing.webshare.update webshare.update`,
  SNAPSHOT_DELETE: 'pool.snapshot.delete zfs.resource.snapshot.destroy zfs.snapshot.delete',
  SNAPSHOT_TASK_WRITE: `
    pool.snapshottask.create pool.snapshottask.delete pool.snapshottask.run pool.snapshottask.update rsynctask.create
    rsynctask.delete rsynctask.run rsynctask.update`,
  SNAPSHOT_WRITE: `
    pool.dataset.destroy_snapshots pool.snapshot.create pool.snapshot.hold pool.snapshot.release pool.snapshot.rename
    pool.snapshot.update zfs.resource.snapshot.clone zfs.resource.snapshot.create zfs.resource.snapshot.hold
    zfs.resource.snapshot.release zfs.resource.snapshot.rename zfs.resource.snapshot.rollback zfs.snapshot.create
    zfs.snapshot.update`,
  'SNAPSHOT_WRITE POOL_WRITE': 'pool.snapshot.rollback',
  SSH_WRITE: 'ssh.update',
  SUPPORT_WRITE: 'support.update',
  SYSTEM_ADVANCED_WRITE: 'system.advanced.update system.advanced.update_gpu_pci_ids',
  SYSTEM_AUDIT_WRITE: 'audit.update',
  SYSTEM_CRON_WRITE: `
    cronjob.create cronjob.delete cronjob.run cronjob.update initshutdownscript.create initshutdownscript.delete
    initshutdownscript.update`,
  SYSTEM_GENERAL_WRITE: `
    snmp.update system.general.checkin system.general.checkin_waiting system.general.ui_restart system.general.update
    ups.update`,
  SYSTEM_SECURITY_WRITE: 'auth.twofactor.update system.security.update',
  SYSTEM_TUNABLE_WRITE: 'tunable.create tunable.delete tunable.update',
  SYSTEM_UPDATE_WRITE: `
    update.download update.manual update.run update.set_auto_download update.set_train update.update`,
  TRUECOMMAND_WRITE: 'truecommand.update',
  VIRT_IMAGE_WRITE: 'virt.volume.delete',
  VIRT_INSTANCE_WRITE: 'virt.instance.delete virt.instance.restart virt.instance.start virt.instance.stop',
  VM_DEVICE_WRITE: 'vm.device.create vm.device.delete vm.device.update',
  VM_WRITE: `
    vm.clone vm.create vm.delete vm.poweroff vm.reset vm.restart vm.resume vm.start vm.stop vm.suspend vm.update`,
  ZFS_RESOURCE_DELETE: 'zfs.resource.destroy',
};

/** Methods that no narrower role grants on releases before `since`. */
export const FULL_ADMIN_BEFORE: readonly { readonly since: string; readonly methods: readonly string[] }[] = [
  {
    since: '25.10',
    methods: [
      'boot.attach',
      'boot.detach',
      'boot.replace',
      'boot.scrub',
      'boot.set_scrub_interval',
      'directoryservices.cache_refresh',
      'disk.wipe',
      'pool.snapshot.clone',
      'pool.snapshot.hold',
      'pool.snapshot.release',
      'pool.snapshot.rollback',
      'replication.run_onetime',
      'rsynctask.run',
      'system.general.checkin',
      'system.general.checkin_waiting',
    ],
  },
];

/** By method. */
export const ROLES_BY_METHOD: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(METHODS_BY_ROLES).flatMap(([roles, methods]) =>
    methods
      .split(/\s+/)
      .filter(Boolean)
      .map((method) => [method, roles.split(' ')] as const),
  ),
);
