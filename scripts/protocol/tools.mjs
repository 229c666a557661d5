/**
 * The tools of others that judge the protocol: they need a newer Node than the project does, so they are installed with one
 * into a folder of their own. The project's lock file does not know them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages to install; exact enough that a run today and a run next month judge alike. */
export const JUDGES = {
  node: 'node@24',
  inspector: '@modelcontextprotocol/inspector@2.12',
  conformance: '@modelcontextprotocol/conformance@0.2.0-alpha.12',
  mcpb: '@anthropic-ai/mcpb@2.1',
};

/** Node releases, besides the one at hand, on which the built command must work: the oldest supported line first. */
export const NODES = ['20.19', '22', '26'];

/** Installs the judges into `folder` (nothing when they are there already); paths of what runs. */
export function installJudges(folder) {
  const paths = {
    node: join(folder, 'node_modules', 'node', 'bin', 'node'),
    inspector: join(
      folder,
      'node_modules',
      '@modelcontextprotocol',
      'inspector',
      'clients',
      'launcher',
      'build',
      'index.js',
    ),
    conformance: join(folder, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js'),
    mcpb: join(folder, 'node_modules', '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js'),
  };
  if (!Object.values(paths).every((path) => existsSync(path))) install(folder, Object.values(JUDGES));
  return paths;
}

/** Installs one Node into a folder of its own; the path of its binary. */
export function installNode(folder, version) {
  const own = join(folder, `node-${version}`);
  const binary = join(own, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(binary)) install(own, [`node@${version}`]);
  return binary;
}

function install(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stderr } = spawnSync(
    npm,
    ['install', '--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', folder, ...packages],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`npm could not install ${packages.join(' ')}:\n${stderr.slice(-2000)}`);
}
