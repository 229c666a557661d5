/** The parts of an iSCSI target that is made step by step: each adds a call, the thing it makes, and its undo. */
import {
  type PlannedCall,
  resultOf,
  type ResultReference,
  type Target,
  type UndoCall,
} from '../../../changes/change.ts';

/** Calls, targets, undos and impact of a change that grows step by step. */
export interface Steps {
  readonly calls: PlannedCall[];
  readonly targets: Target[];
  readonly undo: UndoCall[];
  readonly impact: string[];
}

/** The id of a row that exists, or of one that an earlier call makes. */
export type Id = number | ResultReference;

interface MadePart {
  readonly kind: 'portal' | 'initiator';
  readonly name: string;
  readonly volume: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** Adds a part without a name of its own: the id that the NAS gives it identifies it. */
export function madeStep(steps: Steps, { kind, name, volume, body, after }: MadePart): Id {
  const at = steps.calls.length;
  const id = resultOf(at, 'id');
  return addStep(steps, {
    target: {
      name,
      dataset: volume,
      read: { method: `iscsi.${kind}.query`, params: [[['id', '=', id]]] },
      identity: ['id'],
      changedBy: at,
      before: 'absent',
      after,
      written: [],
    },
    call: { method: `iscsi.${kind}.create`, params: [body], purpose: `create the ${name}` },
    undo: { method: `iscsi.${kind}.delete`, params: [id], purpose: `remove the ${name}` },
  });
}

/** A call that makes a thing, and the call that takes it away. */
interface Step {
  readonly target: Target;
  readonly call: PlannedCall;
  readonly undo: Omit<UndoCall, 'undoes'>;
}

/** Adds a step. @returns the id that the NAS will give to what its call makes */
export function addStep({ calls, targets, undo }: Steps, step: Step): ResultReference {
  const at = calls.length;
  targets.push(step.target);
  calls.push(step.call);
  undo.push({ ...step.undo, undoes: at });
  return resultOf(at, 'id');
}
