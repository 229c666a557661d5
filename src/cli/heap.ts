/** Keeps the process small: a server that every client starts and forgets should not hold what it does not need. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What Node 20 and 22 let one half of the space for young objects grow to; 24 lets it grow to four times that, 26 to twice. */
const YOUNG_LIMIT_BYTES = 16 * 1024 * 1024;
/** A process that has just started collects little: a full collection there, which saves nothing, takes 45 of its first 300 calls' 380 ms. */
const GROWS_FREELY_MS = 1_000;
/** Loading what watches collections takes 4 ms of processor time: not of the start, nor of a first answer that is asked for at once. */
const WATCHES_AFTER_MS = 250;

/**
 * Lets old garbage grow to less than the size of what is alive before it is collected, instead of to three times that, and
 * the space for young objects no further than on Node 20. Both carry a goal, at most 10 MiB more from 2,000 to 10,000 mixed
 * calls (docs/performance.md): without the first it is 34 MiB on Node 20, without the second 67 on Node 24 and 26.
 */
export function keepHeapSmall(): void {
  setTimeout(() => void watchCollections(), WATCHES_AFTER_MS).unref();
}

async function watchCollections(): Promise<void> {
  const { PerformanceObserver } = await import('node:perf_hooks');
  const limits = [
    { flag: '--heap-growing-percent=70', isDue: () => performance.now() > GROWS_FREELY_MS },
    { flag: '--semi-space-growth-factor=1', isDue: () => youngBytes() >= YOUNG_LIMIT_BYTES },
  ];
  // The engine never gives back what the space took: look after each collection, and stop its growth in time. A look each
  // second comes too late (165 MiB after 10,000 calls on Node 24 instead of 143), and would wake an idle server for ever.
  const collections = new PerformanceObserver(() => {
    for (const limit of limits.filter(({ isDue }) => isDue())) {
      setFlagsFromString(limit.flag);
      limits.splice(limits.indexOf(limit), 1);
    }
    if (limits.length === 0) collections.disconnect();
  });
  collections.observe({ entryTypes: ['gc'] });
}

/** What one half may hold; the statistics of the halves themselves count both, or only the pages in use. */
function youngBytes(): number {
  const large = getHeapSpaceStatistics().find((space) => space.space_name === 'new_large_object_space');
  return large === undefined ? 0 : large.space_used_size + large.space_available_size;
}
