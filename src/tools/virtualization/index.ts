/** The toolset `virtualization`: its kinds are read by list_items and get_item; machines are started and stopped. */
import type { Toolset } from '../toolset.ts';

export const virtualization: Toolset = {
  name: 'virtualization',
  title: 'Virtualization',
  about: 'Virtual machines and containers.',
  load: {
    start_vm: async () => (await import('./run-vm.ts')).startVm,
    stop_vm: async () => (await import('./run-vm.ts')).stopVm,
  },
};
