/** The source tree as text, for the tests that hold its shape. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One import of a file. */
export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the checkout (`src/…`) of a relative import; undefined for a package. */
  readonly target: string | undefined;
  /** How: only for its types, at load, or at run time by `import()`. */
  readonly kind: 'type' | 'static' | 'dynamic';
}

/** One source file. */
export interface SourceFile {
  /** Path from the checkout with forward slashes, e.g. `src/cli/main.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** Every TypeScript file and script under a folder of the checkout, in a stable order. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tsx?|mjs)$/.test(name))
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .sort()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, lines: text.split('\n').length - 1, imports: importsOf(path, text) };
    });
}

const STATEMENT = /^\s*(?:import|export)\s+(?:(type)\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"`]([^'"`]+)['"`]\s*\)/g;
const TYPE_QUERY = /\btypeof import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** The imports of one file: statements, re-exports and `import()`. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const asked = code.replace(TYPE_QUERY, '');
  return [
    ...[...code.matchAll(STATEMENT)].map((match) =>
      entry(path, match[2] ?? '', match[1] === 'type' ? 'type' : 'static'),
    ),
    ...[...code.matchAll(TYPE_QUERY)].map((match) => entry(path, match[1] ?? '', 'type')),
    ...[...asked.matchAll(DYNAMIC)].map((match) => entry(path, match[1] ?? '', 'dynamic')),
  ];
}

/** The text without block comments and line comments, so that prose is not taken for code. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}()])\/\/[^\n]*/g, '$1');
}

function entry(path: string, specifier: string, kind: Import['kind']): Import {
  const target = specifier.startsWith('.') ? posix.join(dirname(path), specifier) : undefined;
  return { specifier, target, kind };
}
