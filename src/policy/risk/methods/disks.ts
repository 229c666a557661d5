/** Disks, and the boot pool. */
import { destroys, executes, loses } from '../finding.ts';
import type { MethodRule } from '../rule.ts';
import {
  always,
  amount,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  setting,
  settings,
  whenChanged,
} from '../rules.ts';

const OF_DISKS: Readonly<Record<string, MethodRule>> = {
  'disk.wipe': {
    risk: 'destroys',
    why: 'whatever is on the disk is lost',
    params: [identity, setting, setting],
  },
  'disk.update': {
    risk: 'configuration',
    why: 'settings of a disk change',
    params: [
      identity,
      fields({
        ...each('number lunid description hddstandby advpowermgmt bus', setting),
        ...each(
          'critical difference informational',
          whenChanged(loses('a warm disk may be told later, or not at all'), setting),
        ),
        ...each('supports_smart pool sed sed_status', setting),
        enclosure: fields(each('number slot', setting)),
        togglesmart: flag({ off: loses('the health of the disk is no longer watched') }),
        smartoptions: given(executes('options of smartd can run programs as root'), {
          cleared: loses('the health of the disk may be watched less'),
        }),
        passwd: always(destroys('with another password the disk may no longer be unlocked')),
      }),
    ],
  },
  'disk.resize': {
    risk: 'destroys',
    why: 'the size of disks changes, with what lies beyond it',
    params: [list(fields({ name: identity, size: setting })), setting, setting],
  },
  'disk.retaste': { risk: 'configuration', why: 'partitions are read again', params: [settings] },
  'disk.reset_sed': {
    risk: 'destroys',
    why: 'whatever is on the disk is lost',
    params: [fields({ name: identity, psid: setting })],
  },
  'disk.setup_sed': {
    risk: 'destroys',
    why: 'the disk is locked by a password: without it, its data is lost',
    params: [fields({ name: identity, password: setting })],
  },
  'disk.unlock_sed': {
    risk: 'exposes',
    why: 'the data of a locked disk can be reached',
    params: [fields({ name: identity, password: setting })],
  },
};

const BOOT: Readonly<Record<string, MethodRule>> = {
  'boot.attach': {
    risk: 'destroys',
    why: 'whatever is on the disk is lost',
    params: [identity, fields({ expand: setting })],
  },
  'boot.detach': {
    risk: 'destroys',
    why: 'the boot pool loses a disk, and redundancy with it',
    params: [identity],
  },
  'boot.replace': {
    risk: 'destroys',
    why: 'whatever is on the new disk is lost',
    params: [identity, identity],
  },
  'boot.scrub': { risk: 'reversible', why: 'the boot pool is checked', params: [] },
  'boot.set_scrub_interval': {
    risk: 'configuration',
    why: 'how often the boot pool is checked changes',
    params: [amount({ more: loses('the boot pool is checked less often') })],
  },
  'boot.environment.activate': {
    risk: 'destroys',
    why: 'the next start runs another system with its settings of then; changes since are not in it',
    params: [fields({ id: identity })],
  },
  'boot.environment.clone': {
    risk: 'configuration',
    why: 'a copy of a boot environment is made',
    makes: true,
    params: [fields(each('id target', identity))],
  },
  'boot.environment.destroy': {
    risk: 'destroys',
    why: 'a way back to an earlier system is lost',
    params: [fields({ id: identity })],
  },
  'boot.environment.keep': {
    risk: 'configuration',
    why: 'whether a boot environment may be removed by itself changes',
    params: [
      fields({ id: identity, value: flag({ off: loses('the boot environment may be removed by itself') }) }),
    ],
  },
};

export const DISKS: Readonly<Record<string, MethodRule>> = { ...OF_DISKS, ...BOOT };
