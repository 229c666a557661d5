import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'product', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'simulator',
          include: ['packages/*/test/**/*.test.ts'],
          // Its files share nothing but modules that hold no state; to load those anew for each costs half of the time.
          isolate: false,
        },
      },
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // One more than there are processors: many tests wait, for a process to start or for a NAS to stay silent.
    maxWorkers: availableParallelism() + 1,
    coverage: { include: ['src/**/*.ts', 'packages/*/src/**/*.ts'] },
  },
});
