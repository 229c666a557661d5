/** Whether this run is the nightly one: it tries what takes too long for every run. */

/** How many cases each property gets in a nightly run; 0 in another. */
export const nightlyRuns = Number(process.env['FUZZ_RUNS'] ?? 0);

/** True for the nightly set. */
export const isNightly = nightlyRuns > 0;
