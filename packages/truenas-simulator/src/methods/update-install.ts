/** `update.run` (25.04: `update.update`): installs the newer version beside the running one; a boot changes over to it. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { ONLY_25_04, refuse, SINCE_25_10 } from './common.ts';

interface Install {
  readonly version?: string | null;
  readonly reboot: boolean;
}

const maybe = text().nullable().default(null);
const flag = z.boolean().default(false);
const fields = { dataset_name: maybe, resume: flag, train: maybe, reboot: flag };
const common = {
  description: 'Installs the newer version; the system runs it after the next boot.',
  roles: ['SYSTEM_UPDATE_WRITE'],
  job: { lock: 'update' },
  run: install,
} as const;

/** How long each step takes; a real one takes minutes. */
const STEP_MS = 100;
const STEPS = ['Downloading update', 'Verifying', 'Extracting', 'Performing post-install tasks'];

export const UPDATE_INSTALL_METHODS: readonly SimMethod[] = [
  {
    ...common,
    name: 'update.run',
    releases: SINCE_25_10,
    params: [['attrs', model('UpdateRunAttrs', { ...fields, version: maybe }).prefault({})]],
  },
  {
    ...common,
    name: 'update.update',
    releases: ONLY_25_04,
    params: [['update', model('UpdateRunAttrs', fields).prefault({})]],
  },
];

async function install(context: MethodContext, { version: wanted, reboot }: Install): Promise<true> {
  const { world, events, internals, job } = context;
  const { newVersion } = world.system;
  if (newVersion === null) refuse('No update is available', ERRNO.ENOENT);
  if (wanted !== undefined && wanted !== null && wanted !== newVersion) {
    refuse('Specified version does not exist');
  }
  for (const [index, step] of STEPS.entries()) {
    job?.progress((100 * index) / STEPS.length, step);
    await job?.wait(STEP_MS);
  }
  const { boot } = world.pools;
  const running = world.datasets.get(`${boot.name}/ROOT/${world.system.bootEnvironment}`);
  const dataBytes = running?.dataBytes ?? 0;
  const environment = `${boot.name}/ROOT/${newVersion}`;
  if (world.datasets.get(environment) === undefined) {
    world.datasets.add({
      id: environment,
      createdMs: world.now(),
      dataBytes,
      local: { mountpoint: 'legacy' },
    });
    world.datasets.touch();
  }
  world.system.pendingVersion = newVersion;
  world.system.newVersion = null;
  for (const alert of world.alerts.filter(({ klass }) => klass === 'HasUpdate')) {
    world.alerts.splice(world.alerts.indexOf(alert), 1);
    events.publish({ collection: 'alert.list', msg: 'removed', id: alert.uuid });
  }
  if (reboot) internals.power('reboot');
  return true;
}
