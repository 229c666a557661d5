/** How names of a domain become numbers, as releases before 25.10 show it. */
import type { ApiRow } from './common.ts';

/** The domains that every machine has. */
const DOMAINS: readonly (readonly [name: string, low: number, high: number, backend: string])[] = [
  ['DS_TYPE_ACTIVEDIRECTORY', 100_000_001, 200_000_000, 'RID'],
  ['DS_TYPE_LDAP', 10_000, 90_000_000, 'LDAP'],
  ['DS_TYPE_DEFAULT_DOMAIN', 90_000_001, 100_000_000, 'TDB'],
];

/** Rows of `idmap.query`. */
export function idmapRows(): ApiRow[] {
  return DOMAINS.map(([name, low, high, backend], index) => ({
    ...{ id: index + 1, name, dns_domain_name: null, range_low: low, range_high: high },
    ...{ idmap_backend: backend, options: {}, certificate: null },
  }));
}
