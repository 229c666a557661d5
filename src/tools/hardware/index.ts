/** The toolset `hardware`: so far its kinds alone, which list_items and get_item read. */
import type { Toolset } from '../toolset.ts';

export const hardware: Toolset = {
  name: 'hardware',
  title: 'Hardware',
  about: 'Enclosures, sensors, Fibre Channel and failover.',
  load: {},
};
