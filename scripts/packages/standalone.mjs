/** The standalone binary: Node's single executable, for the system that this runs on. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { buildViewPage } from '../build-view-page.mjs';
import { ALIASES, definitions, EXTERNAL, FORM, pluginsOf } from '../build-options.mjs';

/** Marks the place in Node's binary that says whether a program was put in. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Builds `file` from the Node that runs this; the folder is emptied of what it took on the way. */
export async function buildStandalone({ root, manifest, file, work }) {
  mkdirSync(work, { recursive: true });
  const main = join(work, 'standalone.cjs');
  const viewPage = await buildViewPage(root);
  await esbuild.build({
    ...FORM,
    format: 'cjs',
    absWorkingDir: root,
    entryPoints: ['src/cli/standalone.ts'],
    outfile: main,
    bundle: true,
    external: EXTERNAL,
    alias: ALIASES,
    define: {
      ...(await definitions(manifest, { isStandalone: true, viewPage: viewPage.html })),
      'import.meta.url': '""',
    },
    plugins: pluginsOf(root),
  });
  const blob = join(work, 'standalone.blob');
  const config = join(work, 'sea.json');
  writeFileSync(config, JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true }));
  run(process.execPath, ['--experimental-sea-config', config]);
  rmSync(file, { force: true });
  copyFileSync(process.execPath, file);
  chmodSync(file, 0o755);
  const { inject } = createRequire(import.meta.url)('postject');
  const { log, warn } = console;
  // The library reports its progress and a section that Node's own build is known for.
  console.log = console.warn = () => {};
  try {
    await inject(file, 'NODE_SEA_BLOB', readFileSync(blob), { sentinelFuse: FUSE });
  } finally {
    Object.assign(console, { log, warn });
  }
  rmSync(work, { recursive: true, force: true });
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
}
