/** The NASes that speak the protocol from before TrueNAS 25.04, told apart without signing in (LEGACY section 1). */

/** `CORE`: TrueNAS CORE 13, on FreeBSD. `SCALE`: TrueNAS SCALE up to 24.10. */
export type LegacyProduct = 'CORE' | 'SCALE';

/** A NAS behind the older protocol. This program only reads it. */
export interface LegacyNas {
  product: LegacyProduct;
  /** The answer of `system.version`, e.g. `TrueNAS-13.3-U1.2`; undefined until the sign-in, or when the key may not ask. */
  version: string | undefined;
  /** True for a method that can be asked for there, by whatever calls it is answered. */
  readonly answers: (method: string) => boolean;
}

/** Its name for a person: `TrueNAS CORE 13.3-U1.2`, `TrueNAS SCALE 24.10.2.4`. */
export function legacyName({ product, version }: Pick<LegacyNas, 'product' | 'version'>): string {
  const number = version?.replace(/^TrueNAS-(?:SCALE-)?/u, '').slice(0, 30);
  return `TrueNAS ${product} ${number ?? (product === 'CORE' ? '13' : '24.10 or older')}`;
}
