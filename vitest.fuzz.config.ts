import { defineConfig } from 'vitest/config';

/** The nightly set: every property of test/fuzz with 10,000 cases from a new seed, and what `npm test` tries a share of. */
export default defineConfig({
  test: {
    include: [
      'test/fuzz/**/*.test.ts',
      'packages/*/test/fuzz/**/*.test.ts',
      'test/chaos/retained-memory.test.ts',
      'test/secrets/hostile-names.test.ts',
      'test/secrets/plant.test.ts',
      'test/tools/api/api-tools.test.ts',
      'test/tools/api/catalog/describe.test.ts',
    ],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    env: { FUZZ_RUNS: process.env['FUZZ_RUNS'] ?? '10000' },
  },
});
