import { describe, expect, it } from 'vitest';
import { importsOf, type SourceFile, sourceFiles, withoutComments } from './source.ts';

/**
 * Which folders of `src/` a folder may import, besides itself. The arrows of the design:
 * cli → mcp → tools → changes/policy/output → truenas, and a simulator that stands alone.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  truenas: [],
  simulator: [],
  output: ['truenas'],
  policy: ['truenas', 'output'],
  telemetry: ['truenas', 'output', 'policy'],
  changes: ['truenas', 'output', 'policy', 'telemetry'],
  tools: ['truenas', 'output', 'policy', 'changes'],
  resources: ['truenas', 'output', 'policy', 'tools', 'completions'],
  prompts: ['truenas', 'output', 'policy', 'tools', 'completions'],
  completions: ['truenas', 'output', 'policy', 'tools'],
  ui: ['truenas', 'output', 'policy', 'tools'],
  config: ['truenas', 'output', 'policy', 'tools'],
  mcp: [
    'truenas',
    'output',
    'policy',
    'changes',
    'tools',
    'resources',
    'prompts',
    'completions',
    'ui',
    'config',
    'telemetry',
  ],
};

/** The command line may import everything; the simulator only when it is asked for. */
const TOP = 'cli';

const MCP_SDK = /^@modelcontextprotocol\//;

const files = sourceFiles('src');
const folderOf = (path: string): string => path.split('/')[1] ?? '';

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
    expect(folders.filter((folder) => folder !== TOP && MAY_IMPORT[folder] === undefined)).toEqual([]);
  });

  it('an import points down or stays in its folder', () => {
    const upward = violations((file, { target }) => {
      const from = folderOf(file.path);
      if (target === undefined || from === TOP) return false;
      const to = folderOf(target);
      return to !== from && !(MAY_IMPORT[from] ?? []).includes(to);
    });
    expect(upward).toEqual([]);
  });

  it('the MCP SDK is imported by mcp/ only, and its client by the demo of the command line only', () => {
    const misplaced = violations((file, { specifier }) => {
      if (!MCP_SDK.test(specifier)) return false;
      if (specifier.startsWith('@modelcontextprotocol/client')) return !file.path.startsWith('src/cli/demo');
      return folderOf(file.path) !== 'mcp';
    });
    expect(misplaced).toEqual([]);
  });

  it('the WebSocket library is imported by the client and the simulator only', () => {
    const misplaced = violations(
      (file, { specifier }) => specifier === 'ws' && !['truenas', 'simulator'].includes(folderOf(file.path)),
    );
    expect(misplaced).toEqual([]);
  });

  it('the simulator is loaded by the command line only, and only when it is asked for', () => {
    const eager = violations(
      (file, { target, kind }) =>
        target !== undefined &&
        folderOf(target) === 'simulator' &&
        folderOf(file.path) !== 'simulator' &&
        kind === 'static',
    );
    expect(eager).toEqual([]);
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
