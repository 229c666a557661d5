/** `apply_change`: asks for a plan to be applied. Whether it is depends on its risk and on a person, never on this call alone. */
import * as z from 'zod';
import { defineEngineTool } from '../define.ts';
import { OUTCOME } from './outcome-data.ts';

export const applyChange = defineEngineTool({
  name: 'apply_change',
  toolset: 'changes',
  access: 'operate',
  worstCase: 'destroy',
  title: 'Apply a planned change',
  words: 'execute do it confirm carry out plan',
  description:
    'Applies a plan of plan_change, plan_changes or undo_change. Repeats its summary word for word; the graver ones wait for a person’s approval.',
  input: z.strictObject({
    plan: z.string().min(1).max(40).describe('Id of the plan'),
    summary: z.string().min(1).max(300).describe('Its one-line summary, word for word'),
  }),
  output: OUTCOME,
  view: 'change-preview',
  uses: [],
  examples: [
    {
      args: { plan: 'k3m9x2p7qa', summary: 'Take snapshot tank/media@before-cleanup' },
      why: 'a plan that is there',
    },
  ],
  async run(session, { plan, summary }) {
    return { requested: await session.request(session.find(plan), summary) };
  },
});
