import { describe, expect, it } from 'vitest';
import { sourceFiles, withoutComments } from './source.ts';

const MOST_LINES = 250;
const HARD_LIMIT = 400;

/** Files that may write to stdout: what a person or a script asked the command line to print. */
const MAY_WRITE_STDOUT = /^src\/cli\//;
/** Files that may write to stderr besides. */
const MAY_WRITE_STDERR = /^src\/(cli\/|telemetry\/log)/;

/** Places where the type checker or a linter is told to look away, each with its reason. */
const ALLOWED_ESCAPES: Readonly<Record<string, string>> = {
  'src/tools/define.ts': 'Tool: a list of tools forgets the types that each tool was checked with',
  'packages/truenas-simulator/src/schema/definition.ts':
    'zod gives what a schema is made of only as an internal definition, read to word errors as the NAS does',
};

const ESCAPES: readonly [name: string, pattern: RegExp][] = [
  ['any', /(?::|<|\bas|,|\||&|=)\s*any\b(?!['"\w])/],
  ['a double cast', /\bas unknown as\b/],
  ['a non-null assertion', /[\w)\]]!(?:\.|\[|;|,|\))/],
  ['@ts-ignore', /@ts-(?:ignore|nocheck|expect-error)/],
  ['a silenced lint rule', /(?:biome-ignore|oxlint-disable|eslint-disable)/],
];

const files = [...sourceFiles('src'), ...sourceFiles('packages')].filter(
  ({ path }) => !path.includes('/test/'),
);

describe('the hygiene of the source', () => {
  it('a file has one subject: no file is over 400 lines, and four of five stay under 250', () => {
    expect(
      files.filter((file) => file.lines > HARD_LIMIT).map((file) => `${file.path}: ${file.lines}`),
    ).toEqual([]);
    const long = files.filter((file) => file.lines > MOST_LINES).map((file) => `${file.path}: ${file.lines}`);
    expect(long.slice(Math.floor(files.length / 5))).toEqual([]);
  });

  it('every file says what it is for before its first export', () => {
    const silent = files.filter((file) => !(file.text.split(/^export /m)[0] ?? '').includes('/**'));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('stdout belongs to MCP: only the command line writes to it, and nothing uses console', () => {
    const writes = files.flatMap((file) => {
      const code = withoutComments(file.text);
      return [
        ...(/\bconsole\s*\./.test(code) ? [`${file.path}: console`] : []),
        ...(takes('stdout', code) && !MAY_WRITE_STDOUT.test(file.path) ? [`${file.path}: stdout`] : []),
        ...(takes('stderr', code) && !MAY_WRITE_STDERR.test(file.path) ? [`${file.path}: stderr`] : []),
      ];
    });
    expect(writes).toEqual([]);
  });

  it('the type checker is not told to look away', () => {
    const escapes = files.flatMap((file) =>
      ESCAPES.filter(([, pattern]) => linesFor(pattern, file.text).some((line) => pattern.test(line))).map(
        ([name]) => `${file.path}: ${name}`,
      ),
    );
    const unexpected = escapes.filter((found) => ALLOWED_ESCAPES[found.split(':')[0] ?? ''] === undefined);
    expect(unexpected).toEqual([]);
  });

  it('every named exception is still needed', () => {
    const stale = Object.keys(ALLOWED_ESCAPES).filter((path) => {
      const text = files.find((file) => file.path === path)?.text ?? '';
      return !ESCAPES.some(([, pattern]) => pattern.test(text));
    });
    expect(stale).toEqual([]);
  });

  it('TypeScript that needs more than erasing is not used: no enum, no namespace, no default export', () => {
    const found = files.flatMap((file) =>
      withoutComments(file.text)
        .split('\n')
        .filter((line) =>
          /^\s*(?:export\s+)?(?:const\s+)?enum\s|^\s*(?:export\s+)?namespace\s|^export default\b/.test(line),
        )
        .map((line) => `${file.path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('what a view draws never becomes markup, leads nowhere and loads nothing', () => {
    const pattern =
      /\b(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|eval|Function\(|fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|localStorage|sessionStorage|indexedDB|window\.open|href|src=)\b|<(?:a|img|iframe|form|link|script)\b/;
    const page = files.filter(({ path }) => path.startsWith('src/ui/page/'));
    expect(page.length).toBeGreaterThan(8);
    const found = page.flatMap(({ path, text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('no file tells of the machine it was written on', () => {
    const pattern = /\/work\/(?:main|shared)|registry\.npm|\b[\w.]+@(?!example\.)[\w-]+\.(?:com|org|io)\b/;
    const found = files.filter((file) => pattern.test(file.text)).map((file) => file.path);
    expect(found).toEqual([]);
  });
});

/** True when the code gets at a stream of the process: by its name, by taking `process` apart, or by importing it. */
function takes(stream: 'stdout' | 'stderr', code: string): boolean {
  return new RegExp(
    `\\bprocess\\s*\\??\\.\\s*${stream}\\b|\\b${stream}\\b[^}]*\\}\\s*=\\s*process\\b|['"](?:node:)?process['"]`,
  ).test(code);
}

/** Comments count only for the rules about comments; strings and regular expressions are data. */
function linesFor(pattern: RegExp, text: string): string[] {
  if (/ignore|disable/.test(pattern.source)) return text.split('\n');
  return withoutComments(text)
    .split('\n')
    .map((line) =>
      line
        .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
        .replace(/([=(,:[!&|?{};]|return)\s*\/(?:[^/\\\n]|\\.)+\/[dgimsuvy]*/g, '$1 null'),
    );
}
