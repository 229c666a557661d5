/**
 * The releases in which methods came or went (PROTOCOL section 12). The table saves a tool a round trip over a method that
 * cannot be there. A method that is not in it counts as present, and a NAS that lacks it says so itself: see
 * connection/offered-methods.ts.
 */
import { isAtLeast, type Release } from './releases.ts';

/** From which release on (`since`) and up to before which one (`until`) a family exists. */
interface Lifetime {
  readonly since?: string;
  readonly until?: string;
  /** A release between in which it was private. */
  readonly notIn?: string;
}

const V25_10 = { since: '25.10' } as const;
/** The betas of 26.0 were renamed 27.0: what they have, 27.0 has. */
const V26 = { since: '26.0' } as const;
const V27 = { since: '27.0' } as const;
const V28 = { since: '28.0' } as const;
const BEFORE_25_10 = { until: '25.10' } as const;
const BEFORE_26 = { until: '26.0' } as const;
/** Of TrueNAS CORE, which is not asked by this table: no release that is has them. */
const BEFORE_SCALE = { until: '20.0' } as const;
const NOT_25_10 = { notIn: '25.10' } as const;

/** A name that ends in a dot stands for all methods below it; the longest match decides. */
const LIFETIMES: ReadonlyMap<string, Lifetime> = new Map<string, Lifetime>([
  ['jail.', BEFORE_SCALE],
  ['plugin.', BEFORE_SCALE],
  ['sharing.afp.', BEFORE_SCALE],
  ['sharing.webdav.', BEFORE_SCALE],
  ['webdav.', BEFORE_SCALE],
  ['multipath.', BEFORE_SCALE],
  ['nis.', BEFORE_SCALE],
  ['openvpn.', BEFORE_SCALE],
  ['rsyncmod.', BEFORE_SCALE],
  ['nvmet.', V25_10],
  ['fcport.', V25_10],
  ['fc.', V25_10],
  ['fc.capable', V26],
  ['service.control', V25_10],
  ['zfs.resource.query', V25_10],
  ['zfs.resource.destroy', V26],
  ['zfs.resource.snapshot.', V26],
  ['zfs.tier.', V26],
  ['zpool.', V26],
  ['pool.prefetch', V26],
  ['pool.reimport', V26],
  ['pool.dataset.rename', V25_10],
  ['pool.dataset.destroy_snapshots', BEFORE_26],
  ['pool.snapshot.rename', V25_10],
  ['directoryservices.config', V25_10],
  ['directoryservices.update', V25_10],
  ['directoryservices.leave', V25_10],
  ['directoryservices.get_state', BEFORE_25_10],
  ['activedirectory.', BEFORE_25_10],
  ['ldap.', BEFORE_25_10],
  ['idmap.', BEFORE_25_10],
  ['idmap.clear_idmap_cache', {}],
  ['certificateauthority.', BEFORE_25_10],
  ['smart.', BEFORE_25_10],
  ['disk.temperature', BEFORE_25_10],
  ['disk.smart_attributes', BEFORE_25_10],
  ['disk.reset_sed', V26],
  ['disk.setup_sed', V26],
  ['disk.unlock_sed', V26],
  ['update.status', V25_10],
  ['update.available_versions', V25_10],
  ['update.config', V25_10],
  ['update.profile_choices', V25_10],
  ['update.run', V25_10],
  ['update.check_available', BEFORE_25_10],
  ['update.get_trains', BEFORE_25_10],
  ['update.get_pending', BEFORE_25_10],
  ['update.get_auto_download', BEFORE_25_10],
  ['update.set_auto_download', BEFORE_25_10],
  ['update.set_train', BEFORE_25_10],
  ['service.start', BEFORE_26],
  ['service.stop', BEFORE_26],
  ['service.restart', BEFORE_26],
  ['service.reload', BEFORE_26],
  ['smb.client_count', BEFORE_25_10],
  ['virt.', BEFORE_26],
  ['container.', V26],
  ['lxc.', V26],
  ['vm.device.convert', V25_10],
  ['vm.device.virtual_size', V25_10],
  ['vm.export_disk_image', BEFORE_26],
  ['vm.import_disk_image', BEFORE_26],
  ['sharing.webshare.', V26],
  ['webshare.', V26],
  ['truenas.license.', V26],
  ['enclosure2.', V26],
  ['failover.licensed', NOT_25_10],
  ['failover.status', NOT_25_10],
  ['failover.node', NOT_25_10],
  ['failover.config', NOT_25_10],
  ['ipmi.sensors.', BEFORE_25_10],
  ['webui.enclosure.', V26],
  ['k8s_to_docker.', BEFORE_25_10],
  ['api_key.convert_raw_key', V26],
  ['sharing.s3.', V27],
  ['s3.', V27],
  ['truenas.entitlements.', V27],
  ['boot.environment.get_instance', V28],
  ['vm.reset', V28],
]);

/** True when a release has a method (by its canonical name). */
export function hasMethod(method: string, release: Release): boolean {
  const lifetime = lifetimeOf(method);
  if (lifetime === undefined) return true;
  const { since, until, notIn } = lifetime;
  return (
    release.family !== notIn &&
    (since === undefined || isAtLeast(release, since)) &&
    (until === undefined || !isAtLeast(release, until))
  );
}

function lifetimeOf(method: string): Lifetime | undefined {
  const exact = LIFETIMES.get(method);
  if (exact !== undefined) return exact;
  for (let dot = method.lastIndexOf('.'); dot > 0; dot = method.lastIndexOf('.', dot - 1)) {
    const family = LIFETIMES.get(method.slice(0, dot + 1));
    if (family !== undefined) return family;
  }
  return undefined;
}
