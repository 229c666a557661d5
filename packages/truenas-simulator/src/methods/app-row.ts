/** How an app looks in the API. */
import { isAtLeast } from '../releases.ts';
import type { World } from '../world/world.ts';
import type { App, AppService } from '../world/workloads.ts';
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
    custom_app: app.services !== undefined,
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
  if (app.containerId === null) {
    const nothing = { container_details: [], volumes: [], images: [], networks: [] };
    return { containers: 0, used_ports: [], ...addresses, ...nothing };
  }
  const details = servicesOf(app).map((service, index) =>
    containerRow(service, `${app.containerId ?? ''}${String(index || '')}`),
  );
  return {
    containers: details.length,
    used_ports: details.flatMap(({ port_config: ports }) => ports),
    ...addresses,
    container_details: details,
    volumes: details.flatMap(({ volume_mounts: mounts }) => mounts),
    images: [...new Set(details.map(({ image }) => image))],
    networks: [],
  };
}

/** Those of its compose file; an app of the catalog has one here. */
function servicesOf({ name, humanVersion, ports, hostPaths = [], services }: App): readonly AppService[] {
  const data = [`/mnt/.ix-apps/app_mounts/${name}/data`, '/data'] as const;
  return (
    services ?? [{ name, image: `${name}/${name}:${humanVersion}`, ports, hostPaths: [data, ...hostPaths] }]
  );
}

function containerRow({ name, image, ports, hostPaths }: AppService, id: string) {
  return {
    id,
    service_name: name,
    image,
    port_config: ports.map(([host, container]) => ({
      container_port: container,
      protocol: 'tcp',
      host_ports: [{ host_port: host, host_ip: '0.0.0.0' }],
    })),
    state: 'running',
    volume_mounts: hostPaths.map(([source, destination]) => ({
      source,
      destination,
      mode: 'rw',
      type: 'bind',
    })),
  };
}
