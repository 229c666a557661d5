/** `undo_change`: plans what takes a change back, as a change of its own. */
import * as z from 'zod';
import { defineEngineTool } from '../define.ts';
import { PLAN, planAnswer } from './plan-data.ts';

export const undoChange = defineEngineTool({
  name: 'undo_change',
  toolset: 'changes',
  access: 'operate',
  title: 'Undo a change',
  words: 'revert take back',
  description:
    'Plans the undo of a change in list_changes; apply_change then applies it. Changes nothing itself.',
  input: z.strictObject({ change: z.string().min(1).max(40).describe('Id of the change') }),
  output: PLAN,
  view: 'change-preview',
  uses: [],
  examples: [{ args: { change: 'k3m9x2p7qa' }, why: 'the undo of a change' }],
  async run(session, { change }, context) {
    const plan = await session.planUndo(change);
    return planAnswer(plan, session, context);
  },
});
