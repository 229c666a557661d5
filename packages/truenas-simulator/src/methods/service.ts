/** `service.*`: which services run, and starting and stopping them. */
import * as z from 'zod';
import { doesNotExist, ERRNO, PlainError } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod, SimParams } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { freshPids, type Service } from '../world/services.ts';
import { announce, type ApiRow, readable, refuse, SINCE_25_10, UNTIL_25_10 } from './common.ts';

const WRITE = [
  'SERVICE_WRITE',
  'SHARING_FTP_WRITE',
  'SHARING_ISCSI_WRITE',
  'SHARING_NFS_WRITE',
  'SHARING_SMB_WRITE',
];
const WRITE_WITH_NVMET = [...WRITE, 'SHARING_NVME_TARGET_WRITE'];

/** Roles that are enough for one service; every service takes `SERVICE_WRITE`. */
const ROLE_OF_SERVICE: Readonly<Record<string, string>> = {
  cifs: 'SHARING_SMB_WRITE',
  nfs: 'SHARING_NFS_WRITE',
  iscsitarget: 'SHARING_ISCSI_WRITE',
  ftp: 'SHARING_FTP_WRITE',
  nvmet: 'SHARING_NVME_TARGET_WRITE',
};

const controlOptions = model('ServiceOptions', {
  ha_propagate: z.boolean().default(true),
  silent: z.boolean().default(true),
  timeout: z.int().nullable().default(120),
}).prefault({});
const oldControlOptions = model('ServiceOptions', {
  ha_propagate: z.boolean().default(true),
  silent: z.boolean().default(true),
}).prefault({});

/** The NAS's own number for a service that did not start. */
const ESERVICESTARTFAILURE = 202;

interface Options {
  /** What goes wrong is an answer of false instead of an error. */
  readonly silent: boolean;
}

type Verb = 'START' | 'STOP' | 'RESTART' | 'RELOAD';

const byName: SimParams = [['service', text()]];
const oldVerb = (verb: Verb, does: string): SimMethod => ({
  name: `service.${verb.toLowerCase()}`,
  description: `${does} a service.`,
  releases: UNTIL_25_10,
  roles: WRITE,
  audited: `Service: ${verb.toLowerCase()}`,
  params: (release) => [
    ['service', text()],
    ['options', isAtLeast(release, '25.10') ? controlOptions : oldControlOptions],
  ],
  run: (context: MethodContext, name: string, options: Options) => control(context, verb, name, options),
});

export const SERVICE_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'service',
    takesAnyIdBefore: true,
    // The NAS's own name for it is the class's, less the word `Service`.
    entity: '',
    what: 'services',
    roles: ['SERVICE_READ'],
    rows: ({ world }) => world.services.map(serviceRow),
  }),
  {
    name: 'service.update',
    audited: 'Update service configuration',
    description: 'Sets whether a service starts with the system; answers its id.',
    releases: ['25.04'],
    roles: WRITE,
    params: [
      ['id_or_name', text()],
      ['service_update', model('ServiceUpdate', { enable: z.boolean().default(false) }).prefault({})],
    ],
    run: update,
  },
  {
    name: 'service.update',
    audited: 'Update service configuration',
    description: 'Sets whether a service starts with the system; answers its id.',
    releases: SINCE_25_10,
    roles: WRITE_WITH_NVMET,
    params: [
      ['id_or_name', z.union([z.int(), text()])],
      ['service_update', model('ServiceUpdate', { enable: z.boolean() })],
    ],
    run: update,
  },
  oldVerb('START', 'Starts'),
  oldVerb('STOP', 'Stops'),
  oldVerb('RESTART', 'Restarts'),
  oldVerb('RELOAD', 'Reloads'),
  {
    name: 'service.control',
    audited: 'Service Control:',
    description: 'Starts, stops, restarts or reloads a service; true when that worked.',
    releases: SINCE_25_10,
    roles: WRITE_WITH_NVMET,
    params: [
      ['verb', z.enum(['START', 'STOP', 'RESTART', 'RELOAD'])],
      ['service', text()],
      ['options', controlOptions],
    ],
    job: { lock: ([, service]) => `service_${String(service)}` },
    async run(context: MethodContext, verb: Verb, name: string, options: Options) {
      existing(context, name);
      await context.job?.wait(40);
      return control(context, verb, name, options);
    },
  },
  {
    name: 'service.started',
    description: 'True when the service runs.',
    roles: ['SERVICE_READ'],
    params: byName,
    run: ({ world }: MethodContext, name: string) => running(world.services, name),
  },
  {
    name: 'service.started_or_enabled',
    description: 'True when the service runs or starts with the system.',
    roles: ['SERVICE_READ'],
    params: byName,
    run: ({ world }: MethodContext, name: string) =>
      running(world.services, name) || world.services.some((each) => each.service === name && each.enable),
  },
];

function update(context: MethodContext, idOrName: number | string, fields: { enable: boolean }): number {
  const service = context.world.services.find(
    ({ id, service: name }) => idOrName === id || idOrName === name || idOrName === String(id),
  );
  if (service === undefined) throw doesNotExist('', idOrName);
  service.enable = fields.enable;
  announce(context, 'service', 'changed', service.id, serviceRow(service));
  return service.id;
}

/**
 * Does it, if whoever is signed in now may: nobody is once the connection has ended. Answers whether it worked, which a 25.04
 * says the other way round of a stop.
 */
function control(context: MethodContext, verb: Verb, name: string, { silent: isSilent }: Options): boolean {
  const { world, session, release } = context;
  const service = existing(context, name);
  const role = ROLE_OF_SERVICE[name];
  if (!session.hasRole('SERVICE_WRITE', ...(role === undefined ? [] : [role]))) {
    const does = verb === 'RELOAD' ? 'restart' : verb.toLowerCase();
    const errno = verb === 'STOP' ? ERRNO.EFAULT : ERRNO.EPERM;
    refuse(`${name}: authenticated session lacks privilege to ${does} service`, errno);
  }
  if (name === 'ups' && verb !== 'STOP') {
    if (isSilent) return false;
    refuse('Service "ups" could not be started: no UPS answers on port auto', ESERVICESTARTFAILURE);
  }
  const wasRunning = service.isRunning;
  service.isRunning = verb === 'RELOAD' ? wasRunning : verb !== 'STOP';
  if (!service.isRunning) service.pids = [];
  else if (verb === 'RESTART' || !wasRunning) service.pids = freshPids(world.random, name);
  announce(context, 'service', 'changed', service.id, serviceRow(service));
  return verb === 'STOP' ? isAtLeast(release, '25.10') : service.isRunning;
}

/** @throws PlainError whose whole text is the name */
function existing({ world }: MethodContext, name: string): Service {
  const service = world.services.find((each) => each.service === name);
  if (service === undefined) throw new PlainError(name, 'MatchNotFound');
  return service;
}

function running(services: readonly Service[], name: string): boolean {
  return services.some((each) => each.service === name && each.isRunning);
}

/** A row of `service.query`. */
function serviceRow(service: Service): ApiRow {
  return {
    id: service.id,
    service: service.service,
    enable: service.enable,
    state: service.isRunning ? 'RUNNING' : 'STOPPED',
    pids: [...service.pids],
  };
}
