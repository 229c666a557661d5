import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest, page, ROOT, snippets } from '../docs/pages.ts';
import { ensureBuilt } from '../support/built.ts';

/** Room to grow a little; a dependency that slips in unnoticed is bigger than that. */
const PACKED_LIMIT_BYTES = 1_200_000;
const IS_WINDOWS = process.platform === 'win32';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: Packed;

beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-package-'));
  // A build of its own, so that the tarball has the types without disturbing tests that run from dist/.
  const staging = join(folder, 'staging');
  mkdirSync(staging);
  run(process.execPath, [join(ROOT, 'scripts', 'build.mjs'), '--outdir', join(staging, 'dist')], ROOT);
  const { scripts: _scripts, ...published } = manifest();
  writeFileSync(join(staging, 'package.json'), JSON.stringify(published));
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'])
    writeFileSync(join(staging, name), page(name));
  const [first] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], staging)) as Packed[];
  if (first === undefined) throw new Error('npm packed nothing');
  packed = first;
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('contains the build, its types and the documents of the package, and nothing else', () => {
    const unexpected = packed.files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|dist\/(?:cli|simulator)\.js|dist\/THIRD-PARTY-LICENSES\.txt|dist\/chunks\/[\w-]+\.js|dist\/types\/[\w/-]+\.d\.ts)$/.test(
            path,
          ),
      );
    expect(unexpected).toEqual([]);
    const { size } = statSync(join(folder, packed.filename));
    expect(size).toBeLessThan(PACKED_LIMIT_BYTES);
  });

  it('the manifest names the same files, and no dependency but the optional ones', () => {
    const { files, dependencies, optionalDependencies } = manifest() as ReturnType<typeof manifest> & {
      files: string[];
    };
    expect(Object.keys(optionalDependencies ?? {})).toEqual(['@napi-rs/keyring', '@resvg/resvg-js']);
    expect(files).toEqual(['dist', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md']);
    expect(dependencies ?? {}).toEqual({});
    expect(
      readdirSync(join(folder, 'node_modules')).filter((name) => !/^(?:\.|@napi-rs$|@resvg$)/.test(name)),
    ).toEqual(['truenas-mcp-server']);
  });

  it('is built whenever it is packed: a clean clone has no dist/, and npm would pack what is left without a word', () => {
    const { prepack, build } = manifest().scripts;
    expect(build).toMatch(/^node scripts\/build\.mjs$/);
    expect(prepack).toBe(build);
  });

  it('its command runs: the version and the demo', () => {
    expect(npm(['exec', '--offline', '--', 'truenas-mcp', '--version'], folder).trim()).toBe(
      manifest().version,
    );
    const output = npm(['exec', '--offline', '--', 'truenas-mcp', 'demo'], folder);
    expect(output).toContain('system_overview');
    expect(output).toContain('Claude Desktop');
  });

  it("the README's example for other projects runs", () => {
    const example = snippets(page('README.md')).find(({ language }) => language === 'js')?.text ?? '';
    expect(example).toContain('startSimulator');
    writeFileSync(join(folder, 'example.mjs'), example);
    const output = run(process.execPath, ['example.mjs'], folder);
    expect(output).toMatch(/^wss:\/\/127\.0\.0\.1:\d+ \S+ [0-9a-f]{64}$/m);
    expect(output).toContain("[ { name: 'b', size: 1 }, { name: 'a', size: 2 } ]");
  });

  it("the simulator's README says what runs from an empty folder", () => {
    const blocks = snippets(page('packages/truenas-simulator/README.md'));
    const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
    // The first is what beforeAll does, with the tarball in place of the registry; the second is tried with the README of the server.
    expect(commands).toEqual([
      'npm install truenas-mcp-server',
      'npx truenas-mcp simulate --release 25.10 --role READONLY_ADMIN --json',
    ]);
    const test = blocks.find(({ language }) => language === 'js')?.text ?? '';
    const packages = join(folder, 'with-ws', 'node_modules');
    mkdirSync(packages, { recursive: true });
    symlinkSync(
      join(folder, 'node_modules', 'truenas-mcp-server'),
      join(packages, 'truenas-mcp-server'),
      'junction',
    );
    symlinkSync(join(ROOT, 'node_modules', 'ws'), join(packages, 'ws'), 'junction');
    writeFileSync(join(folder, 'with-ws', 'nas.test.mjs'), test);
    const output = run(
      process.execPath,
      ['--test', '--test-reporter=tap', 'nas.test.mjs'],
      join(folder, 'with-ws'),
    );
    expect(output).toMatch(/^# pass 2$/m);
  });

  it('a TypeScript project compiles against the types of the simulator, strictly', () => {
    writeFileSync(
      join(folder, 'consumer.ts'),
      [
        "import { applyQuery, startSimulator, type Simulator, type SimulatorOptions } from 'truenas-mcp-server/simulator';",
        "const options: SimulatorOptions = { release: '27.0', seed: 7, roles: ['READONLY_ADMIN'] };",
        'const nas: Simulator = await startSimulator(options);',
        'const methods: string[] = nas.calls().map((call) => call.method);',
        'export const rows: unknown = applyQuery([{ id: methods.length }], [], {});',
        '// @ts-expect-error there is no such release',
        "await startSimulator({ release: '13.0' });",
        'await nas.close();',
      ].join('\n'),
    );
    const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
    const { bin } = JSON.parse(readFileSync(typescript, 'utf8')) as { bin: { tsc: string } };
    const flags =
      '--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2023 --types'.split(' ');
    const output = run(
      process.execPath,
      [join(dirname(typescript), bin.tsc), ...flags, '', 'consumer.ts'],
      folder,
    );
    expect(output).toBe('');
  });

  it('brings the licence texts of what is bundled in it', () => {
    const licences = readFileSync(
      join(folder, 'node_modules/truenas-mcp-server/dist/THIRD-PARTY-LICENSES.txt'),
      'utf8',
    );
    for (const name of ['@modelcontextprotocol/server', 'ws', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});

function npm(args: readonly string[], cwd: string): string {
  return run(IS_WINDOWS ? 'npm.cmd' : 'npm', args, cwd);
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: IS_WINDOWS,
    timeout: 60_000,
  });
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`.slice(0, 3000),
    );
  return stdout;
}
