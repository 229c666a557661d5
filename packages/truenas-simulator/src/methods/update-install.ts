/** `update.run` (25.04: `update.update`): installs the newer version beside the running one; a boot changes over to it. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { environmentOf, environmentPath } from '../world/boot-environments.ts';
import type { World } from '../world/world.ts';
import { ONLY_25_04, refuse, SINCE_25_10 } from './common.ts';
import { APPLIED } from './update.ts';

interface Install {
  readonly train: string | null;
  /** Absent on 25.04. */
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

async function install(context: MethodContext, { train, version, reboot }: Install): Promise<true> {
  const { world, events, internals, job } = context;
  const { newVersion } = world.system;
  if (world.system.isUpdateApplied) refuse(APPLIED, ERRNO.EREBOOTREQUIRED);
  if (newVersion === null) refuse('No update is available', ERRNO.ENOENT);
  // 25.04 has no versions to choose from.
  if (version !== undefined) checkChoice(world, newVersion, { train, version });
  for (const [index, step] of STEPS.entries()) {
    job?.progress((100 * index) / STEPS.length, step);
    await job?.wait(STEP_MS);
  }
  const dataBytes = environmentOf(world, world.system.bootEnvironment)?.dataBytes ?? 0;
  const environment = environmentPath(world, newVersion);
  if (world.datasets.get(environment) === undefined) {
    world.datasets.add({
      id: environment,
      createdMs: world.now(),
      dataBytes,
      local: { mountpoint: 'legacy' },
    });
    world.datasets.touch();
  }
  world.system.nextEnvironment = newVersion;
  world.system.newVersion = null;
  world.system.isUpdateApplied = true;
  for (const alert of world.alerts.filter(({ klass }) => klass === 'HasUpdate')) {
    world.alerts.splice(world.alerts.indexOf(alert), 1);
    events.publish({ collection: 'alert.list', msg: 'removed', id: alert.uuid });
  }
  if (reboot) internals.power('reboot');
  return true;
}

type Choice = Required<Pick<Install, 'train' | 'version'>>;

/** @throws CallError for half a choice, or for what is not offered */
function checkChoice({ system }: World, offered: string, { train, version }: Choice): void {
  if ((train === null) !== (version === null))
    refuse('`train` and `version` must either both be `null` or both be non-`null`');
  if (version !== null && (version !== offered || train !== system.train))
    refuse('Specified version does not exist');
}
