/** Troubles of pools that fill. */
import type { WireValue } from '../../src/truenas/client.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const TIB = 2 ** 40;

/** The pool has so much left. */
function withLeft(bytes: number): (method: string, answer: WireValue) => WireValue {
  return rowsOf('pool.dataset.query', (row) =>
    row['available'] === undefined ? row : { ...row, available: { parsed: bytes } },
  );
}

export const CAPACITY_TROUBLES: readonly Trouble[] = [
  {
    id: 'capacity.full_soon',
    tool: 'capacity_forecast',
    args: { pool: 'tank' },
    answers: withLeft(3 * TIB),
  },
  {
    id: 'capacity.filling_soon',
    tool: 'capacity_forecast',
    args: { pool: 'backup' },
    without: { pool: 'tank' },
  },
];
