/** How an app looks in the API. */
import { isAtLeast } from '../releases.ts';
import type { World } from '../world/world.ts';
import type { App } from '../world/workloads.ts';
import type { ApiRow } from './common.ts';

/** A row of `app.query`. */
export function appRow({ release }: World, app: App): ApiRow {
  const { name, version, humanVersion, newVersion } = app;
  return {
    name,
    id: name,
    state: app.state,
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
    active_workloads: workloads(app, isAtLeast(release, '25.10') ? { used_host_ips: [] } : {}),
    notes: `# ${name}\n\nThank you for installing ${name}.\n`,
    portals: { 'Web UI': `http://192.0.2.10:${String(app.ports[0]?.[0] ?? 80)}/` },
    version_details: null,
    config: null,
    ...(isAtLeast(release, '27.0') ? { latest_app_version: humanVersion, action_required: false } : {}),
  };
}

/** The containers; an app that is not up has none. */
function workloads(app: App, addresses: ApiRow): ApiRow {
  const { name, humanVersion, ports, containerId, hostPaths = [] } = app;
  if (containerId === null) {
    const nothing = { container_details: [], volumes: [], images: [], networks: [] };
    return { containers: 0, used_ports: [], ...addresses, ...nothing };
  }
  const image = `${name}/${name}:${humanVersion}`;
  const portConfig = ports.map(([host, container]) => ({
    container_port: container,
    protocol: 'tcp',
    host_ports: [{ host_port: host, host_ip: '0.0.0.0' }],
  }));
  const volumes = [
    { source: `/mnt/.ix-apps/app_mounts/${name}/data`, destination: '/data', mode: 'rw', type: 'bind' },
    ...hostPaths.map(([source, destination]) => ({ source, destination, mode: 'rw', type: 'bind' })),
  ];
  return {
    containers: 1,
    used_ports: portConfig,
    ...addresses,
    container_details: [
      {
        id: containerId,
        service_name: name,
        image,
        port_config: portConfig,
        state: 'running',
        volume_mounts: volumes,
      },
    ],
    volumes,
    images: [image],
    networks: [],
  };
}
