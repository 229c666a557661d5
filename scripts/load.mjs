/** Imports TypeScript of this checkout from a plain Node script: bundled in memory, packages left where they are. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The module's exports. `entry` is a path in the checkout. */
export async function loadTypeScript(entry) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    // A workspace is TypeScript too, which Node does not read.
    alias: { 'truenas-simulator': join(root, 'packages/truenas-simulator/src/index.ts') },
    logLevel: 'warning',
  });
  // Inside node_modules, so that the bare package names of the bundle resolve.
  const folder = join(root, 'node_modules', '.cache', 'truenas-mcp');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${entry.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  writeFileSync(file, result.outputFiles[0].text);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file, { force: true });
  }
}
