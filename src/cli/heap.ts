/** Keeps the process small: a server that every client starts and forgets should not hold what it does not need. */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What both halves of the space for young objects take on Node 20 and 22; Node 24 and 26 let it grow to twice that. */
const YOUNG_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * Lets old garbage grow to less than the size of what is alive before it is collected, instead of to three times that,
 * and the space for young objects no further than it grows on Node 20. Measured: 30 MiB less over 10,000 mixed calls on
 * Node 20; over 5,000, 70 less on Node 24 and 20 on Node 26. It costs a collection of some milliseconds in a few hundred.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=70');
  // There is no setting for it once the process runs; what it takes it keeps, so that it is stopped on the way.
  const collections = new PerformanceObserver(() => {
    if (youngBytes() < YOUNG_LIMIT_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    collections.disconnect();
  });
  collections.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
