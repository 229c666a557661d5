/** The TrueNAS releases that the simulator can be. */

/** Release families, oldest first. 26.0 existed as betas only, and was renamed 27.0. */
export const SIM_RELEASES = ['25.04', '25.10', '27.0'] as const;
/** A release family the simulator can be. */
export type SimRelease = (typeof SIM_RELEASES)[number];

/** Releases before those, which speak only the protocol of `/websocket`. */
export const LEGACY_RELEASES = ['core-13.0', 'core-13.3', '24.10'] as const;
/** A release that speaks only the older protocol. */
export type LegacyRelease = (typeof LEGACY_RELEASES)[number];

/** Everything the simulator can be, oldest first. */
export const SIMULATED_RELEASES = [...LEGACY_RELEASES, ...SIM_RELEASES] as const;
/** A release the simulator can be. */
export type SimulatedRelease = LegacyRelease | SimRelease;

/** `system.version` of the releases before. */
export const LEGACY_VERSIONS: Readonly<Record<LegacyRelease, string>> = {
  'core-13.0': 'TrueNAS-13.0-U6.8',
  'core-13.3': 'TrueNAS-13.3-U1.2',
  '24.10': 'TrueNAS-SCALE-24.10.2.4',
};

/** The release as one of the older ones; null for another. */
export function legacyOf(release: SimulatedRelease): LegacyRelease | null {
  return LEGACY_RELEASES.find((each) => each === release) ?? null;
}

/** The release whose world and methods a simulated one is made of: its own, or for an older one the oldest there is. */
export function generationOf(release: SimulatedRelease): SimRelease {
  return SIM_RELEASES.find((each) => each === release) ?? '25.04';
}

/** True for the releases that run on FreeBSD. */
export function isCore(release: SimulatedRelease | null): release is 'core-13.0' | 'core-13.3' {
  return release === 'core-13.0' || release === 'core-13.3';
}

/** What a client can tell apart by asking for versions. */
export interface ReleaseFacts {
  /** The answer of `system.version`. */
  readonly version: string;
  /** API versions with a WebSocket path `/api/vX`, oldest first; `v24.10` is served but not advertised. */
  readonly apiVersions: readonly string[];
}

/** Version names of each release. */
export const RELEASE_FACTS: Readonly<Record<SimRelease, ReleaseFacts>> = {
  '25.04': {
    version: 'TrueNAS-25.04.2.6',
    apiVersions: ['v24.10', 'v25.04.0', 'v25.04.1', 'v25.04.2'],
  },
  '25.10': {
    version: 'TrueNAS-25.10.6',
    apiVersions: [
      'v24.10',
      ...['v25.04.0', 'v25.04.1', 'v25.04.2'],
      ...['v25.10.0', 'v25.10.1', 'v25.10.2', 'v25.10.3', 'v25.10.4', 'v25.10.5'],
    ],
  },
  '27.0': {
    version: 'TrueNAS-27.0.0-RC.1',
    apiVersions: [
      'v24.10',
      ...['v25.04.0', 'v25.04.1', 'v25.04.2'],
      ...['v25.10.0', 'v25.10.1', 'v25.10.2', 'v25.10.3', 'v25.10.4'],
      'v27.0.0',
    ],
  },
};

/** True when `release` is `family` or newer. */
export function isAtLeast(release: SimRelease, family: SimRelease): boolean {
  return SIM_RELEASES.indexOf(release) >= SIM_RELEASES.indexOf(family);
}
