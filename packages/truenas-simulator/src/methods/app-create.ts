/** `app.create`: apps of the catalog, and apps from a compose file. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { SimRelease } from '../releases.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import { CATALOG } from '../world/app-catalog.ts';
import type { App, AppService } from '../world/workloads.ts';
import { bringUp, usedPorts } from './app.ts';
import { appRow } from './app-row.ts';
import { announce, ONLY_27_0, refuse, UNTIL_25_10 } from './common.ts';
import { memoized } from './crud.ts';

interface Creation {
  readonly custom_app: boolean;
  readonly custom_compose_config?: Readonly<Record<string, unknown>>;
  readonly custom_compose_config_string: string;
  readonly catalog_app: string | null;
  readonly app_name: string;
  readonly train: string;
}

export const APP_CREATE_METHODS: readonly SimMethod[] = [
  ...createOf(UNTIL_25_10, false),
  // From 27.0 on the job has a log.
  ...createOf(ONLY_27_0, true),
];

function createOf(releases: readonly SimRelease[], logs: boolean): SimMethod[] {
  return [
    {
      name: 'app.create',
      releases,
      audited: 'App: Creating',
      description: 'Installs an app.',
      roles: ['APPS_WRITE'],
      params: memoized(() => [['app_create', createArguments()]]),
      job: { logs, lock: ([data]) => `app_create_${String((data as Creation).app_name)}` },
      run: create,
    },
  ];
}

function createArguments() {
  return model('AppCreateArgs', {
    custom_app: z.boolean().default(false),
    values: secret(anyObject().optional()),
    custom_compose_config: secret(anyObject().optional()),
    custom_compose_config_string: secret(text().default('')),
    catalog_app: text().nullable().default(null),
    app_name: text({ min: 1, max: 40 }).regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/u),
    train: text({ min: 1 }).default('stable'),
    version: text({ min: 1 }).default('latest'),
  });
}

async function create(context: MethodContext, data: Creation): Promise<unknown> {
  const { workloads } = context.world;
  const { app_name: name } = data;
  if (workloads.docker !== 'RUNNING') refuse('Docker service is not running');
  if (workloads.apps.some((each) => each.name === name)) {
    throw new ValidationErrors().add('app_create.app_name', `App with name ${name} already exists`);
  }
  const app = data.custom_app ? composed(name, composeOf(data)) : fromCatalog(name, data);
  const taken = usedPorts(context.world);
  context.job?.progress(25, 'Initial Validation completed');
  context.job?.progress(60, 'App installation in progress, pulling images');
  workloads.apps.push(app);
  announce(context, 'app', 'added', name, appRow(context.world, app));
  if (app.ports.some(([host]) => taken.includes(host))) {
    app.state = 'CRASHED';
    refuse(
      `Failed 'up' action for '${name}' app, please check /var/log/app_lifecycle.log for more details`,
      ERRNO.EFAULT,
    );
  }
  await bringUp(context, app);
  context.job?.progress(100, `'${name}' installed successfully`);
  return appRow(context.world, app);
}

function fromCatalog(name: string, { catalog_app: wanted, train }: Creation): App {
  const found = CATALOG.find((each) => each.name === wanted && each.train === train);
  if (found === undefined) {
    throw new ValidationErrors().add('app_create.catalog_app', `Unable to locate "${String(wanted)}" app`);
  }
  const { version, humanVersion } = found;
  return { ...newApp(name), version, humanVersion, ports: [] };
}

/** @throws ValidationErrors for what is no compose file. Of texts it knows JSON, which is YAML as well. */
function composeOf({
  custom_compose_config: config,
  custom_compose_config_string: asText,
}: Creation): object {
  if (config !== undefined) return config;
  try {
    const parsed: unknown = JSON.parse(asText);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Told below.
  }
  throw new ValidationErrors().add(
    'app_create.custom_compose_config_string',
    'Failed to parse the compose config',
  );
}

function composed(name: string, config: object): App {
  const services: unknown = 'services' in config ? config.services : undefined;
  if (typeof services !== 'object' || services === null || Object.keys(services).length === 0) {
    throw new ValidationErrors().add('app_create.custom_compose_config', 'Services key is required');
  }
  const parts = Object.entries(services).map(([service, part]) =>
    serviceOf(service, part as Record<string, unknown>),
  );
  return { ...newApp(name), ports: parts.flatMap(({ ports }) => ports), services: parts };
}

function newApp(name: string) {
  return {
    ...{ name, version: '1.0.0', humanVersion: '1.0.0', newVersion: null, earlierVersions: [] },
    ...{ state: 'DEPLOYING' as const, containerId: null },
  };
}

/** Ports and folders in the short forms of compose, `8080:80/tcp` and `/mnt/tank/data:/data:ro`, and in the long ones. */
function serviceOf(name: string, part: Readonly<Record<string, unknown>>): AppService {
  const { image = '', ports, volumes } = part;
  return {
    name,
    image: typeof image === 'string' ? image : '',
    ports: listOf(ports).flatMap(portOf),
    hostPaths: listOf(volumes).flatMap(bindOf),
  };
}

function portOf(entry: unknown): [number, number][] {
  if (typeof entry === 'object' && entry !== null && 'published' in entry && 'target' in entry)
    return [[Number(entry.published), Number(entry.target)]];
  const parts = String(entry).split('/', 1)[0]?.split(':') ?? [];
  const [host, container] = parts.slice(-2).map(Number);
  return parts.length < 2 || host === undefined || container === undefined ? [] : [[host, container]];
}

function bindOf(entry: unknown): [string, string][] {
  if (typeof entry === 'object' && entry !== null && 'source' in entry && 'target' in entry)
    return [[String(entry.source), String(entry.target)]];
  const [source = '', target = ''] = String(entry).split(':');
  return source.startsWith('/') ? [[source, target]] : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
