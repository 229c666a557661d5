/** The toolset `virtualization`: so far its kinds alone, which list_items and get_item read. */
import type { Toolset } from '../toolset.ts';

export const virtualization: Toolset = {
  name: 'virtualization',
  title: 'Virtualization',
  about: 'Virtual machines and containers.',
  load: {},
};
