/** Troubles of space. */
import type { WireValue } from '../../src/truenas/client.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const tool = 'space_report';

/** The root dataset, alone asked for what is available, has so much of it. */
const left = (bytes: number) =>
  rowsOf('pool.dataset.query', (row) =>
    'available' in row ? { ...row, available: { parsed: bytes } } : row,
  );

const freeing = (row: Record<string, WireValue>): Record<string, WireValue> => ({ ...row, freeing: 2e12 });

export const SPACE_TROUBLES: readonly Trouble[] = [
  { id: 'space.out', tool, args: { pool: 'fast' }, answers: left(1e9) },
  { id: 'space.full', tool, args: { pool: 'fast' }, without: { pool: 'tank' } },
  { id: 'space.filling', tool, args: { pool: 'fast' }, answers: left(1.2e12) },
  { id: 'space.freeing', tool, args: { pool: 'backup' }, answers: rowsOf('pool.query', freeing) },
  {
    id: 'space.snapshots',
    tool,
    args: { pool: 'fast', older_than: '5d' },
    without: { pool: 'fast', older_than: '30d' },
  },
  {
    id: 'space.old_snapshots',
    tool,
    args: { pool: 'backup' },
    without: { pool: 'backup', older_than: '400d' },
  },
  { id: 'space.reservation', tool, args: { pool: 'tank' }, without: { pool: 'backup' } },
  { id: 'space.refreservation', tool, args: { pool: 'tank' }, without: { pool: 'backup' } },
];
