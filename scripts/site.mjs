/**
 * Writes the documentation as a site into build/site/: one page for each document, with a search that works without a server,
 * and a conversation with the built program (dist/) on the first.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { loadTypeScript } from './load.mjs';
import { conversation } from './site/conversation.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({ options: { outdir: { type: 'string', default: 'build/site' } } });
const outdir = resolve(root, options.outdir);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { siteFiles } = await loadTypeScript('scripts/site/source.ts');
const { imageFile } = await loadTypeScript('scripts/site/conversation-html.ts');
const turns = await conversation(join(root, 'dist'));

const files = siteFiles((source) => readFileSync(join(root, source), 'utf8'), version, turns);
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
for (const { path, text } of files) writeFileSync(join(outdir, path), text);
for (const [index, { image }] of turns.entries())
  if (image !== undefined) writeFileSync(join(outdir, imageFile(index)), Buffer.from(image, 'base64'));
cpSync(join(root, 'docs/pictures'), join(outdir, 'pictures'), { recursive: true });
copyFileSync(join(root, 'scripts/site/style.css'), join(outdir, 'style.css'));
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['scripts/site/search.mjs'],
  outfile: join(outdir, 'search.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  logLevel: 'warning',
});
process.stdout.write(`${files.length} files in ${outdir}\n`);
