/**
 * Writes every package of the project into build/packages/: the npm tarball, the MCP bundle, server.json, plugins, links, bill of
 * materials, Homebrew formula and, on Linux, the standalone binary. Nothing is downloaded and nothing published.
 *
 * Options: --outdir FOLDER, --without standalone (leave the binary out), --release (fail while package.json has gaps).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load.mjs';
import { buildStandalone } from './packages/standalone.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    outdir: { type: 'string', default: 'build/packages' },
    without: { type: 'string', multiple: true, default: [] },
    release: { type: 'boolean', default: false },
  },
});
const outdir = resolve(root, options.outdir);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const source = await loadTypeScript('scripts/packages/source.ts');
const project = source.projectOf(manifest);
const gaps = source.gapsOf(manifest);
if (options.release && gaps.length > 0) {
  process.stderr.write(`This is no release yet (docs/releasing.md):\n${gaps.join('\n')}\n`);
  process.exit(1);
}

const DOCUMENTS = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'];
const SERVER = 'server/dist/cli.js';
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });

const staging = join(outdir, 'staging');
const metafile = join(outdir, 'metafile.json');
node([join(root, 'scripts/build.mjs'), '--outdir', join(staging, 'dist'), '--metafile', metafile]);
const { inputs } = JSON.parse(readFileSync(metafile, 'utf8'));
rmSync(metafile);

const settings = source.askedSettings();
const listed = (await source.derivedDefinitions()).filter(({ isUnlisted }) => isUnlisted !== true);
const tools = listed.map(({ name, definition }) => ({ name, description: definition.description }));
const skills = source.skillsFor(new Set((await source.derivedDefinitions()).map(({ name }) => name)));
const variables = source.SETTING_ROWS.flatMap(([, row]) =>
  row.commands.includes('serve') ? (row.env ?? []) : [],
);

const tarball = pack();
const server = filesBelow(join(staging, 'dist')).filter(
  ({ path }) => !path.startsWith('types/') && path !== 'simulator.js',
);
const bundle = writeBundle();
writePlugins();
write('server.json', json(source.serverJson(project, settings, bundle)));
const links = source.installLinks(
  project.isPublished ? source.NPX_LAUNCH : { command: 'truenas-mcp', args: [] },
);
write('links.json', json(links));
write('links.html', source.linksPage(links));
write('sbom.cdx.json', json(source.sbom(project, bundledPackages())));
write('homebrew/truenas-mcp-server.rb', source.homebrewFormula(project, tarball));
cpSync(join(root, 'packaging'), outdir, { recursive: true });
if (process.platform === 'linux' && !options.without.includes('standalone')) {
  const file = join(outdir, `truenas-mcp-linux-${process.arch}`);
  await buildStandalone({ root, manifest, file, work: join(outdir, 'work') });
}
rmSync(staging, { recursive: true, force: true });
writeChecksums();
for (const gap of gaps) process.stderr.write(`To fill in before a release: ${gap}\n`);

/** The npm package, as it would be published. */
function pack() {
  const { scripts: _scripts, devDependencies: _dev, workspaces: _workspaces, ...published } = manifest;
  writeFileSync(join(staging, 'package.json'), json(published));
  for (const name of DOCUMENTS) cpSync(join(root, name), join(staging, name));
  const isWindows = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(
    isWindows ? 'npm.cmd' : 'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', isWindows ? `"${outdir}"` : outdir],
    { cwd: staging, encoding: 'utf8', shell: isWindows },
  );
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const file = JSON.parse(stdout)[0].filename;
  return { file, sha256: sha256(readFileSync(join(outdir, file))) };
}

function writeBundle() {
  const value = source.mcpbManifest(project, { settings, tools, entry: SERVER });
  const data = source.zip([
    { path: 'manifest.json', data: Buffer.from(json(value)) },
    ...server.map(({ path, data }) => ({ path: `server/dist/${path}`, data })),
    { path: 'server/package.json', data: Buffer.from(json({ type: 'module' })) },
    { path: 'LICENSE', data: readFileSync(join(root, 'LICENSE')) },
  ]);
  const file = `${manifest.name}-${manifest.version}.mcpb`;
  write(file, data);
  return { file, sha256: sha256(data) };
}

function writePlugins() {
  const plugin = { project, settings, skills, entry: SERVER, variables };
  const folders = {
    claude: [source.claudePlugin(plugin), 'truenas/'],
    codex: [source.codexPlugin(plugin), 'truenas/'],
    gemini: [source.geminiExtension(plugin), ''],
  };
  for (const [name, [texts, inner]] of Object.entries(folders)) {
    const folder = `plugins/${name}${inner === '' ? '/truenas' : ''}`;
    for (const { path, text } of texts) write(`${folder}/${path}`, text);
    for (const { path, data } of server) write(`${folder}/${inner}server/dist/${path}`, data);
    write(`${folder}/${inner}server/package.json`, json({ type: 'module' }));
  }
}

/** The packages of which the build took something, with what the lock file knows of them. */
function bundledPackages() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const folders = new Set();
  for (const input of Object.keys(inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (match !== null) folders.add(match[1]);
  }
  return [...folders]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return {
        name,
        version,
        license,
        integrity: lock[folder.replace(/^.*?node_modules/, 'node_modules')]?.integrity,
      };
    });
}

function writeChecksums() {
  const files = filesBelow(outdir).filter(({ path }) => !path.includes('/'));
  write('SHA256SUMS', files.map(({ path, data }) => `${sha256(data)}  ${path}\n`).join(''));
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file.slice(folder.length + 1).replaceAll('\\', '/'), data: readFileSync(file) }));
}

function write(path, data) {
  const file = join(outdir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
}

function node(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${args[0]} failed`);
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}
