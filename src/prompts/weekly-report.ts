import { WEEKLY_PARTS } from '../tools/support/weekly-report.ts';
import { definePrompt } from './prompt.ts';

/** How was the week? Its calls are the parts of the resource truenas://report. */
export const weeklyReport = definePrompt({
  name: 'weekly_report',
  title: 'Weekly report',
  description: 'One page on the last week: health, space, backups, failed jobs.',
  when: 'A report on the week, or a summary for somebody who is no administrator.',
  arguments: [],
  needs: WEEKLY_PARTS.map(({ tool }) => tool),
  aim: () =>
    'Write the weekly report of this TrueNAS. The resource truenas://report, where you can read it, is all of this in one.',
  steps: () => WEEKLY_PARTS.map(({ tool, args, look }) => ({ tool, args, look })),
  knowHow: [
    'Say what changed against the week before, not what is as always.',
    'What could not be read belongs into the report as unknown.',
  ],
  report:
    'Report one page for somebody who is no administrator: a line with the verdict; what needs doing, most urgent first, each with its evidence; space and how fast it goes; what has no backup; last what went well. No table longer than five rows.',
});
