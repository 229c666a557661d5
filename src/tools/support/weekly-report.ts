/** What a weekly report consists of, said once for the resource that makes it and the prompt that has a model make it. */

/** A part: the answer of one read tool. */
export interface ReportPart {
  readonly heading: string;
  readonly toolset: 'system' | 'storage' | 'protection';
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Most tokens of its answer, roughly. */
  readonly budgetTokens: number;
  /** Fields of its data that have to differ for the report to count as changed. */
  readonly changesWith: readonly string[];
  /** What to look for in it. */
  readonly look: string;
}

export const WEEKLY_PARTS: readonly ReportPart[] = [
  {
    ...{ heading: 'Health', toolset: 'system', tool: 'system_overview', args: {}, budgetTokens: 500 },
    changesWith: ['verdict', 'reasons', 'unread'],
    look: 'the verdict, its reasons, and what could not be read',
  },
  {
    ...{ heading: 'Space', toolset: 'storage', tool: 'list_pools', budgetTokens: 250 },
    args: { sort: 'used%', order: 'desc', limit: 8, fields: ['status', 'used%', 'available', 'scan'] },
    changesWith: [],
    look: 'pools above 80 %, and scrubs with errors or long ago',
  },
  {
    ...{ heading: 'Backups', toolset: 'protection', tool: 'backup_coverage', budgetTokens: 500 },
    args: { limit: 3 },
    changesWith: ['verdict', 'headline', 'unjudged'],
    look: 'gaps by size, and tasks that failed, wait or are on hold',
  },
  {
    ...{ heading: 'Jobs that failed', toolset: 'system', tool: 'list_jobs', budgetTokens: 350 },
    args: { states: ['FAILED'], since: '7d', limit: 5, fields: ['about', 'started', 'error'] },
    changesWith: ['rows'],
    look: 'what failed more than once',
  },
];
