/** The real API's contract, which the simulator's own tests read as well. */
export * from 'truenas-simulator/testing/contract';
