/** Every resource, in the order of the lists. */
import { PAGES } from './pages/index.ts';
import { READINGS } from './readings.ts';
import type { Resource } from './resource.ts';
import { weeklyReport } from './weekly-report.ts';

/** All of them; those of a tool that is not offered are left out by `offeredResources` (address.ts). */
export const ALL_RESOURCES: readonly Resource[] = [...READINGS, weeklyReport, ...PAGES];
