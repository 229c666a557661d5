/** Shelves (`enclosure2.query`) as one list of what is in them: bays, fans, power supplies, sensors. */
import type { WireValue } from '../../../truenas/client.ts';
import { field, isObject, rowsOf } from '../../support/rows.ts';

/** The type of elements that are bays. */
export const SLOTS = 'Array Device Slot';

const SHELF = { id: field.text, name: field.text, label: field.text, elements: field.record };

interface Element {
  /** How people call the shelf. */
  readonly enclosure: string;
  /** `Cooling`, `Power Supply`, `Array Device Slot` … */
  readonly type: string;
  readonly slot: string;
  /** As the NAS sends it. */
  readonly element: Readonly<Record<string, unknown>>;
}

/** Every element of every shelf. @throws TrueNasError (`odd-answer`) when it is no list */
export function elementsOf(answer: WireValue): Element[] {
  return rowsOf(answer, SHELF).flatMap(({ id, name, label, elements }) =>
    Object.entries(elements ?? {}).flatMap(([type, bySlot]) =>
      (isObject(bySlot) ? Object.entries(bySlot) : []).map(([slot, element]) => ({
        enclosure: label ?? name ?? id ?? '?',
        type,
        slot,
        element: isObject(element) ? element : {},
      })),
    ),
  );
}
