/** Containers: Incus instances up to 25.10, LXC from 27.0 on. */
import type { Random } from './random.ts';
import { GIB } from './units.ts';

/** A container. */
export interface Container {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly pool: string;
  readonly image: { readonly os: string; readonly release: string };
  readonly address: string;
  readonly mac: string;
  readonly memoryBytes: number | null;
  readonly cpuset: string | null;
  readonly autostart: boolean;
  /** A directory of the NAS that it sees, with its place inside. */
  readonly mount: { readonly source: string; readonly target: string } | null;
  state: 'RUNNING' | 'STOPPED';
  /** Of its first process, while it runs. */
  pid: number | null;
}

/** The containers of the default world: one that runs and one that does not. */
export function createContainers(random: Random): Container[] {
  const mac = (): string => `00:16:3e:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`;
  return [
    {
      ...{ id: 1, uuid: random.uuid(), name: 'dns', description: 'Name server of the house', pool: 'tank' },
      ...{ image: { os: 'Debian', release: 'bookworm' }, address: '198.51.100.21', mac: mac() },
      ...{ memoryBytes: GIB, cpuset: '0-1', autostart: true, mount: null },
      ...{ state: 'RUNNING', pid: random.int(4_000, 90_000) },
    },
    {
      ...{ id: 2, uuid: random.uuid(), name: 'build', description: '', pool: 'fast' },
      ...{ image: { os: 'Alpine', release: '3.21' }, address: '198.51.100.22', mac: mac() },
      ...{ memoryBytes: null, cpuset: null, autostart: false },
      mount: { source: '/mnt/tank/projects', target: '/srv/projects' },
      ...{ state: 'STOPPED', pid: null },
    },
  ];
}

/** Lets a container run or stop. */
export function runContainer(random: Random, container: Container, isRunning: boolean): void {
  container.state = isRunning ? 'RUNNING' : 'STOPPED';
  container.pid = isRunning ? random.int(4_000, 90_000) : null;
}

/** An image of the registry that every NAS asks. */
interface RegistryImage {
  readonly os: string;
  readonly release: string;
  readonly variant: 'cloud' | 'default' | 'desktop';
  readonly archs: readonly string[];
  readonly makes: readonly ('CONTAINER' | 'VM')[];
  /** The oldest first. */
  readonly versions: readonly string[];
}

const BOTH = ['CONTAINER', 'VM'] as const;
const DAYS = ['20260227_05:24', '20260228_05:24', '20260301_05:24'];

/** Some of the many. */
export const REGISTRY_IMAGES: readonly RegistryImage[] = [
  ...(['default', 'cloud'] as const).flatMap((variant): RegistryImage[] => [
    { os: 'Alpine', release: '3.21', variant, archs: ['amd64', 'arm64'], makes: BOTH, versions: DAYS },
    { os: 'Debian', release: 'bookworm', variant, archs: ['amd64', 'arm64'], makes: BOTH, versions: DAYS },
    { os: 'Debian', release: 'trixie', variant, archs: ['amd64'], makes: BOTH, versions: DAYS },
    { os: 'Ubuntu', release: 'noble', variant, archs: ['amd64'], makes: ['CONTAINER'], versions: DAYS },
  ]),
  {
    ...{ os: 'Ubuntu', release: 'noble', variant: 'desktop', archs: ['amd64'], makes: ['VM'] },
    versions: DAYS.slice(-1),
  },
];
