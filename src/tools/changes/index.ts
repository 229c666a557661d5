/** The toolset of the change engine: plan, apply, list, undo. */
import type { Toolset } from '../toolset.ts';

export const changes: Toolset = {
  name: 'changes',
  title: 'Changes',
  about: 'Plan, apply, list and undo changes.',
  load: {
    plan_change: async () => (await import('./plan-change.ts')).planChange,
    plan_changes: async () => (await import('./plan-changes.ts')).planChanges,
    apply_change: async () => (await import('./apply-change.ts')).applyChange,
    list_changes: async () => (await import('./list-changes.ts')).listChanges,
    undo_change: async () => (await import('./undo-change.ts')).undoChange,
  },
};
