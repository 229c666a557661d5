/** What the NAS's own command line does not offer, and `core.get_methods` leaves out for the target `CLI`. */
import { isAtLeast, type SimRelease } from '../releases.ts';

const SERVICES =
  /^(?:boot\.environment|core|filesystem|filesystem\.acltemplate|jbof|system\.vendor|tn_connect)$/;
const SERVICES_25_10 = /^(?:idmap|nvmet\..+|reporting\.realtime|zfs\.resource)$/;
const SERVICES_27_0 =
  /^(?:enclosure2|failover|fc|rdma|truenas\.(?:entitlements|license)|webui\..+|zfs\.resource\.snapshot|zfs\.tier|zpool|zpool\.scrub)$/;

const METHODS =
  /^(?:auth\.log(?:in|out)|failover\.(?:config|licensed|node|status)$|reporting\.(?:get_data|graph|netdata_))/;
const METHODS_25_10 = /^truenas\.get_chassis_hardware$/;
const METHODS_27_0 = /^truenas\.(?:get_eula|is_eula_accepted)$/;

/** True for a method that only programs call. */
export function isCliPrivate(name: string, release: SimRelease): boolean {
  return (
    isCliPrivateService(name.slice(0, name.lastIndexOf('.')), release) || isPrivateByItself(name, release)
  );
}

/** True for a whole service. */
export function isCliPrivateService(namespace: string, release: SimRelease): boolean {
  if (SERVICES.test(namespace)) return true;
  if (isAtLeast(release, '25.10') && SERVICES_25_10.test(namespace)) return true;
  return isAtLeast(release, '27.0') && SERVICES_27_0.test(namespace);
}

function isPrivateByItself(name: string, release: SimRelease): boolean {
  if (METHODS.test(name)) return true;
  if (isAtLeast(release, '25.10') && METHODS_25_10.test(name)) return true;
  return isAtLeast(release, '27.0') && METHODS_27_0.test(name);
}
