import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // One more than there are processors: many tests wait, for a process to start or for a NAS to stay silent.
    maxWorkers: availableParallelism() + 1,
    coverage: { include: ['src/**/*.ts', 'packages/*/src/**/*.ts'] },
  },
});
