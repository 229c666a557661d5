/** Troubles that `recent_changes` finds. */
import { NOW_MS } from '../support/tools.ts';
import { type Trouble, withFields } from './trouble.ts';

const DAY_MS = 86_400_000;
const recent = { tool: 'recent_changes', args: { since: '7d' }, without: { since: '1h' } } as const;

export const RECENT_TROUBLES: readonly Trouble[] = [
  { id: 'recent.sign_ins_refused', ...recent },
  { id: 'recent.job_failed', ...recent },
  { id: 'recent.change_failed', ...recent },
  {
    id: 'recent.unordered_boot',
    ...recent,
    without: recent.args,
    answers: withFields('system.info', { boottime: new Date(NOW_MS - DAY_MS) }),
  },
];
