/** The shelf that holds the disks, on hardware that can tell. */
import type { Random } from './random.ts';

/** A shelf: which slots have their light on, and what somebody has named it. */
export interface Shelf {
  readonly id: string;
  readonly model: string;
  readonly name: string;
  readonly slots: number;
  label: string | null;
  readonly lit: Set<number>;
}

/** A shelf as an appliance has it. */
export function createShelf(random: Random): Shelf {
  return {
    id: `5b0bd6d1${random.hex(8)}`,
    ...{ model: 'ES24', name: 'ECStream 4IXGA-24S 0002', slots: 24, label: null },
    lit: new Set(),
  };
}
