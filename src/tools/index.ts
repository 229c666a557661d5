/** Every toolset, in the order of the tool list. Loads no tool. */
import { accounts } from './accounts/index.ts';
import { api } from './api/index.ts';
import { apps } from './apps/index.ts';
import { audit } from './audit/index.ts';
import { changes } from './changes/index.ts';
import { files } from './files/index.ts';
import { hardware } from './hardware/index.ts';
import { items } from './items/index.ts';
import { network } from './network/index.ts';
import { protection } from './protection/index.ts';
import { sharing } from './sharing/index.ts';
import { storage } from './storage/index.ts';
import { system } from './system/index.ts';
import { virtualization } from './virtualization/index.ts';
import type { Toolset } from './toolset.ts';

export const TOOLSETS: readonly Toolset[] = [
  system,
  storage,
  sharing,
  protection,
  apps,
  virtualization,
  accounts,
  network,
  hardware,
  files,
  audit,
  changes,
  api,
  items,
];
