/** `plan_change`: the dry run of any change tool, listed or not. */
import { z } from 'zod';
import { planText } from '../../changes/preview.ts';
import { defineEngineTool } from '../define.ts';
import { PLAN, planData } from './plan-data.ts';

/** Change tools that `tools/list` leaves out; a test holds it against the tools themselves. */
export const UNLISTED = [
  'create_zvol',
  'rename_dataset',
  'promote_dataset',
  'lock_dataset',
  'unlock_dataset',
  'hold_snapshot',
  'release_snapshot',
  'clone_snapshot',
  'start_scrub',
  'stop_scrub',
  'offline_disk',
  'online_disk',
  'update_snapshot_task',
  'delete_snapshot_task',
  'start_app',
  'stop_app',
  'restart_app',
  'rollback_app',
  'dismiss_alert',
  'restore_alert',
  'cancel_job',
  'shutdown_system',
] as const;

export const planChange = defineEngineTool({
  name: 'plan_change',
  toolset: 'changes',
  access: 'operate',
  title: 'Plan a change',
  description: `Dry run of a change tool: what would be sent, its risk, impact and undo. Changes nothing. Not listed, but planned here (wrong arguments are answered with the right ones): ${UNLISTED.join(', ')}.`,
  input: z.strictObject({
    tool: z.string().min(1).max(100).describe('Name of a change tool'),
    arguments: z.record(z.string(), z.unknown()).describe('Its arguments'),
  }),
  output: PLAN,
  uses: [],
  examples: [
    {
      args: { tool: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'before-cleanup' } },
      why: 'a snapshot, not taken yet',
    },
  ],
  async run(session, input) {
    const plan = await session.plan({ tool: input.tool, arguments: input.arguments });
    return { text: planText(plan, session.nextStep(plan)), data: planData(plan) };
  },
});
