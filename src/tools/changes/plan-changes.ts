/** `plan_changes`: several changes as one, with one preview, one consent and one undo. */
import * as z from 'zod';
import { defineEngineTool } from '../define.ts';
import { PLAN, planAnswer } from './plan-data.ts';

const MAX_STEPS = 20;

export const planChanges = defineEngineTool({
  name: 'plan_changes',
  toolset: 'changes',
  access: 'operate',
  title: 'Plan several changes',
  words: 'dry run preview batch together one plan several steps',
  description:
    'Dry run of several changes as one plan: later steps may use what earlier ones make. One consent, one undo. Changes nothing.',
  input: z.strictObject({
    steps: z
      .array(
        z.strictObject({
          tool: z.string().min(1).max(100),
          arguments: z.record(z.string(), z.unknown()),
        }),
      )
      .min(1)
      .max(MAX_STEPS)
      .describe('In order, each as for plan_change'),
    summary: z.string().max(150).optional().describe('What they are for'),
  }),
  output: PLAN,
  view: 'change-preview',
  uses: [],
  examples: [
    {
      args: {
        steps: [
          { tool: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'before-cleanup' } },
          { tool: 'create_snapshot', arguments: { dataset: 'tank/photos', name: 'before-cleanup' } },
        ],
      },
      why: 'two snapshots as one plan',
    },
  ],
  async run(session, { steps, summary }, context) {
    const plan = await session.planAll(steps, summary);
    return planAnswer(plan, session, context);
  },
});
