/** The toolset `audit`: so far its kinds alone, which list_items and get_item read. */
import type { Toolset } from '../toolset.ts';

export const audit: Toolset = {
  name: 'audit',
  title: 'Audit',
  about: 'Who did what, and when.',
  load: {},
};
