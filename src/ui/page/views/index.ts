/** Every view. */
import type { View } from '../view.ts';
import { metrics } from './metrics.tsx';
import { overview } from './overview.tsx';
import { poolMap } from './pool-map.tsx';

/** All of them; src/tools/view-names.ts has their names. */
export const VIEWS: readonly View[] = [overview, poolMap, metrics];
