import { defineConfig } from 'vitest/config';

/** The approval page in a real browser: needs Debian's `chromium`, or the path of another one in CHROMIUM. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
