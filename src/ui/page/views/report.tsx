/** Composite answers that have no picture of their own: the verdict and the findings; their table stays text. */
import { reportOf } from '../parts/report.tsx';
import type { View } from '../view.ts';

/** Draws the answers of these tools. */
export const report: View = {
  name: 'report',
  tools: ['capacity_forecast', 'exposure_report', 'recent_changes'],
  draw: ({ data, tool }) => reportOf(data, tool === '' ? 'report' : tool.replaceAll('_', ' ')),
};
