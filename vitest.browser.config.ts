import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { buildViewPage } from './scripts/build-view-page.mjs';

const { html } = await buildViewPage(fileURLToPath(new URL('.', import.meta.url)));

/** The approval page, the site and the views in a real browser: needs Debian's `chromium`, or the path of another one in CHROMIUM. */
export default defineConfig({
  // As the build puts it into src/ui/view-page.ts.
  define: { VIEW_PAGE: JSON.stringify(html) },
  test: {
    include: ['test/browser/**/*.test.ts', 'test/ui/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
