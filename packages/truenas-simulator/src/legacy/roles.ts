/** Which roles let a user of 24.10 call a method: some that newer releases have are not there yet. */
import type { SimMethod } from '../calls/method.ts';
import { grantingRoles } from '../auth/granting.ts';
import { rolesThatGrant } from '../auth/roles.ts';

/** Areas without roles of their own: reading takes READONLY_ADMIN, writing a full administrator. */
const ABSENT =
  /^(POOL|DISK|ALERT|API_KEY|BOOT_ENV|SYSTEM_UPDATE|SYSTEM_CRON|SYSTEM_TUNABLE|SSH|PRIVILEGE|VIRT_\w+|TRUENAS_CONNECT|SHARING_FTP|SYSTEM_SECURITY)_(READ|WRITE)$/;
const ABSENT_WRITES = new Set(['NETWORK_GENERAL_WRITE', 'ALERT_LIST_WRITE']);

/** Methods that no role grants there. */
const FOR_ADMINISTRATORS = new Set([
  ...['pool.import_find', 'keychaincredential.used_by', 'truenas.get_chassis_hardware'],
  ...[
    'update_will_change_retention_for',
    'delete_will_change_retention_for',
    'max_count',
    'max_total_count',
  ].map((method) => `pool.snapshottask.${method}`),
]);

/** Every role that grants a method, without FULL_ADMIN, which grants all. */
export function rolesOf2410(method: SimMethod): readonly string[] {
  const { roles = [] } = method;
  if (FOR_ADMINISTRATORS.has(method.name)) return [];
  if (!roles.some(isAbsent)) return grantingRoles('25.04', method);
  const left = roles.flatMap((role) => {
    if (!isAbsent(role)) return [role];
    return role.endsWith('_READ') ? ['READONLY_ADMIN'] : [];
  });
  return rolesThatGrant('25.04', left);
}

function isAbsent(role: string): boolean {
  return ABSENT.test(role) || ABSENT_WRITES.has(role);
}
