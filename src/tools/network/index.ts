/** The toolset `network`: its kinds are read by list_items and get_item. */
import type { Toolset } from '../toolset.ts';

export const network: Toolset = {
  name: 'network',
  title: 'Network',
  about: 'Interfaces, routes, DNS and remote management.',
  load: {
    update_interface: async () => (await import('./update-interface.ts')).updateInterface,
  },
};
