/** Properties and hostile values, which the simulator's own tests use as well. */
export * from 'truenas-simulator/testing/fuzz';
