/** The TrueNAS releases that the simulator can be. */

/** Release families, oldest first. 26.0 existed as betas only, and was renamed 27.0. */
export const SIM_RELEASES = ['25.04', '25.10', '27.0'] as const;
/** A release family the simulator can be. */
export type SimRelease = (typeof SIM_RELEASES)[number];

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
