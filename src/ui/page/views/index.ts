/** Every view. */
import type { View } from '../view.ts';
import { backups } from './backups.tsx';
import { calendar } from './calendar.tsx';
import { changePreview } from './change-preview.tsx';
import { metrics } from './metrics.tsx';
import { overview } from './overview.tsx';
import { poolMap } from './pool-map.tsx';
import { report } from './report.tsx';
import { space } from './space.tsx';

/** All of them; src/tools/view-names.ts has their names. */
export const VIEWS: readonly View[] = [
  overview,
  poolMap,
  metrics,
  space,
  backups,
  calendar,
  report,
  changePreview,
];
