/** Containers and instances: running them and taking them away. Making and changing them is judged by nobody yet. */
import { destroys, endsWork, type Finding, loses } from '../finding.ts';
import type { MethodRule } from '../rule.ts';
import { each, fields, flag, identity, list, setting, settings, whenChanged } from '../rules.ts';

const ends =
  (what: string): (() => readonly Finding[]) =>
  () => [endsWork(`the container is ${what} while it runs`)];
const cut = flag({ on: destroys('it is stopped the hard way') });

const diskTest = {
  schedule: whenChanged(loses('disks may be tested less often'), fields(each('hour dom month dow', setting))),
  desc: setting,
  type: setting,
  all_disks: flag({ off: loses('disks are no longer tested') }),
  disks: whenChanged(loses('disks may no longer be tested'), settings),
};

export const CONTAINERS: Readonly<Record<string, MethodRule>> = {
  'container.start': { risk: 'reversible', why: 'a container is started', params: [identity] },
  'container.stop': {
    risk: 'reversible',
    why: 'a container is stopped',
    params: [identity, fields({ force: cut, force_after_timeout: cut })],
    also: ends('stopped'),
  },
  'container.delete': {
    risk: 'destroys',
    why: 'the container and its data are lost',
    params: [
      identity,
      fields({
        force: flag({ on: destroys('also while it runs') }),
        recursive: flag({ on: destroys('with all snapshots of it') }),
      }),
    ],
  },
  'virt.instance.start': { risk: 'reversible', why: 'an instance is started', params: [identity] },
  'virt.instance.stop': {
    risk: 'reversible',
    why: 'an instance is stopped',
    params: [identity, fields({ timeout: setting, force: cut })],
    also: ends('stopped'),
  },
  'virt.instance.restart': {
    risk: 'reversible',
    why: 'an instance is started anew',
    params: [identity, fields({ timeout: setting, force: cut })],
    also: ends('started anew'),
  },
  'virt.instance.delete': { risk: 'destroys', why: 'the instance and its data are lost', params: [identity] },
  'virt.volume.delete': { risk: 'destroys', why: 'the volume and its data are lost', params: [identity] },
  'smart.test.manual_test': {
    risk: 'reversible',
    why: 'disks are tested now',
    params: [list(fields(each('identifier mode type', setting)))],
  },
  'smart.test.abort': {
    risk: 'reversible',
    why: 'a test of a disk is told to stop',
    params: [identity],
    also: () => [endsWork('the test is broken off and what it has done is lost')],
  },
  'smart.test.create': {
    risk: 'configuration',
    why: 'a new task tests disks',
    makes: true,
    params: [fields(diskTest)],
  },
  'smart.test.update': {
    risk: 'configuration',
    why: 'a task that tests disks changes',
    params: [identity, fields(diskTest)],
  },
  'smart.test.delete': {
    risk: 'destroys',
    why: 'disks are no longer tested by this task',
    params: [identity],
  },
};
