/** `app.*`: apps are started, stopped, redeployed, upgraded and deleted. */
import * as z from 'zod';
import { doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import type { App } from '../world/workloads.ts';
import type { World } from '../world/world.ts';
import { appRow } from './app-row.ts';
import { announce, type ApiRow, readable, refuse, SINCE_25_10 } from './common.ts';

const name = text({ min: 1 });
const read = ['APPS_READ'];
const write = ['APPS_WRITE'];
/** How long containers take to come up or go down. */
const COMPOSE_MS = 150;

interface Upgrade {
  readonly app_version: string;
}

const upgradeOptions = model('UpgradeOptions', {
  app_version: text({ min: 1 }).default('latest'),
  values: secret(anyObject().default({})),
  snapshot_hostpaths: z.boolean().default(false),
});

const deleteOptions = model('AppDelete', {
  remove_images: z.boolean().default(true),
  remove_ix_volumes: z.boolean().default(false),
  force_remove_ix_volumes: z.boolean().default(false),
  force_remove_custom_app: z.boolean().default(false),
});

const summaryOptions = model('UpgradeSummaryOptions', { app_version: text({ min: 1 }).default('latest') });

export const APP_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'app',
    entity: 'App',
    what: 'apps',
    roles: read,
    id: text(),
    rows: ({ world }) => appsOf(world).map((app) => appRow(world, app)),
  }),
  {
    name: 'app.start',
    audited: 'App: Starting',
    description: 'Starts an app.',
    roles: write,
    params: [['app_name', name]],
    job: { lock: ([app]) => `app_start_${String(app)}` },
    async run(context: MethodContext, wanted: string) {
      const app = appNamed(context, wanted);
      context.job?.progress(20, `Starting '${wanted}' app`);
      await bringUp(context, app);
      context.job?.progress(100, `Started '${wanted}' app`);
      return null;
    },
  },
  {
    name: 'app.stop',
    audited: 'App: Stopping',
    description: 'Stops an app.',
    roles: write,
    params: [['app_name', name]],
    job: { lock: ([app]) => `app_stop_${String(app)}` },
    async run(context: MethodContext, wanted: string) {
      const app = appNamed(context, wanted);
      context.job?.progress(20, `Stopping '${wanted}' app`);
      enter(context, app, 'STOPPING');
      await context.job?.wait(COMPOSE_MS);
      enter(context, app, 'STOPPED');
      context.job?.progress(100, `Stopped '${wanted}' app`);
      return null;
    },
  },
  {
    name: 'app.redeploy',
    audited: 'App: Redeploying',
    description: 'Makes the containers of an app anew.',
    roles: write,
    params: [['app_name', name]],
    job: { lock: ([app]) => `app_redeploy_${String(app)}` },
    async run(context: MethodContext, wanted: string) {
      const app = appNamed(context, wanted);
      context.job?.progress(70, 'Updating docker resources');
      await bringUp(context, app);
      return appRow(context.world, app);
    },
  },
  {
    name: 'app.upgrade',
    audited: 'App: Upgrading',
    description: 'Upgrades an app to a newer version of the catalog.',
    roles: write,
    params: [
      ['app_name', name],
      ['options', upgradeOptions.prefault({})],
    ],
    job: { lock: ([app]) => `app_upgrade_${String(app)}` },
    async run(context: MethodContext, wanted: string, options: Upgrade) {
      const app = appNamed(context, wanted);
      if (app.state === 'STOPPED') refuse('In order to upgrade an app, it must not be in stopped state');
      const version = newVersionOf(app, options);
      context.job?.progress(40, `Configuration updated for '${wanted}', upgrading app`);
      app.earlierVersions = [app.version, ...app.earlierVersions];
      app.version = version;
      app.newVersion = null;
      await bringUp(context, app);
      context.job?.progress(100, 'Upgraded app successfully');
      return appRow(context.world, app);
    },
  },
  {
    name: 'app.rollback',
    audited: 'App: Rollback of',
    description: 'Takes an app back to a version that it had before.',
    roles: write,
    params: [
      ['app_name', name],
      [
        'options',
        model('AppRollbackOptions', { app_version: name, rollback_snapshot: z.boolean().default(true) }),
      ],
    ],
    job: { lock: ([app]) => `app_rollback_${String(app)}` },
    async run(context: MethodContext, wanted: string, { app_version: version }: Upgrade) {
      const app = appNamed(context, wanted);
      if (!app.earlierVersions.includes(version)) {
        throw new ValidationErrors().add(
          'options.app_version',
          'Specified version is not available for rollback',
        );
      }
      context.job?.progress(20, 'Stopping app');
      enter(context, app, 'STOPPING');
      await context.job?.wait(COMPOSE_MS);
      app.newVersion = app.version;
      app.earlierVersions = app.earlierVersions.slice(app.earlierVersions.indexOf(version) + 1);
      app.version = version;
      await bringUp(context, app);
      context.job?.progress(100, `Rollback completed for '${wanted}' to '${version}' version`);
      return appRow(context.world, app);
    },
  },
  {
    name: 'app.rollback_versions',
    description: 'Versions that an app can be taken back to.',
    roles: read,
    params: [['app_name', name]],
    run: (context: MethodContext, wanted: string) => [...appNamed(context, wanted).earlierVersions],
  },
  {
    name: 'app.upgrade_summary',
    description: 'What an upgrade of an app would bring.',
    roles: read,
    params: [
      ['app_name', name],
      ['options', summaryOptions.prefault({})],
    ],
    run(context: MethodContext, wanted: string, options: Upgrade) {
      const app = appNamed(context, wanted);
      const version = newVersionOf(app, options);
      const human = `${app.humanVersion}_${version}`;
      return {
        latest_version: version,
        latest_human_version: human,
        upgrade_version: version,
        upgrade_human_version: human,
        available_versions_for_upgrade: [{ version, human_version: human }],
        changelog: null,
      };
    },
  },
  {
    name: 'app.used_ports',
    description: 'Ports of the NAS that apps use now.',
    roles: read,
    run: ({ world }: MethodContext) => usedPorts(world),
  },
  {
    name: 'app.used_host_ips',
    description: 'Addresses of the NAS that apps use alone, with the apps that do.',
    releases: SINCE_25_10,
    roles: read,
    // Each app of this world listens on every address.
    run: () => ({}),
  },
  {
    name: 'app.delete',
    audited: 'App: Deleting',
    description: 'Removes an app.',
    roles: write,
    params: [
      ['app_name', name],
      ['options', deleteOptions.prefault({})],
    ],
    job: { lock: ([app]) => `app_delete_${String(app)}` },
    async run(context: MethodContext, wanted: string, options: { force_remove_custom_app: boolean }) {
      const app = appNamed(context, wanted);
      if (options.force_remove_custom_app && app.services === undefined) {
        refuse('`force_remove_custom_app` flag is only valid for a custom app', ERRNO.EINVAL);
      }
      const { apps } = context.world.workloads;
      context.job?.progress(20, `Deleting '${wanted}' app`);
      await context.job?.wait(COMPOSE_MS);
      apps.splice(apps.indexOf(app), 1);
      announce(context, 'app', 'removed', wanted);
      context.job?.progress(100, `Deleted '${wanted}' app`);
      return true;
    },
  },
];

