/** The toolset `files`: so far its kinds alone, which list_items and get_item read. */
import type { Toolset } from '../toolset.ts';

export const files: Toolset = {
  name: 'files',
  title: 'Files',
  about: 'Directories, files and their permissions.',
  load: {},
};
