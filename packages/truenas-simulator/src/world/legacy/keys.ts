/** API keys that somebody made long ago on an older release. */
import type { LegacyKeyPlan } from '../../auth/account-store.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';

/** Keys of a machine; none on one that is easy to take along. On 24.10 one may do little, and one everything. */
export function legacyKeys(legacy: LegacyRelease | null, isPlain: boolean): readonly LegacyKeyPlan[] {
  if (legacy === null || isPlain) return [];
  if (isCore(legacy)) return [{ name: 'home automation', ageDays: 900 }];
  return [
    {
      ...{ name: 'dashboard', ageDays: 500 },
      allowlist: ['pool.query', 'disk.query', 'alert.list'].map((resource) => ({ method: 'CALL', resource })),
    },
    { name: 'old script', ageDays: 800, allowlist: [{ method: '*', resource: '*' }] },
  ];
}
