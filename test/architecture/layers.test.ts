import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, ROOT, type SourceFile, sourceFiles, withoutComments } from './source.ts';

/**
 * The floors of `src/`, lowest first; a file may import from its own folder and from every floor below. Folders on one
 * floor know nothing of each other, save for the few that NEIGHBOURS names.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['truenas'],
  ['output'],
  ['policy'],
  ['access', 'telemetry'],
  ['systems'],
  ['changes', 'findings', 'updates'],
  ['tools', 'completions', 'resources', 'prompts', 'ui'],
  ['config'],
  ['mcp'],
  ['cli'],
];

const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  completions: ['tools'],
  resources: ['tools', 'completions'],
  prompts: ['tools', 'completions'],
  ui: ['tools'],
};

/** The simulated TrueNAS: a package of its own that shares no code with the product. */
const SIMULATOR = 'truenas-simulator';

const MCP_SDK = /^@modelcontextprotocol\//;

const files = sourceFiles('src');
const folderOf = (path: string): string => path.split('/')[1] ?? '';
const floorOf = (folder: string): number => FLOORS.findIndex((floor) => floor.includes(folder));

const manifest: {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync(join(ROOT, `packages/${SIMULATOR}/package.json`), 'utf8'));
const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };

/** True for a path into the simulator's package that its manifest does not open. */
function isUnexported(specifier: string): boolean {
  if (packageOf(specifier) !== SIMULATOR) return false;
  return !(`.${specifier.slice(SIMULATOR.length)}` in manifest.exports);
}

/** The name of the package that a specifier leads into. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Imports of a folder of the checkout that `isWrong` names. */
function importsWhere(
  folder: string,
  isWrong: (imported: SourceFile['imports'][number]) => boolean,
): string[] {
  return sourceFiles(folder).flatMap(({ path, imports }) =>
    imports.filter(isWrong).map(({ specifier }) => `${path} imports ${specifier}`),
  );
}

function violations(judge: (file: SourceFile, imported: SourceFile['imports'][number]) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((imported) => judge(file, imported))
      .map((imported) => `${file.path} imports ${imported.specifier} (${imported.kind})`),
  );
}

describe('the layers of the source', () => {
  it('every folder of src has its place in the order', () => {
    const folders = [...new Set(files.map((file) => folderOf(file.path)))];
    expect(folders.filter((folder) => floorOf(folder) < 0)).toEqual([]);
  });

  it('an import points down or stays in its folder', () => {
    const upward = violations((file, { target }) => {
      const from = folderOf(file.path);
      if (target === undefined) return false;
      const to = folderOf(target);
      if (to === from || (NEIGHBOURS[from] ?? []).includes(to)) return false;
      return floorOf(to) >= floorOf(from);
    });
    expect(upward).toEqual([]);
  });

  it('the MCP SDK is imported by mcp/ only, and its client by the two commands that are clients only', () => {
    const misplaced = violations((file, { specifier }) => {
      if (!MCP_SDK.test(specifier)) return false;
      if (specifier.startsWith('@modelcontextprotocol/client'))
        return !file.path.startsWith('src/cli/demo') && !file.path.startsWith('src/cli/call/');
      return folderOf(file.path) !== 'mcp';
    });
    expect(misplaced).toEqual([]);
  });

  it('the WebSocket library is imported by the client only', () => {
    const misplaced = violations(
      (file, { specifier }) => specifier === 'ws' && folderOf(file.path) !== 'truenas',
    );
    expect(misplaced).toEqual([]);
  });

  it('the simulator is loaded by the command line and the demo system only, when asked for, by its public entry', () => {
    const misplaced = violations((file, { specifier, target, kind }) => {
      if (target?.startsWith('packages/') === true) return true;
      if (!specifier.startsWith(SIMULATOR)) return false;
      return (
        specifier !== SIMULATOR || kind === 'static' || !['cli', 'systems'].includes(folderOf(file.path))
      );
    });
    expect(misplaced).toEqual([]);
  });

  it('tests, scripts and benchmarks reach the simulator by what its package exports', () => {
    const foreign = ['src', 'test', 'bench', 'scripts'].flatMap((folder) =>
      importsWhere(folder, ({ specifier, target }) =>
        target === undefined ? isUnexported(specifier) : target.startsWith('packages/'),
      ),
    );
    expect(foreign).toEqual([]);
  });

  it('the simulator imports nothing of the product', () => {
    const foreign = importsWhere(`packages/${SIMULATOR}/src`, ({ specifier, target }) =>
      target === undefined
        ? !/^(?:node:|ws$|zod$)/u.test(specifier)
        : !target.startsWith(`packages/${SIMULATOR}/src/`),
    );
    expect(foreign).toEqual([]);
  });

  it('the tests of the simulator import nothing of the product and of its tests, and only packages that its manifest names', () => {
    const foreign = importsWhere(`packages/${SIMULATOR}/test`, ({ specifier, target }) =>
      target === undefined
        ? !specifier.startsWith('node:') && !(packageOf(specifier) in dependencies)
        : !target.startsWith(`packages/${SIMULATOR}/`),
    );
    expect(foreign).toEqual([]);
  });

  it('relative imports name an existing file with its .ts extension', () => {
    const known = new Set(files.map((file) => file.path));
    const broken = violations((_file, { target }) => target !== undefined && !known.has(target));
    expect(broken).toEqual([]);
  });

  it('no file loads another in a way that is not seen here', () => {
    const hidden = files.filter(({ text }) =>
      /\bcreateRequire\b|\brequire\(|\bimport\((?!\s*['"])/.test(withoutComments(text)),
    );
    expect(hidden.map(({ path }) => path)).toEqual([]);
  });

  it('sees every way a file can import another', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import './c.ts';",
      'export {',
      '  d,',
      "} from './d.ts';",
      "const e = await import('./e.ts');",
      'const g = await import(`./g.ts`);',
      "type F = typeof import('./f.ts');",
      "// import './comment.ts';",
      "export const text = 'from nowhere';",
    ].join('\n');
    expect(importsOf('src/x/y.ts', text).map(({ target, kind }) => `${target} ${kind}`)).toEqual([
      'src/x/a.ts static',
      'src/b.ts type',
      'src/x/c.ts static',
      'src/x/d.ts static',
      'src/x/f.ts type',
      'src/x/e.ts dynamic',
      'src/x/g.ts dynamic',
    ]);
  });
});
