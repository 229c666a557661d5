/** Every toolset, in the order of the tool list. Loads no tool. */
import { accounts } from './accounts/index.ts';
import { api } from './api/index.ts';
import { apps } from './apps/index.ts';
import { changes } from './changes/index.ts';
import { protection } from './protection/index.ts';
import { sharing } from './sharing/index.ts';
import { storage } from './storage/index.ts';
import { system } from './system/index.ts';
import type { Toolset } from './toolset.ts';

export const TOOLSETS: readonly Toolset[] = [
  system,
  storage,
  sharing,
  protection,
  apps,
  accounts,
  changes,
  api,
];
