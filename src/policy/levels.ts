/** The four access levels of `TRUENAS_ACCESS`, in ascending order; each includes the ones before. */
export const ACCESS_LEVELS = ['read', 'operate', 'manage', 'destroy'] as const;

/** The most a server may do. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** True when `granted` includes what `needed` asks for. */
export function accessIncludes(granted: AccessLevel, needed: AccessLevel): boolean {
  return ACCESS_LEVELS.indexOf(granted) >= ACCESS_LEVELS.indexOf(needed);
}
