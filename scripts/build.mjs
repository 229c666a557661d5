/**
 * Builds dist/: the command (one small entry, the rest in chunks loaded when used), the simulator for other projects, its
 * types, and the licences of everything that was bundled. The package that is published installs no dependency.
 *
 * Options: --no-types (leave the simulator's declarations as they are), --metafile FILE (esbuild's own account), --keep
 * (do not remove old files: tests may be running from them), --sourcemap (for profiles; not published), --outdir FOLDER.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { ALIASES, definitions, EXTERNAL, FORM, pluginsOf } from './build-options.mjs';
import { buildViewPage } from './build-view-page.mjs';
import { emitSimulatorTypes } from './build-types.mjs';
import { mergeChunks } from './merge-chunks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    'no-types': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    metafile: { type: 'string' },
    sourcemap: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
});
const outdir = resolve(root, options.outdir);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

mkdirSync(outdir, { recursive: true });

/** The form of every file. */
const SHAPE = { ...FORM, format: 'esm', sourcemap: options.sourcemap };

/**
 * The code that a start loads, that lists and looks at one thing load with their first call, that other tools load besides,
 * and that generic tools do; few load the rest. What every session runs is in these files itself: an entry of its own costs
 * Node two milliseconds to find, read and link.
 */
const GROUPS = [
  group('start', /^src\/(?:cli|mcp\/stdio)\/serve\.ts$/, /./),
  group(
    'call',
    /^src\/(?:mcp\/call\/run|truenas\/index|tools\/\w+\/(?:(?:list|get)-[\w-]+|system-overview))\.ts$/,
    /^src\/(?:mcp|truenas)\//,
  ),
  group('tools', /^src\/tools\/(?!api\/)\w+\/[\w-]+\.ts$/),
  group('generic', /^src\/(?:access\/readable-client|tools\/api\/[\w-]+)\.ts$/),
];

const viewPage = await buildViewPage(root);
const result = await esbuild.build({
  ...SHAPE,
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', simulator: 'packages/truenas-simulator/src/index.ts' },
  outdir,
  write: false,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: EXTERNAL,
  alias: ALIASES,
  define: await definitions(manifest, { viewPage: viewPage.html }),
  // Bundled CommonJS packages (ws, ajv) call require() for Node's own modules, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  plugins: pluginsOf(root),
  metafile: true,
  // Within the files, where the merging finds it.
  sourcemap: options.sourcemap ? 'inline' : false,
});
const merged = await mergeChunks(filesOf(result), GROUPS, { ...SHAPE, external: EXTERNAL });

// The entry comes last: until it is replaced, a running test finds the old chunks and the old entry together.
const paths = [...merged.keys()].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
for (const path of paths) {
  const isCommand = path === 'cli.js';
  const code = isReadable(path) ? merged.get(path) : await withShortNames(merged.get(path));
  const text = isCommand ? `#!/usr/bin/env node\n${code}` : code;
  writeInPlace(join(outdir, path), text, isCommand ? 0o755 : 0o644);
}
writeInPlace(
  join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  thirdPartyLicenses([result.metafile, viewPage.metafile]),
  0o644,
);
if (!options.keep) removeOldFiles(paths.map((path) => join(outdir, path)));
if (options.metafile !== undefined) {
  // The page of the views is a text within the program, with packages of its own.
  const inputs = { ...viewPage.metafile.inputs, ...result.metafile.inputs };
  writeFileSync(options.metafile, JSON.stringify({ ...result.metafile, inputs }));
}
if (!options['no-types']) emitSimulatorTypes({ root, outdir, writeInPlace });

/** A file for what these entries load, and for those of them that `held` selects. */
function group(name, entries, held) {
  const isLoadedBy = ({ entry = '' }) => entries.test(entry);
  return { name, isLoadedBy, holds: (file) => isLoadedBy(file) && held?.test(file.entry) === true };
}

/** The files of the build by their paths below the output folder, as mergeChunks takes them. */
function filesOf({ outputFiles, metafile }) {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [pathBelow(join(root, path)), output]),
  );
  return new Map(
    outputFiles.map(({ path: absolute, text }) => {
      const path = pathBelow(absolute);
      const { exports, imports, inputs, entryPoint } = outputs.get(path);
      const loaded = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
      return [
        path,
        {
          text,
          exports,
          imports: loaded.map((imported) => pathBelow(join(root, imported.path))),
          entry: entryPoint,
          isPublic: isEntry(path),
          isHelpers:
            entryPoint === undefined &&
            Object.values(inputs).every(({ bytesInOutput }) => bytesInOutput === 0),
        },
      ];
    }),
  );
}

/** The code that every session runs keeps its names, by which people who report a bug tell where it was. */
function isReadable(path) {
  return path === 'cli.js' || GROUPS.some(({ name }) => path.startsWith(`chunks/${name}-`));
}

/** Names within a file cost a seventh of the packed package; what it exports keeps its names. */
async function withShortNames(text) {
  if (options.sourcemap) return text;
  const { code } = await esbuild.transform(text, { ...FORM, format: 'esm', minifyIdentifiers: true });
  return code;
}

/** With forward slashes, as the bundler writes them. */
function pathBelow(absolute) {
  return relative(outdir, absolute).split(sep).join('/');
}

/** True for the files that a user names. */
function isEntry(path) {
  return !path.includes('/');
}

/** Replaces a file in one step, so that nobody reads half of it. */
function writeInPlace(path, text, mode) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}

/** Removes what an earlier build left in the folders that this one writes to; the new files are in place by now. */
function removeOldFiles(written) {
  for (const folder of [outdir, join(outdir, 'chunks')]) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name.endsWith('.js') && !written.includes(path)) rmSync(path);
    }
  }
}

/** Name, version and full licence text of every package of which something was bundled. */
function thirdPartyLicenses(metafiles) {
  const folders = new Set();
  for (const input of metafiles.flatMap(({ inputs }) => Object.keys(inputs))) {
    const path = input.split(sep).join('/');
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match !== null) folders.add(match[1]);
  }
  const entries = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (file === undefined && typeof license !== 'string') throw new Error(`${name} has no licence file`);
    const text =
      file === undefined
        ? `(${license}; the package carries no licence file)`
        : readFileSync(join(root, folder, file), 'utf8').trim();
    return { name, title: `${name} ${version} (${license})`, text };
  });
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const list = entries
    .map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`)
    .join('\n\n');
  return `Parts of these packages are bundled in this one.\n\n\n${list}`;
}