/** The apps; none shows while Docker does not run. */
function appsOf({ workloads }: World): readonly App[] {
  return workloads.docker === 'RUNNING' ? workloads.apps : [];
}

/** Of apps that are up: one that is stopped holds no port. */
export function usedPorts(world: World): number[] {
  const up = appsOf(world).filter(({ containerId }) => containerId !== null);
  return [...new Set(up.flatMap(({ ports }) => ports.map(([host]) => host)))].toSorted((a, b) => a - b);
}

/** @throws ValidationErrors ENOENT */
function appNamed({ world }: MethodContext, wanted: string): App {
  const app = appsOf(world).find((each) => each.name === wanted);
  if (app === undefined) throw doesNotExist('App', wanted);
  return app;
}

function newVersionOf({ name: app, newVersion }: App, { app_version: wanted }: Upgrade): string {
  if (newVersion === null) refuse(`No upgrade available for '${app}'`);
  if (wanted === 'latest' || wanted === newVersion) return newVersion;
  return refuse(`Unable to locate '${wanted}' version for '${app}' app`);
}

/** Makes its containers; it runs then. */
export async function bringUp(context: MethodContext, app: App): Promise<void> {
  enter(context, app, 'DEPLOYING');
  await context.job?.wait(COMPOSE_MS);
  enter(context, app, 'RUNNING');
}

function enter(context: MethodContext, app: App, state: App['state']): void {
  app.state = state;
  app.containerId = state === 'RUNNING' ? context.world.random.hex(64) : null;
  announceApp(context, app);
}

function announceApp(context: MethodContext, app: App): void {
  const row: ApiRow = appRow(context.world, app);
  announce(context, 'app', 'changed', app.name, row);
}
