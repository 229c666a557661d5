/** Apps and virtual machines: enough of them to be listed, running and stopped. */
import { type Container, createContainers } from './containers.ts';
import type { Random } from './random.ts';
import { GIB, MIB } from './units.ts';

type Row = Readonly<Record<string, unknown>>;

/** An app of the catalog that is installed. */
export interface App {
  readonly name: string;
  version: string;
  /** Version of the software inside. */
  readonly humanVersion: string;
  /** What it can be upgraded to; null when it is current. */
  newVersion: string | null;
  /** Those it had before, the newest first: it can go back to them. */
  earlierVersions: readonly string[];
  state: 'RUNNING' | 'STOPPED' | 'CRASHED' | 'STOPPING' | 'DEPLOYING';
  readonly ports: readonly (readonly [host: number, container: number])[];
  /** Of its container while there is one. */
  containerId: string | null;
  /** Folders of the NAS that its container gets. */
  readonly hostPaths?: readonly (readonly [source: string, destination: string])[];
  /** Of an app from a compose file. */
  readonly services?: readonly AppService[];
}

/** A service of a compose file. */
export interface AppService {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly (readonly [host: number, container: number])[];
  readonly hostPaths: readonly (readonly [source: string, destination: string])[];
}

/** A virtual machine as `vm.query` shows it. */
export type Vm = Row & { readonly id: number; readonly name: string; readonly status: VmStatus };

/** Whether a virtual machine runs. */
export interface VmStatus {
  readonly state: 'RUNNING' | 'STOPPED' | 'SUSPENDED';
  readonly pid: number | null;
  readonly domain_state: string;
}

/** Whether apps can run. */
export type DockerStatus = 'RUNNING' | 'STOPPED' | 'UNCONFIGURED';

/** What runs on the NAS besides storage. */
export interface Workloads {
  docker: DockerStatus;
  readonly apps: App[];
  readonly registries: readonly Row[];
  readonly vms: Vm[];
  readonly containers: Container[];
}

/** A NAS that runs nothing, with apps never set up. */
export function noWorkloads(): Workloads {
  return { docker: 'UNCONFIGURED', apps: [], registries: [], vms: [], containers: [] };
}

/** The workloads of the mixed world. */
export function createWorkloads(random: Random): Workloads {
  return {
    docker: 'RUNNING',
    apps: [
      app(random, 'nextcloud', '2.0.3', '30.0.4', 'RUNNING', '2.0.4', [[30_027, 80]]),
      {
        ...app(random, 'jellyfin', '1.1.30', '10.10.3', 'RUNNING', null, [[30_013, 8096]]),
        earlierVersions: ['1.1.29'],
        hostPaths: [['/mnt/tank/media', '/media']],
      },
      app(random, 'syncthing', '1.2.4', '1.29.2', 'STOPPED', null, [[20_910, 8384]]),
      app(random, 'immich', '1.9.2', '1.132.3', 'CRASHED', '1.9.9', [[30_041, 2283]]),
    ],
    registries: [
      {
        id: 1,
        name: 'private registry',
        description: null,
        username: `registry-user-${random.hex(6)}`,
        password: `registry-pass-${random.hex(10)}`,
        uri: 'https://registry.example.org/v2/',
      },
    ],
    vms: [
      vm(random, 1, 'web01', 2, 4 * GIB, 'RUNNING', 'fast/vms/web01'),
      vm(random, 2, 'db01', 4, 16 * GIB, 'RUNNING', 'fast/vms/db01'),
      vm(random, 3, 'win11', 4, 8 * GIB, 'STOPPED', 'fast/vms/win11'),
    ],
    containers: createContainers(random.fork('containers')),
  };
}

/** An app of the catalog. */
export function app(
  random: Random,
  name: string,
  version: string,
  humanVersion: string,
  state: App['state'],
  newVersion: string | null,
  ports: App['ports'],
): App {
  const containerId = state === 'RUNNING' ? random.hex(64) : null;
  return { name, version, humanVersion, state, newVersion, earlierVersions: [], ports, containerId };
}

/** What `vm.status` says of a state. */
export function vmStatus(random: Random, state: VmStatus['state']): VmStatus {
  const domainStates = { RUNNING: 'RUNNING', STOPPED: 'SHUTOFF', SUSPENDED: 'PAUSED' } as const;
  const pid = state === 'STOPPED' ? null : random.int(4_000, 90_000);
  return { state, pid, domain_state: domainStates[state] };
}

/** A virtual machine with one disk on a zvol. */
export function vm(
  random: Random,
  id: number,
  name: string,
  vcpus: number,
  memoryBytes: number,
  state: 'RUNNING' | 'STOPPED',
  zvol: string,
): Vm {
  const isUp = state === 'RUNNING';
  const device = (order: number, attributes: Row): Row => ({
    id: id * 10 + order,
    attributes,
    vm: id,
    order,
  });
  return {
    id,
    name,
    description: '',
    command_line_args: '',
    cpu_mode: 'HOST-PASSTHROUGH',
    cpu_model: null,
    vcpus: 1,
    cores: vcpus,
    threads: 1,
    cpuset: null,
    nodeset: null,
    enable_cpu_topology_extension: false,
    pin_vcpus: false,
    suspend_on_snapshot: false,
    trusted_platform_module: name === 'win11',
    memory: memoryBytes / MIB,
    min_memory: null,
    hyperv_enlightenments: name === 'win11',
    bootloader: 'UEFI',
    bootloader_ovmf: 'OVMF_CODE.fd',
    autostart: isUp,
    hide_from_msr: false,
    ensure_display_device: true,
    time: 'LOCAL',
    shutdown_timeout: 90,
    arch_type: null,
    machine_type: null,
    uuid: random.uuid(),
    enable_secure_boot: name === 'win11',
    devices: [
      device(0, {
        dtype: 'DISK',
        path: `/dev/zvol/${zvol}`,
        type: 'VIRTIO',
        create_zvol: false,
        zvol_name: null,
        zvol_volsize: null,
        logical_sectorsize: null,
        physical_sectorsize: null,
        iotype: 'THREADS',
        serial: random.hex(8),
      }),
      device(1, {
        dtype: 'NIC',
        trust_guest_rx_filters: false,
        type: 'VIRTIO',
        nic_attach: 'br0',
        mac: `00:a0:98:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`,
      }),
      device(2, {
        dtype: 'DISPLAY',
        resolution: '1920x1080',
        port: 5900 + id * 2,
        web_port: 5901 + id * 2,
        bind: '127.0.0.1',
        wait: false,
        password: `spice-${random.hex(8)}`,
        web: true,
        type: 'SPICE',
      }),
    ],
    display_available: isUp,
    status: vmStatus(random, state),
  };
}
