/**
 * `keep_boot_environment`, `clone_boot_environment`, `activate_boot_environment`: the way back to a system that ran before,
 * with its settings of then.
 */
import * as z from 'zod';
import type { Change, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { newTarget, presentTarget } from '../support/targets.ts';
import {
  type Environment,
  environmentThing,
  findEnvironment,
  readEnvironments,
  shownName,
} from './environment.ts';

const name = z.string().trim().min(1).max(200);
const common = {
  toolset: 'system',
  isUnlisted: true,
  uses: ['boot.environment.query'],
} as const;

export const keepBootEnvironment = defineChange({
  ...common,
  name: 'keep_boot_environment',
  access: 'manage',
  title: 'Keep a boot environment',
  words: 'protect preserve installed version system way back update prune',
  description: 'Keeps a boot environment (the running one by default): no update removes it for room.',
  input: z.strictObject({ environment: name.optional() }),
  writes: ['boot.environment.keep'],
  examples: [{ args: {}, why: 'the one that runs' }],
  async plan(nas, { environment }): Promise<Change> {
    const { id, keep } = findEnvironment(await readEnvironments(nas), environment);
    if (keep === true) throw new InputProblem('environment', `${shownName(id)} is kept already`);
    return {
      summary: `Keep boot environment ${shownName(id)}`,
      calls: [keeping(id, true)],
      targets: [await environmentTarget(nas, id, { keep: true })],
      impact: [
        'no update removes it for room; a person still can',
        'it takes its room on the boot pool for good: take one off that nobody needs any more, in the web interface',
      ],
      undo: { calls: [{ ...keeping(id, false), undoes: 0 }] },
    };
  },
});

export const cloneBootEnvironment = defineChange({
  ...common,
  name: 'clone_boot_environment',
  access: 'manage',
  title: 'Copy a boot environment',
  words: 'duplicate save installed version system settings restore point before',
  description:
    'Copies a boot environment (the running one by default) under a new name: system and settings as they are now.',
  input: z.strictObject({
    name: name.regex(/^[\w.-]+$/u, 'letters, digits, dots, hyphens and underscores'),
    environment: name.optional(),
  }),
  writes: ['boot.environment.clone', 'boot.environment.destroy'],
  examples: [{ args: { name: 'before-the-window' }, why: 'settings to go back to' }],
  async plan(nas, { name: made, environment }): Promise<Change> {
    const source = findEnvironment(await readEnvironments(nas), environment);
    const { id } = source;
    return {
      summary: `Copy boot environment ${shownName(id)} to ${made}`,
      calls: [
        {
          method: 'boot.environment.clone',
          params: [{ id, target: made }],
          purpose: `copy the boot environment ${shownName(id)} to ${made}`,
        },
      ],
      targets: [
        {
          ...(await newTarget(
            nas,
            environmentThing(made),
            { active: false, activated: false },
            { argument: 'name' },
          )),
        },
      ],
      impact: [
        'it grows as the system changes, on the boot pool',
        'nothing starts it by itself: activate_boot_environment chooses it for the next start',
        'an update may remove it for room unless it is kept: keep_boot_environment',
        'datasets, apps and files are not in it: only the system and its settings',
      ],
      undo: {
        calls: [
          {
            method: 'boot.environment.destroy',
            params: [{ id: made }],
            purpose: `remove the boot environment ${made}`,
            undoes: 0,
          },
        ],
      },
    };
  },
});

export const activateBootEnvironment = defineChange({
  ...common,
  name: 'activate_boot_environment',
  access: 'destroy',
  title: 'Choose the system of the next start',
  words: 'go back roll back downgrade earlier older previous version boot into update failed',
  description:
    'Chooses the boot environment that the next start runs: the way back after an update. Nothing changes before the restart.',
  input: z.strictObject({ environment: name }),
  writes: ['boot.environment.activate'],
  examples: [{ args: { environment: '25.04.2.6' }, why: 'an earlier version' }],
  async plan(nas, { environment }): Promise<Change> {
    const all = await readEnvironments(nas);
    const chosen = findEnvironment(all, environment);
    const { id } = chosen;
    checkStartable(chosen);
    const last = all.find((each) => each.activated === true);
    return {
      summary: `Start boot environment ${shownName(id)} at the next start`,
      calls: [activating(id)],
      targets: [
        await environmentTarget(nas, id, { activated: true }),
        ...(last === undefined ? [] : [await environmentTarget(nas, last.id, { activated: false })]),
      ],
      impact: [...backLines(chosen), 'nothing happens before the NAS is restarted: reboot_system'],
      undo:
        last === undefined
          ? { impossible: 'the NAS does not say which one would have started' }
          : { calls: [{ ...activating(last.id), undoes: 0 }] },
    };
  },
});

/** @throws InputProblem for one that the NAS would refuse */
function checkStartable({ id, activated, can_activate: isStartable }: Environment): void {
  if (activated === true)
    throw new InputProblem('environment', `the next start runs ${shownName(id)} already`);
  if (isStartable === false)
    throw new InputProblem('environment', `the NAS says that ${shownName(id)} cannot be started`);
}

function backLines({ active }: Environment): string[] {
  if (active === true) return ['it is the one that runs now'];
  return [
    'the NAS then runs with the settings of that system: accounts, shares, tasks and keys that were made since it ran or was copied are not in it',
    'a pool whose features were upgraded since cannot be opened by an older version',
    'apps and virtual machines that a newer version has changed may not start',
  ];
}

function environmentTarget(
  nas: ReadClient,
  id: string,
  after: Readonly<Record<string, unknown>>,
): Promise<Target> {
  return presentTarget(nas, environmentThing(id), after, {
    absent: () => new InputProblem('environment', `${shownName(id)} is not there any more`),
  });
}

const keeping = (id: string, value: boolean) => ({
  method: 'boot.environment.keep',
  params: [{ id, value }],
  purpose: `${value ? 'keep' : 'no longer keep'} the boot environment ${shownName(id)}`,
});

const activating = (id: string) => ({
  method: 'boot.environment.activate',
  params: [{ id }],
  purpose: `start the boot environment ${shownName(id)} at the next start`,
});
