/** Every prompt, in the order of the list. */
import type { Prompt } from './prompt.ts';
import { beforeUpgrade } from './before-upgrade.ts';
import { capacityPlan } from './capacity-plan.ts';
import { clusterStorage } from './cluster-storage.ts';
import { failingDisk } from './failing-disk.ts';
import { healthCheck } from './health-check.ts';
import { isOffered } from './render.ts';
import { leaveCore } from './leave-core.ts';
import { maintenanceWindow } from './maintenance-window.ts';
import { newShare } from './new-share.ts';
import { reviewAccess } from './review-access.ts';
import { reviewBackups } from './review-backups.ts';
import { weeklyReport } from './weekly-report.ts';

export const ALL_PROMPTS: readonly Prompt[] = [
  healthCheck,
  failingDisk,
  capacityPlan,
  reviewBackups,
  reviewAccess,
  beforeUpgrade,
  leaveCore,
  maintenanceWindow,
  newShare,
  clusterStorage,
  weeklyReport,
];

/** The prompts that these tools can do. */
export function offeredPrompts(toolNames: ReadonlySet<string>): readonly Prompt[] {
  return ALL_PROMPTS.filter((prompt) => isOffered(prompt, toolNames));
}

export type { Prompt, PromptArgument, PromptArguments, Step } from './prompt.ts';
export { promptText } from './render.ts';
