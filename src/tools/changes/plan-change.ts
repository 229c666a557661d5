/** `plan_change`: the dry run of any change tool, listed or not. */
import * as z from 'zod';
import { defineEngineTool } from '../define.ts';
import { PLAN, planAnswer } from './plan-data.ts';

export const planChange = defineEngineTool({
  name: 'plan_change',
  toolset: 'changes',
  access: 'operate',
  title: 'Plan a change',
  words: 'dry run preview what would happen simulate',
  description:
    'Dry run of a change tool, listed or found by search_api: what would be sent, its risk, impact and undo. Changes nothing.',
  input: z.strictObject({
    tool: z.string().min(1).max(100).describe('Name of a change tool'),
    arguments: z.record(z.string(), z.unknown()).describe('Its arguments'),
  }),
  output: PLAN,
  view: 'change-preview',
  uses: [],
  examples: [
    {
      args: { tool: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'before-cleanup' } },
      why: 'a snapshot, not taken yet',
    },
  ],
  async run(session, input, context) {
    const plan = await session.plan({ tool: input.tool, arguments: input.arguments });
    return planAnswer(plan, session, context);
  },
});
