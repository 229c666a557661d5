/** The toolset `network`: so far its kinds alone, which list_items and get_item read. */
import type { Toolset } from '../toolset.ts';

export const network: Toolset = {
  name: 'network',
  title: 'Network',
  about: 'Interfaces, routes, DNS and remote management.',
  load: {},
};
