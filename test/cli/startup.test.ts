import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from '../architecture/source.ts';

const files = new Map(sourceFiles('src').map((file) => [file.path, file]));

/** Every file that is loaded before the server can answer its first message, with the packages they import. */
function loadedAtStart(entry: string): { files: string[]; packages: Set<string> } {
  const reached = new Set<string>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const imported of staticImports(files.get(path))) {
      if (imported.target === undefined) packages.add(imported.specifier);
      else queue.push(imported.target);
    }
  }
  return { files: [...reached], packages };
}

function staticImports(file: SourceFile | undefined): SourceFile['imports'] {
  return (file?.imports ?? []).filter(({ kind }) => kind === 'static');
}

describe('what the server loads before it can answer', () => {
  const start = loadedAtStart('src/cli/serve.ts');

  it('is the MCP assembly', () => {
    expect(start.files).toContain('src/mcp/server.ts');
  });

  it('is no tool, resource or prompt, nor the client of the NAS, nor what shares watches, nor HTTP', () => {
    // Toolsets only name their tools, and watches load theirs when a client watches something.
    const named = /^src\/(?:tools\/(?:toolset|(?:\w+\/)?index)|resources\/watches)\.ts$/;
    const late =
      /^src\/(?:(?:tools|resources|prompts|completions)\/|updates\/(?!delivery)|truenas\/(?:index\.ts|(?:connection|sign-in|events|jobs)\/)|mcp\/(?:http\/|call\/run\.ts))/;
    expect(start.files.filter((path) => late.test(path) && !named.test(path))).toEqual([]);
  });

  it('is no package that only some calls need', () => {
    const late =
      /^(?:ws|ajv|minisearch|yaml|smol-toml|jsonc-parser|@clack|@napi-rs|@modelcontextprotocol\/(?:client|node))/;
    expect([...start.packages].filter((name) => late.test(name))).toEqual([]);
  });
});
