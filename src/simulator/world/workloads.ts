/** Apps and virtual machines: enough of them to be listed, running and stopped. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { GIB, MIB } from './units.ts';

type Row = Readonly<Record<string, unknown>>;

/** What runs on the NAS besides storage. */
export interface Workloads {
  readonly apps: readonly Row[];
  readonly registries: readonly Row[];
  readonly vms: readonly Row[];
}

/** The workloads of the default world. */
export function createWorkloads(random: Random, release: SimRelease): Workloads {
  return {
    apps: [
      app(random, release, 'nextcloud', '2.0.3', '30.0.4', 'RUNNING', '2.0.4', [[30_027, 80]]),
      app(random, release, 'jellyfin', '1.1.30', '10.10.3', 'RUNNING', null, [[30_013, 8096]]),
      app(random, release, 'syncthing', '1.2.4', '1.29.2', 'STOPPED', null, [[20_910, 8384]]),
      app(random, release, 'immich', '1.9.2', '1.132.3', 'CRASHED', '1.9.9', [[30_041, 2283]]),
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
  };
}

function app(
  random: Random,
  release: SimRelease,
  name: string,
  version: string,
  humanVersion: string,
  state: 'RUNNING' | 'STOPPED' | 'CRASHED',
  newVersion: string | null,
  ports: readonly (readonly [host: number, container: number])[],
): Row {
  const portConfig = ports.map(([host, container]) => ({
    container_port: container,
    protocol: 'tcp',
    host_ports: [{ host_port: host, host_ip: '0.0.0.0' }],
  }));
  const volumes = [
    { source: `/mnt/.ix-apps/app_mounts/${name}/data`, destination: '/data', mode: 'rw', type: 'bind' },
  ];
  const isUp = state === 'RUNNING';
  return {
    name,
    id: name,
    state,
    upgrade_available: newVersion !== null,
    latest_version: newVersion ?? version,
    image_updates_available: false,
    custom_app: false,
    migrated: false,
    human_version: `${humanVersion}_${version}`,
    version,
    metadata: {
      app_version: humanVersion,
      name,
      title: name.charAt(0).toUpperCase() + name.slice(1),
      train: name === 'jellyfin' || name === 'immich' ? 'community' : 'stable',
      version,
      description: `${name} for the home`,
    },
    active_workloads: {
      containers: isUp ? 1 : 0,
      used_ports: isUp ? portConfig : [],
      ...(isAtLeast(release, '25.10') ? { used_host_ips: [] } : {}),
      container_details: isUp
        ? [
            {
              id: random.hex(64),
              service_name: name,
              image: `${name}/${name}:${humanVersion}`,
              port_config: portConfig,
              state: 'running',
              volume_mounts: volumes,
            },
          ]
        : [],
      volumes: isUp ? volumes : [],
      images: isUp ? [`${name}/${name}:${humanVersion}`] : [],
      networks: [],
    },
    notes: `# ${name}\n\nThank you for installing ${name}.\n`,
    portals: { 'Web UI': `http://192.0.2.10:${String(ports[0]?.[0] ?? 80)}/` },
    version_details: null,
    config: null,
    ...(isAtLeast(release, '26.0') ? { latest_app_version: humanVersion, action_required: false } : {}),
  };
}

function vm(
  random: Random,
  id: number,
  name: string,
  vcpus: number,
  memoryBytes: number,
  state: 'RUNNING' | 'STOPPED',
  zvol: string,
): Row {
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
    status: {
      state,
      pid: isUp ? random.int(4_000, 90_000) : null,
      domain_state: isUp ? 'RUNNING' : 'SHUTOFF',
    },
  };
}
