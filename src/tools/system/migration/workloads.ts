/** Jails, plugins and virtual machines before a move. */
import { field } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { leavesCore } from '../upgrade-steps.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

/** The kind of jail that a plugin runs in. */
const PLUGIN_JAIL = /^plugin/u;

const jails = migrationCheck(
  { part: 'workloads', title: 'jails', uses: ['jail.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { id: field.text, state: field.text, type: field.text, release: field.text };
    for (const { id, state, type, release } of await rowsFrom(nas, 'jail.query', shape)) {
      const isPlain = type === null ? null : !PLUGIN_JAIL.test(type);
      when('jails', named(id), [isPlain], words(state, release));
    }
  },
);

const plugins = migrationCheck(
  { part: 'workloads', title: 'plugins', uses: ['plugin.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { name: field.text, plugin: field.text, version: field.text };
    for (const { name, plugin, version } of await rowsFrom(nas, 'plugin.query', shape))
      when('plugins', named(name), [true], words(plugin !== name && plugin, version));
  },
);

const machines = migrationCheck(
  { part: 'workloads', title: 'virtual machines', uses: ['vm.query'], until: '25.04' },
  async (nas, when, path) => {
    const shape = { name: field.text, bootloader: field.text, autostart: field.flag };
    const isLeaving = leavesCore(path);
    for (const { name, bootloader, autostart } of await rowsFrom(nas, 'vm.query', shape)) {
      const isGrub = bootloader === null ? null : bootloader === 'GRUB';
      when('vm_grub', named(name), [isLeaving, isGrub]);
      const evidence = words(autostart === true && 'starts by itself');
      when('vms', named(name), [isLeaving, isGrub === null ? null : !isGrub], evidence);
      when('vm_instances', named(name), [!isLeaving, makesInstances(path.to?.version ?? '')]);
    }
  },
);

/** Versions of 25.04 that make instances of virtual machines. */
function makesInstances(version: string): boolean {
  return /25\.04\.[01](?:\D|$)/u.test(version);
}

const instances = migrationCheck(
  { part: 'workloads', title: 'machines among the instances', uses: ['virt.instance.query'], into: '25.10' },
  async (nas, when) => {
    const shape = { id: field.text, type: field.text, autostart: field.flag };
    for (const { id, type, autostart } of await rowsFrom(nas, 'virt.instance.query', shape))
      when('vm_autostart', named(id), [type === null ? null : type === 'VM', autostart]);
  },
);

export const WORKLOAD_CHECKS: readonly MigrationCheck[] = [jails, plugins, machines, instances];
