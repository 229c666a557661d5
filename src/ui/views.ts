/**
 * The views as a client sees them (MCP Apps, specification of 2026-01-26): one resource each, all of them served by the one
 * page that the build makes of src/ui/page.
 */
import { VIEW_NAMES, type ViewName } from '../tools/view-names.ts';

const PREFIX = 'ui://truenas/';

/** What people see in each. */
export const VIEW_TEXTS: Readonly<
  Record<ViewName, { readonly title: string; readonly description: string }>
> = {
  overview: { title: 'Overview', description: 'The verdict with its reasons, worst first' },
  'pool-map': { title: 'Pool map', description: 'A pool, its vdevs and disks; the failing one stands out' },
  metrics: { title: 'Metrics', description: 'Measurements over time, several in one chart, with a zoom' },
  space: { title: 'Space', description: 'What fills the pools: datasets, their snapshots, and reservations' },
  backups: { title: 'Backup coverage', description: 'Which datasets have a copy where, gaps first' },
  calendar: { title: 'Calendar', description: 'When which task runs' },
  report: { title: 'Report', description: 'A verdict with its findings, worst first' },
  'change-preview': {
    title: 'Change preview',
    description: 'A planned change: risk, before and after, impact, undo',
  },
};

/** The resource of a view. */
export function viewUri(view: ViewName): string {
  return `${PREFIX}${view}`;
}

/** The view of a URI; undefined for any other. */
export function viewOfUri(uri: string): ViewName | undefined {
  return VIEW_NAMES.find((view) => viewUri(view) === uri);
}
