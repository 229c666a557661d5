/** Methods that a change tool of this server sends, and whether call_api_write leaves them to it. */

/** The tool for a method, and what it does that a generic call cannot. */
export interface OwnTool {
  readonly tool: string;
  /** Completes "it …"; present where the generic call would be less safe, and is refused. */
  readonly does?: string;
}

/** The tool that knows this method; `undefined` for all others. */
export function ownToolOf(method: string): OwnTool | undefined {
  return Object.hasOwn(OWN_TOOLS, method) ? OWN_TOOLS[method] : undefined;
}

/** Methods with tools of their own. */
export function methodsWithTools(): readonly string[] {
  return Object.keys(OWN_TOOLS);
}

const CLIENTS = 'counts the connected clients and says what else stops';
const USES = 'shows what hangs on the thing first';

const OWN_TOOLS: Readonly<Record<string, OwnTool>> = {
  ...owned('create_dataset', 'pool.dataset.create'),
  ...owned('update_dataset', 'pool.dataset.update'),
  ...owned(
    'delete_dataset',
    'pool.dataset.delete',
    'lists all that is lost, and takes shares and tasks away one by one',
  ),
  ...owned('rename_dataset', 'pool.dataset.rename', 'names the shares and tasks that lose the old path'),
  ...owned('promote_dataset', 'pool.dataset.promote', 'shows what moves with it'),
  ...owned('lock_dataset', 'pool.dataset.lock', USES),
  ...owned('unlock_dataset', 'pool.dataset.unlock', 'has the passphrase typed by a person'),
  ...owned('create_snapshot', 'pool.snapshot.create'),
  ...owned('delete_snapshots', 'pool.snapshot.delete', 'respects holds, clones and the base of replications'),
  ...owned('hold_snapshot', 'pool.snapshot.hold'),
  ...owned('release_snapshot', 'pool.snapshot.release'),
  ...owned('clone_snapshot', 'pool.snapshot.clone', 'ties the clone to the dataset that it comes from'),
  ...owned('rollback_dataset', 'pool.snapshot.rollback', 'names the newer snapshots and clones that die'),
  ...owned('start_scrub', 'pool.scrub.run', 'looks whether one runs already'),
  ...owned('replace_disk', 'pool.replace', 'makes sure that the new disk is free'),
  ...owned('offline_disk', 'pool.offline', 'makes sure that enough disks are left'),
  ...owned('online_disk', 'pool.online', 'names the disk by its serial number'),
  ...owned(
    'set_permissions',
    'filesystem.setacl filesystem.setperm filesystem.chown',
    'takes a snapshot first, and keeps the old list for the undo',
  ),
  ...owned('create_share', 'sharing.smb.create sharing.nfs.create'),
  ...owned('update_share', 'sharing.smb.update sharing.nfs.update sharing.smb.setacl'),
  ...owned(
    'delete_share',
    'sharing.smb.delete sharing.nfs.delete iscsi.target.delete iscsi.extent.delete',
    'counts the connected clients, and keeps what brings the share back',
  ),
  ...owned('create_snapshot_task', 'pool.snapshottask.create'),
  ...owned('update_snapshot_task', 'pool.snapshottask.update'),
  ...owned('delete_snapshot_task', 'pool.snapshottask.delete', 'can make the task anew'),
  ...owned('run_task', 'pool.snapshottask.run replication.run cloudsync.sync rsynctask.run'),
  ...owned('create_user', 'user.create'),
  ...owned('start_app', 'app.start'),
  ...owned('stop_app', 'app.stop'),
  ...owned('restart_app', 'app.redeploy'),
  ...owned('upgrade_app', 'app.upgrade', 'shows what the new version is, and keeps the way back'),
  ...owned('rollback_app', 'app.rollback', 'shows the versions that there are'),
  ...owned(
    'control_service',
    'service.control service.start service.stop service.restart service.update',
    CLIENTS,
  ),
  ...owned('dismiss_alert', 'alert.dismiss'),
  ...owned('restore_alert', 'alert.restore'),
  ...owned('cancel_job', 'core.job_abort', 'makes sure that it is the same job'),
  ...owned('reboot_system', 'system.reboot', 'shows what is running'),
  ...owned('install_update', 'update.run', 'names version and way back, and does not restart'),
  ...owned('keep_boot_environment', 'boot.environment.keep'),
  ...owned('clone_boot_environment', 'boot.environment.clone'),
  ...owned('activate_boot_environment', 'boot.environment.activate', 'says what is not in that system'),
  ...owned('start_vm', 'vm.start'),
  ...owned('stop_vm', 'vm.stop'),
  ...owned('shutdown_system', 'system.shutdown', 'shows what is running'),
};

function owned(tool: string, methods: string, does?: string): Record<string, OwnTool> {
  return Object.fromEntries(
    methods.split(' ').map((method) => [method, does === undefined ? { tool } : { tool, does }]),
  );
}
